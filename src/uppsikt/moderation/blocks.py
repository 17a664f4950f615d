"""Blocking an author: with ground, reason, an end, and the approval of somebody else; it ends by itself (D69; RF 2:1).

No network here takes it from a program, so somebody does it there and says so; when the time is out they are asked to
undo it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import around, effects, telling
from uppsikt.moderation.models import Block
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item

SORT = "avstangningar"


def propose(item: Item, *, ground: str, reason: str, until: datetime, by: Person, now: datetime) -> Block:
    """Propose that whoever wrote the item may not write on the channel until then. Raises Refused."""
    around.check_read(item, by, now=now)
    around.check_acts(by, item, now=now)
    if item.direction != "received":
        raise Refused("own", _("Det är vi själva som har skrivit det."))
    chosen = around.check_ground(ground)
    reason = around.check_words(reason, _("Skriv varför personen ska stängas av."))
    most = policy.number("block.most_days")
    if until <= now or until > now + timedelta(days=most + 1):
        raise Refused("bad_end", _("Välj ett slutdatum högst %(days)d dagar bort.") % {"days": most})
    row = Block(item=item, actor=item.actor, ground=chosen, text=reason, until=until, by=by, at=now)
    with around.only_one("blocked_already", _("Den som skrev det är redan avstängd, eller föreslagen att bli.")):
        also = {"item": item, "actor": item.actor, "ground": chosen.code, "until": until}
        trail.begin(row, by=by.doer, at=now, step="propose", reason=reason, also=also)
        words = lazy("%(who)s föreslår att någon stängs av i %(channel)s. Det väntar på ditt beslut.")
        tell(telling.deciders(item, now=now, but=[by.pk]), row, words, now=now, who=by.name)
    return row


def tell(people: Iterable[Person | None], row: Block, words: Promise, *, now: datetime, who: str = "") -> None:
    """Tell them of it."""
    telling.tell(people, "block", words, row.item, around.address(SORT, row), now=now, who=who)


def check_other(row: Block, by: Person, *, now: datetime) -> None:
    """Raise Refused unless this is somebody else than the one who proposed it, whom the delegation names."""
    around.check_decides(by, row.item, now=now)
    if row.by_id == by.pk:
        raise Refused("two_people", _("Du har själv föreslagit detta. Någon annan ska besluta."))


def approve(row: Block, *, by: Person, now: datetime) -> Block:
    """Approve it; whoever proposed it is asked to do it on the network. Raises Refused."""
    check_other(row, by, now=now)
    with transaction.atomic():
        row = trail.take("approve", row, by=by.doer, at=now, approved_by=by, approved_at=now)
        words = lazy("Avstängningen i %(channel)s är beslutad. Gör den på nätet och säg till här.")
        tell([row.by], row, words, now=now)
    return row


def refuse(row: Block, *, reason: str, by: Person, now: datetime) -> Block:
    """Nobody is blocked, and why. Raises Refused."""
    check_other(row, by, now=now)
    reason = around.check_words(reason, _("Skriv varför."))
    with transaction.atomic():
        row = trail.take("refuse", row, by=by.doer, at=now, reason=reason, answer=reason, ended_at=now, ended_by=by)
        tell([row.by], row, lazy("Ditt förslag att stänga av någon i %(channel)s avslogs."), now=now)
    return row


def done_by_hand(row: Block, *, by: Person, now: datetime) -> Block:
    """It has been done on the network. Raises Refused."""
    around.check_acts(by, row.item, now=now)
    return trail.take("done_by_hand", row, by=by.doer, at=now, in_force_at=now)


def end_early(row: Block, *, reason: str, by: Person, now: datetime) -> Block:
    """End it before its time. Raises Refused."""
    around.check_acts(by, row.item, now=now)
    reason = around.check_words(reason, _("Skriv varför avstängningen upphör."))
    return trail.take("end_early", row, by=by.doer, at=now, reason=reason, answer=reason, ended_at=now, ended_by=by)


def undone(row: Block, *, by: Person, now: datetime) -> Block:
    """It has been undone on the network. Raises Refused."""
    around.check_acts(by, row.item, now=now)
    return trail.take("undone", row, by=by.doer, at=now)


def end_due(*, now: datetime) -> int:
    """End those whose time is out, and ask for them to be undone on the network; once a day until it is done."""
    with transaction.atomic():
        rows = Block.objects.filter(state__in=["proposed", "approved", "in_force"], until__lte=now)
        due = list(rows.select_for_update(of=("self",), skip_locked=True).select_related("item__channel__unit", "by"))
        for row in due:
            trail.take("end", row, by=effects.MODERATOR, at=now, ended_at=now, reminded_at=now)
            if row.in_force_at:
                tell_undo(row, now)
        left = Block.objects.filter(state="ended", in_force_at__isnull=False, reminded_at__lt=now - around.DAY)
        for row in left.select_for_update(of=("self",), skip_locked=True).select_related("item__channel__unit", "by"):
            trail.take("remind", row, by=effects.MODERATOR, at=now, reminded_at=now)
            tell_undo(row, now)
    return len(due)


def tell_undo(row: Block, now: datetime) -> None:
    """The block must be undone by hand."""
    words = lazy("En avstängning i %(channel)s har gått ut. Häv den på nätet och säg till här.")
    tell([row.by, row.item.channel.responsible], row, words, now=now)
