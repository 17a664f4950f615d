"""Coming days on which nobody is there to look: found ahead, told to the manager once, mended by themselves (D27)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from uppsikt.channels import restored
from uppsikt.channels.models import Channel, Mandate
from uppsikt.kernel import trail
from uppsikt.kernel.hours import DAY
from uppsikt.kernel.working import is_working_day
from uppsikt.organisation import absences
from uppsikt.organisation.models import Absence, Person, RoleGrant
from uppsikt.organisation.rules import Role
from uppsikt.oversight import queries, telling, words
from uppsikt.oversight.meeting import OVERSIGHT
from uppsikt.oversight.models import Hole
from uppsikt.oversight.pace import Paces
from uppsikt.oversight.rota import Rota
from uppsikt.oversight.rules import local_day, midnight
from uppsikt.oversight.telling import Crew
from uppsikt.policy import guideline
from uppsikt.policy import queries as policy


@dataclass(frozen=True, slots=True)
class Gap:
    """A channel and a day without anybody there, why (nobody, left, away, no_mandate), and whose day it was to be."""

    channel: Channel
    day: date
    code: str
    person: int | None


class Mandates:
    """Who may look at what, now and later, read once."""

    def __init__(self, *, since: datetime) -> None:
        ends_later = Q(until=None) | Q(until__gt=since)
        knows, able = guideline.knows_it("person_id", at=since), Mandate.objects.of_the_fit()
        held = able.filter(knows, ends_later, state="in_force")
        self._held = list(held.values_list("person_id", "channel_id", "since", "until"))
        grants = RoleGrant.objects.filter(knows, ends_later, role=Role.COMMUNICATIONS, person__politician=False)
        self._units = list(grants.values_list("person_id", "unit_id", "since", "until"))

    def may(self, person: int, channel: Channel, at: datetime) -> bool:
        """Whether the person may make rounds of the channel at a moment."""
        for rows, key in ((self._held, channel.pk), (self._units, channel.unit_id)):
            for who, where, since, until in rows:
                if who == person and where in {None, key} and since <= at and (until is None or until > at):
                    return True
        return False


def gaps(channels: Iterable[Channel], first: date, last: date) -> Iterator[Gap]:
    """The days from one to another on which nobody who may look at a channel is there; seven queries in all."""
    rows, paces, rota, mandates = list(channels), Paces(), Rota(since=first), Mandates(since=midnight(first))
    active = set(Person.objects.filter(is_active=True).values_list("pk", flat=True))
    away = list(Absence.objects.filter(ended_at=None).values_list("person_id", "cover_id", "since", "until"))
    for ahead in range((last - first).days + 1):
        day = first + ahead * DAY
        for channel in rows:
            hours = paces.hours(channel)
            if not is_working_day(day, hours):
                continue
            holder, spans = rota.holder(channel, day), hours.spans(day)
            for at in (spans[0][0], spans[-1][1] - timedelta(minutes=1)):
                if code := lacking(holder, channel, at, covers=covering(away, at), active=active, mandates=mandates):
                    yield Gap(channel, day, code, holder)
                    break


def covering(away: Iterable[tuple[int, int, datetime, datetime]], at: datetime) -> Mapping[int, int]:
    """Who covers for each person who is away at a moment."""
    return {person: cover for person, cover, since, until in away if since <= at < until}


def lacking(
    holder: int | None,
    channel: Channel,
    at: datetime,
    *,
    covers: Mapping[int, int],
    active: set[int],
    mandates: Mandates,
) -> str:
    """Why nobody is there at a moment, or ""."""
    if holder is None:
        return "nobody"
    there = absences.last_in_chain(holder, covers)
    if there in covers:
        return "away"
    if there not in active:
        return "left"
    return "" if mandates.may(there, channel, at) else "no_mandate"


def look(*, now: datetime) -> list[Hole]:
    """Note the holes that have come up, end those that are mended or whose day has come, and tell the managers once.

    Returns the new ones.
    """
    first = local_day(now)
    last = first + policy.number("oversight.rota_ahead_days") * DAY
    with transaction.atomic():
        rows = Channel.objects.filter(state="live").exclude(pk__in=restored.held().values("pk"))
        channels = list(rows.select_related("unit").order_by("name", "pk"))
        known = {
            (hole.channel_id, hole.day): hole for hole in Hole.objects.select_for_update().filter(state="open")
        }  # fmt: skip
        found = {(gap.channel.pk, gap.day): gap for gap in gaps(channels, first, last)}
        new = [note(gap, now=now) for key, gap in found.items() if key not in known]
        for key, hole in sorted(known.items()):
            if hole.day < first:
                trail.take("come", hole, by=OVERSIGHT, at=now, ended_at=now)
            elif key not in found:
                trail.take("mend", hole, by=OVERSIGHT, at=now, ended_at=now)
        tell([(hole, found[hole.channel_id, hole.day].channel) for hole in new], now=now)
    return new


def note(gap: Gap, *, now: datetime) -> Hole:
    """Write down a hole."""
    hole = Hole(channel=gap.channel, day=gap.day, code=gap.code, person_id=gap.person, found_at=now)
    return trail.begin(hole, by=OVERSIGHT, at=now, step="find", also={"why": gap.code, "person": gap.person})


def tell(holes: list[tuple[Hole, Channel]], *, now: datetime) -> None:
    """Tell the managers of the channels' units, in one notice a day of the rota."""
    if not holes:
        return
    crew = Crew([channel for _hole, channel in holes], now=now)
    groups = defaultdict[tuple[date, frozenset[int]], list[str]](list)
    people: dict[int, Person] = {}
    for hole, channel in holes:
        told = crew.managers(channel)
        people |= {person.pk: person for person in told}
        keys = frozenset(person.pk for person in told)
        trail.take("tell", hole, by=OVERSIGHT, at=now, also={"told": sorted(keys)}, told_at=now)
        groups[hole.day, keys].append(channel.name)
    for (day, keys), names in sorted(groups.items(), key=lambda group: group[0][0]):
        telling.tell(
            [people[key] for key in keys],
            kind="rota_hole",
            words=lambda names=names, day=day: words.hole(names, day),  # type: ignore[misc]  # bound now
            url=queries.ROTA,
            now=now,
            urgent=False,
        )


def ahead(channels: QuerySet[Channel]) -> QuerySet[Hole]:
    """The holes that are open now, the nearest first."""
    return (
        Hole.objects.filter(channel__in=channels, state="open")
        .select_related("channel", "person")
        .order_by("day", "pk")
    )
