"""What went away outside the product: noticed, asked about, and given its ground where it was ours (D43, D45)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from uppsikt.connectors import registry
from uppsikt.connectors.base import Deed
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import actions, delegation, effects, evidence, news, telling
from uppsikt.moderation.models import Removal, Vanishing
from uppsikt.moderation.rules import Who, by_whom
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy
from uppsikt.policy.models import DisposalDecision
from uppsikt.records.models import Item

NOT_SHOWN = ("hidden", "held", "gone")
SEEN_TO = ("acting", "done", "restoring")
OPEN = ("found", "asked")


def look(item_ids: Iterable[int], *, now: datetime) -> None:
    """Items that the network shows otherwise than before: those that are away, and not by us; those that are back."""
    rows = Item.objects.filter(pk__in=list(item_ids)).select_related("channel__responsible", "channel__unit", "version")
    for item in rows.order_by("pk"):
        if item.state == "visible":
            came_back(item, now=now)
        elif item.state in NOT_SHOWN and was_shown(item) and not ours(item):
            found(item, now=now)


def was_shown(item: Item) -> bool:
    """Whether the last thing that befell the item took it out of sight: that it is reworded in the bin is no news."""
    moves = trail.steps_of(item).filter(name__in=["show", "hold", "hide", "lose", "take_in"]).order_by("-id")
    last = moves.first()
    if last is None or last.name == "take_in":
        return False
    # What was held back and never shown, and is held otherwise now, has not gone anywhere.
    return last.before == "visible" or last.after == "gone"


def ours(item: Item) -> bool:
    """Whether we have taken it away through the product, as far as it is away."""
    away = Q(act=Deed.REMOVE) if item.state == "gone" else Q(act__in=[Deed.HIDE, Deed.REMOVE])
    return Removal.objects.filter(away, item=item, state__in=SEEN_TO).exists()


def found(item: Item, *, now: datetime) -> Vanishing:
    """Note that an item is away, preserve what we have of it, and settle by whom, or ask."""
    with transaction.atomic():
        row = actions.locked(item)
        known = Vanishing.objects.filter(item=row, state__in=OPEN).first()
        if known:
            return known
        made = Vanishing(
            item=row,
            version=row.version,
            became="gone" if row.state == "gone" else "hidden",
            taker=by_whom(row.direction, takers(row)).value,
            seen_at=now,
            evidence=evidence.want(row, now=now, by=evidence.TAKER),
        )
        trail.begin(made, by=evidence.TAKER, at=now, step="find", also={"item": row, "state": row.state})
        news.VANISHED.tell(channel_id=row.channel_id, item_id=row.pk, vanishing_id=made.pk)
        if made.taker in {Who.AUTHOR, Who.NETWORK}:
            trail.take("settle", made, by=evidence.TAKER, at=now, settled_at=now)
        else:
            trail.take("ask", made, by=evidence.TAKER, at=now, asked=row.channel.responsible, asked_at=now)
            telling.ask_of_vanished(made, now=now)
    return made


def takers(item: Item) -> frozenset[str]:
    """Who can have taken it away. To hide, on any network, is the account's or the network's."""
    known = registry.takers(item.channel.network)
    return known if item.state == "gone" else frozenset({Who.US.value, Who.NETWORK.value})


def came_back(item: Item, *, now: datetime) -> None:
    """It is shown: nobody needs to say who took it away, and a removal that was done is not any more."""
    with transaction.atomic():
        for row in Vanishing.objects.select_for_update().filter(item=item, state__in=OPEN):
            trail.take("back", row, by=evidence.TAKER, at=now)
        for done in Removal.objects.select_for_update(of=("self",)).filter(item=item, state="done"):
            trail.take("came_back", done, by=evidence.TAKER, at=now, restored_at=now)
            telling.shown_again(effects.lock(done.pk), now=now)


def answer(  # one answer has this many sides
    row: Vanishing,
    *,
    who: Who,
    by: Person,
    now: datetime,
    note: str = "",
    ground: str = "",
    reason: str = "",
    obvious: bool = False,
    decision: DisposalDecision | None = None,
) -> Vanishing:
    """Say who took it away. Where it was we: on what ground and disposal decision, as for any removal (D45).

    Raises Refused for somebody who may not, and where the ground lacks what it asks for.
    """
    with transaction.atomic():
        item = actions.locked(row.item)
        check_may_answer(row, by, now=now)
        removal = None
        if who is Who.US:
            removal = own_up(
                row, item, ground=ground, reason=reason, obvious=obvious, decision=decision, by=by, now=now
            )
        elif who is Who.UNKNOWN and not note.strip():
            raise Refused("no_reason", _("Skriv vad du har gjort för att ta reda på det."))
        return trail.take(
            "settle",
            row,
            by=by.doer,
            at=now,
            reason=note.strip(),
            note=note.strip(),
            settled_by=by,
            settled_at=now,
            removal=removal,
            taker=who.value,
        )


def check_may_answer(row: Vanishing, by: Person, *, now: datetime) -> None:
    """Raise Refused unless the person is asked, manages the unit, or may remove on the channel."""
    who = delegation.standing(by, row.item.channel, at=now)
    if row.asked_id != by.pk and not (who.manager or who.communications or Deed.REMOVE.value in who.mandate):
        raise Refused("may_not_answer", _("Frågan är ställd till den som ansvarar för kanalen."))


def own_up(
    row: Vanishing,
    item: Item,
    *,
    ground: str,
    reason: str,
    obvious: bool,
    decision: DisposalDecision | None,
    by: Person,
    now: datetime,
) -> Removal:
    """Write down the removal that was done with another tool; it is done once what we had of the item is preserved."""
    chosen = actions.check_ground(ground, reason, obvious)
    actions.check_decision(decision, item)
    for stuck in Removal.objects.select_for_update().filter(item=item, state__in=["proposed", "failed"]):
        step = "give_up" if stuck.state == "failed" else "withdraw"
        trail.take(step, stuck, by=by.doer, at=now, reason=_("Gjort utanför Uppsikt."))
    act = Deed.REMOVE if row.became == "gone" else Deed.HIDE
    made = actions.drafted(
        item, act=act, ground=chosen, reason=reason, obvious=obvious, by=by, now=now, seen_at=row.seen_at
    )
    made.version, made.shown_before, made.evidence, made.outside = row.version, "visible", row.evidence, True
    trail.begin(made, by=by.doer, at=now, step="propose", reason=made.reason, also=actions.facts_of(made))
    made = trail.take(
        "decide", made, by=by.doer, at=now, also={"outside": True}, decided_by=by, decided_at=now, decision=decision
    )
    news.REMOVED.tell(channel_id=item.channel_id, item_id=item.pk, removal_id=made.pk)
    return effects.advance(effects.lock(made.pk), now=now)


def remind(*, now: datetime) -> None:
    """Ask once more, after as long as the policy says; the unit's manager too."""
    before = now - timedelta(hours=policy.number("removal.ask_again_hours"))
    rows = Vanishing.objects.filter(state="asked", asked_at__lt=before, reminded_at=None)
    for row in rows.select_related("item__channel__unit", "asked").order_by("pk")[:200]:
        with transaction.atomic():
            trail.take("remind", row, by=evidence.TAKER, at=now, reminded_at=now)
            telling.remind_of_vanished(row, now=now)
