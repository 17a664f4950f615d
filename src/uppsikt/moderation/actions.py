"""Deciding that something is hidden or removed, and that it is shown again (D43, D45, D69; BBS 1998:112 5 §).

Nothing here touches the network: a decision asks for evidence, and `effects` carries it out when that is kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from uppsikt.connectors.base import Can, Deed
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import delegation, effects, evidence, knowing, news, queries, telling
from uppsikt.moderation.models import Removal
from uppsikt.organisation.models import Person
from uppsikt.policy import grounds as ground_rules
from uppsikt.policy import queries as policy
from uppsikt.policy.models import DisposalDecision, Ground
from uppsikt.records import actions as records
from uppsikt.records import reading
from uppsikt.records.models import Item
from uppsikt.triage import actions as triage

# Which ability on the network each deed needs.
NEEDS = {Deed.HIDE: Can.HIDE, Deed.REMOVE: Can.REMOVE}


def propose(
    item: Item, *, act: Deed, ground: str, reason: str, obvious: bool, by: Person, now: datetime, urgent: bool = False
) -> Removal:
    """Say that an item should be hidden or removed, on which ground (a code) and why. Evidence is wanted at once.

    `obvious`: the crime is plain to see, which the law asks for. Raises Refused: without a mandate, without what the
    ground asks for, for what is gone already or seen to by somebody else.
    """
    with transaction.atomic():
        row = locked(item)
        check_item(row, act, by, now=now)
        delegation.check_propose(by, row.channel, act, at=now)
        chosen = check_ground(ground, reason, obvious)
        records.know([row], by=by.doer, now=now)
        row.refresh_from_db(fields=["known_at"])
        made = drafted(row, act=act, ground=chosen, reason=reason, obvious=obvious, by=by, now=now, seen_at=now)
        made.urgent, made.shown_before, made.evidence = urgent, row.state, evidence.want(row, now=now, by=by.doer)
        try:
            with transaction.atomic():
                trail.begin(made, by=by.doer, at=now, step="propose", reason=made.reason, also=facts_of(made))
        except IntegrityError as error:
            raise Refused("seen_to", _("Någon har redan föreslagit eller beslutat om det här.")) from error
        if not delegation.decides_alone(by, row.channel, act, at=now):
            telling.ask_for_decision(made, now=now)
    return made


def drafted(
    item: Item, *, act: Deed, ground: Ground, reason: str, obvious: bool, by: Person, now: datetime, seen_at: datetime
) -> Removal:
    """A removal of the item as it is worded, not saved yet; known at the latest when it was seen."""
    known_at, known_by = knowing.of(item, now=seen_at)
    return Removal(
        item=item,
        version=item.version,
        act=act.value,
        ground=ground,
        reason=reason.strip(),
        obvious=obvious,
        known_at=known_at,
        known_by=known_by,
        proposed_by=by,
        proposed_at=now,
    )


def facts_of(row: Removal) -> dict[str, Any]:
    """What the trail says of a removal beside its fields."""
    return {
        "item": row.item_id,
        "version": row.version_id,
        "act": row.act,
        "ground": row.ground.code,
        "ground_row": row.ground_id,
        "obvious": row.obvious,
        "known_at": row.known_at,
        "known_by": row.known_by,
    }


def decide(removal: Removal, *, decision: DisposalDecision | None, by: Person, now: datetime) -> Removal:
    """Decide what was proposed: to remove, on a disposal decision (D45); to hide is no disposal, and needs none.

    It is carried out as soon as the evidence is kept.

    Raises Refused for somebody whom the delegation does not name, and without a disposal decision that reaches it.
    """
    with transaction.atomic():
        row = locked_removal(removal)
        delegation.check_decide(by, row, at=now)
        if decision is not None or row.act == Deed.REMOVE:
            check_decision(decision, row.item)
        row = trail.take(
            "decide",
            row,
            by=by.doer,
            at=now,
            also={"disposal": decision.number if decision else "", "ground": row.ground.code},
            decided_by=by,
            decided_at=now,
            decision=decision,
        )
        # What was decided is what triage is measured by.
        triage.judge(row.item, ground=row.ground.code, agreed=True, by=by, now=now, source=triage.Source.DECISION)
        news.REMOVED.tell(channel_id=row.item.channel_id, item_id=row.item_id, removal_id=row.pk)
        effects.advance(row, now=now)
    removal.refresh_from_db()
    return removal


def remove(
    item: Item,
    *,
    act: Deed,
    ground: str,
    reason: str,
    obvious: bool,
    decision: DisposalDecision | None,
    by: Person,
    now: datetime,
    urgent: bool = False,
) -> Removal:
    """Propose and, where the delegation lets the same person do both, decide: one action, evidence first all the same.

    Where it does not, the proposal waits for whom it names; the state of what is returned says which. Raises Refused.
    """
    with transaction.atomic():
        made = propose(item, act=act, ground=ground, reason=reason, obvious=obvious, by=by, now=now, urgent=urgent)
        if delegation.may_decide(by, made, at=now):
            decide(made, decision=decision, by=by, now=now)
    return made


def reject(removal: Removal, *, reason: str, by: Person, now: datetime) -> Removal:
    """Decide that it stays as it is, and say why; whoever proposed it is told."""
    if not reason.strip():
        raise Refused("no_reason", _("Skriv varför det får stå kvar."))
    with transaction.atomic():
        row = locked_removal(removal)
        who = delegation.standing(by, row.item.channel, at=now)
        if not (delegation.may_decide(by, row, at=now) or who.manager):
            delegation.check_decide(by, row, at=now)
        row = trail.take("reject", row, by=by.doer, at=now, reason=reason.strip(), ended_reason=reason.strip())
        triage.judge(row.item, ground=row.ground.code, agreed=False, by=by, now=now, source=triage.Source.DECISION)
        telling.rejected(row, by=by, now=now)
    removal.refresh_from_db()
    return removal


def withdraw(removal: Removal, *, by: Person, now: datetime, reason: str = "") -> Removal:
    """Call it off before anything has left the building."""
    with transaction.atomic():
        row = locked_removal(removal)
        if by.pk not in {row.proposed_by_id, row.decided_by_id}:
            delegation.check_decide(by, row, at=now)
        step = "give_up" if row.state == "failed" else "withdraw"
        trail.take(step, row, by=by.doer, at=now, reason=reason, ended_reason=reason)
    removal.refresh_from_db()
    return removal


def again(removal: Removal, *, by: Person, now: datetime) -> Removal:
    """Carry out once more what failed. Where the item was reworded meanwhile, its new wording is preserved first.

    Other words are another decision: it is taken by whom the delegation lets decide. Raises Refused.
    """
    with transaction.atomic():
        row = locked_removal(removal)
        fields: dict[str, Any] = {"trouble_code": "", "trouble_facts": {}, "intent": None}
        if row.item.version_id == row.version_id:
            delegation.check_propose(by, row.item.channel, Deed(row.act), at=now)
        else:
            delegation.check_decide(by, row, at=now)
            fields |= {"version": row.item.version, "decided_by": by, "decided_at": now}
        proof = evidence.want(row.item, now=now, by=by.doer)
        row = trail.take("again", row, by=by.doer, at=now, **fields, evidence=proof)
        effects.advance(row, now=now)
    removal.refresh_from_db()
    return removal


def restore(removal: Removal, *, reason: str, by: Person, now: datetime) -> Removal:
    """Show again what was hidden or removed, as the network showed it before (D68: a removal can be tried again).

    Raises Refused without a mandate or a reason, and where it was not done by us through the product.
    """
    if not reason.strip():
        raise Refused("no_reason", _("Skriv varför det ska visas igen."))
    with transaction.atomic():
        row = locked_removal(removal)
        who = delegation.standing(by, row.item.channel, at=now)
        if not (who.manager or who.communications):
            delegation.check_propose(by, row.item.channel, Deed(row.act), at=now)
        effects.show_again(row, reason=reason.strip(), by=by, now=now)
    removal.refresh_from_db()
    return removal


def locked(item: Item) -> Item:
    """The item, locked, with what is asked of it."""
    rows = Item.objects.select_for_update(of=("self",)).select_related("channel__unit", "version", "actor")
    return rows.get(pk=item.pk)


def locked_removal(removal: Removal) -> Removal:
    """The removal, locked, with what is asked of it. The item first, as everywhere, so that nobody waits in a ring."""
    locked(removal.item)
    rows = Removal.objects.select_for_update(of=("self",))
    return rows.select_related("item__channel__unit", "item__version", "ground", "evidence").get(pk=removal.pk)


def check_item(item: Item, act: Deed, by: Person, *, now: datetime) -> None:
    """Raise Refused for what is not there, cannot be done from here, or may not be read."""
    if not reading.may_read(reading.reader(by, now=now), item) or item.version is None:
        raise Refused("not_there", _("Handlingen finns inte."))
    if item.state == "gone" or (item.state == "hidden" and act is Deed.HIDE):
        raise Refused("gone_already", _("Det syns redan inte längre på nätet. Ladda om sidan."))
    if NEEDS[act].value not in item.can:
        raise Refused(
            "network_lacks",
            _("Det går inte härifrån i %(channel)s. Gör det på nätet; Uppsikt märker det och frågar efter grunden.")
            % {"channel": item.channel.name},
        )


def check_ground(code: str, reason: str, obvious: bool) -> Ground:
    """The ground as it reads now. Raises Refused for one that is not there, or without what it asks for."""
    chosen = policy.ground(code)
    if chosen is None:
        raise Refused("no_ground", _("Välj en grund."))
    lacks = ground_rules.missing(chosen, reason, obvious)
    if lacks == "obvious":
        raise Refused(
            "not_obvious",
            _("Lagen gäller bara det som är uppenbart brottsligt. Är du osäker, fråga nämndkansliet."),
        )
    if lacks == "reason":
        raise Refused("no_reason", chosen.asks or _("Skriv varför, med några ord."))
    return chosen


def check_decision(decision: DisposalDecision | None, item: Item) -> None:
    """Raise Refused without a disposal decision in force that reaches the item, and is not used up (D45).

    One that was made for a single removal is locked, so that of two who choose it at once the second is refused.
    """
    reaching = {row.pk for row in policy.disposal_decisions(covers=queries.reach_of(item))}
    if decision is None or decision.pk not in reaching:
        raise Refused("no_decision", _("Välj det gallringsbeslut som borttagningen vilar på."))
    if not decision.standing:
        DisposalDecision.objects.select_for_update(no_key=True).get(pk=decision.pk)
        if queries.resting_on([decision.number]).exists():
            words = _("Gallringsbeslutet gällde en enda borttagning, och den är redan beslutad. Välj ett annat.")
            raise Refused("decision_used", words)
