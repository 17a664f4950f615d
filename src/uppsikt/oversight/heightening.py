"""Heightened oversight: it begins after a removal, at a storm of comments or by order, and ends by itself (D26)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import queries, telling, words
from uppsikt.oversight.meeting import OVERSIGHT
from uppsikt.oversight.models import Due, Heightened, HeightenedCause
from uppsikt.oversight.rules import Cause
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item

# Nobody orders several looks a day for longer than this: then it is the policy that should ask for them.
LONGEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Why:
    """Why oversight is heightened: a removal (its key), a post with its comments and how many are usual, an order."""

    cause: Cause
    removal: int | None = None
    post: Item | None = None
    comments: int | None = None
    usual: int | None = None
    by: Person | None = None
    reason: str = ""


def heighten(channel: Channel, why: Why, *, until: datetime, by: Doer, now: datetime) -> Heightened:
    """Begin heightened oversight of a channel, or let the one that runs last as long as this cause asks.

    Those on duty are told, office hours or not. The same removal heard of twice changes nothing.
    """
    with transaction.atomic():
        # One at a time for a channel, whoever asks.
        Channel.objects.select_for_update(no_key=True).get(pk=channel.pk)
        if why.removal is not None:
            known = HeightenedCause.objects.filter(removal_id=why.removal).select_related("heightened").first()
            if known is not None:
                return known.heightened
        running = Heightened.objects.filter(channel=channel, state="running").first()
        if running is not None and running.until <= now:
            finish(running)
            running = None
        also = {"cause": why.cause.value, "removal": why.removal, "post": why.post, "until": until}
        if running is None:
            row = trail.begin(
                Heightened(channel=channel, unit_id=channel.unit_id, cause=why.cause.value, since=now, until=until),
                by=by, at=now, step="heighten", reason=why.reason, also=also,
            )  # fmt: skip
        else:
            later = max(running.until, until)
            row = trail.take("extend", running, by=by, at=now, reason=why.reason, also=also, until=later)
        HeightenedCause.objects.create(
            heightened=row, cause=why.cause.value, removal_id=why.removal, post=why.post, comments=why.comments,
            usual=why.usual, by=why.by, reason=why.reason, at=now, until=until,
        )  # fmt: skip
        if running is None:
            tell_of(row, channel, why, now=now)
    return row


def tell_of(row: Heightened, channel: Channel, why: Why, *, now: datetime) -> None:
    """Tell whoever is on duty now, and the one who answers for the channel, at once."""
    told = {person for person in telling.on_duty(channel, now=now) if person != why.by}
    telling.tell(
        told,
        kind="heightened",
        words=lambda: words.heightened(channel, why.cause, row.until, now),
        url=queries.HOME,
        now=now,
        urgent=True,
    )


def after_removal(channel: Channel, removal: int, *, now: datetime) -> Heightened:
    """Heighten oversight because something was removed (heard of as moderation's news)."""
    until = now + timedelta(hours=policy.number("oversight.after_removal_hours"))
    return heighten(channel, Why(Cause.REMOVAL, removal=removal), until=until, by=OVERSIGHT, now=now)


def order(channel: Channel, *, until: datetime, reason: str, by: Person, now: datetime) -> Heightened:
    """Order heightened oversight. For those who look after the channel, and its manager. Raises Refused without a
    reason, for a time that has been or is longer than LONGEST, for another's channel, a channel that is not live."""
    check_orders(channel, by=by, now=now)
    if channel.state != "live":
        raise Refused("not_live", _("%(channel)s är inte igång. Där finns inget nytt att se.") % {"channel": channel})
    if not reason.strip():
        raise Refused("no_reason", _("Skriv varför, så att den som har uppsikten vet vad hen ska titta efter."))
    if until <= now:
        raise Refused("past", _("Tiden har redan gått. Välj en senare tid."))
    if until - now > LONGEST:
        raise Refused("too_long", _("Välj högst 60 dagar. Behövs det längre, ändra hur ofta ni tittar i reglerna."))
    return heighten(channel, Why(Cause.ORDER, by=by, reason=reason.strip()), until=until, by=by.doer, now=now)


def check_orders(channel: Channel, *, by: Person, now: datetime) -> None:
    """Raise Refused unless the person looks after the channel or is the manager of its unit."""
    if not orders(by, channel, at=now):
        raise Refused("not_yours", _("Skärpt uppsikt beslutas av den som har uppdrag i kanalen, eller av chefen."))


def orders(person: Person, channel: Channel, *, at: datetime) -> bool:
    """Whether the person may order heightened oversight of a channel and end it."""
    return bool(ordered_by(person, [channel], at=at))


def ordered_by(person: Person, channels: Iterable[Channel], *, at: datetime) -> list[Channel]:
    """Those of the channels on which the person may; one question, however many they are."""
    own = queries.looked_after(person, at=at)
    units = person.units_as(Role.MANAGER) if Role.MANAGER in person.roles else frozenset[int]()
    return [each for each in channels if each.pk in own or units is None or each.unit_id in units]


def stop(row: Heightened, *, reason: str, by: Person, now: datetime) -> Heightened:
    """End heightened oversight before its time, with a reason. Raises Refused as `order` does."""
    check_orders(row.channel, by=by, now=now)
    if not reason.strip():
        raise Refused("no_reason", _("Skriv varför den skärpta uppsikten inte behövs längre."))
    with transaction.atomic():
        ended = trail.take("stop", row, by=by.doer, at=now, reason=reason.strip(), ended_at=now)
        let_go(row, now=now)
    return ended


def finish(row: Heightened) -> None:
    """End it at its time, whenever that is noticed."""
    trail.take("end", row, by=OVERSIGHT, at=row.until, ended_at=row.until)


def let_go(row: Heightened, *, now: datetime) -> None:
    """Rounds that were to be made later are expected no more."""
    for due in Due.objects.filter(heightened=row, state="waiting", until__gt=now).order_by("pk"):
        trail.take("lapse", due, by=OVERSIGHT, at=now, found_at=now)
