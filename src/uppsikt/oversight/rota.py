"""The rota: who is on duty where and when, the days on which nobody is, and who has to know (D25, D27)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.hours import DAY, NoHours
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.oversight import queries
from uppsikt.oversight.models import Duty, Plan
from uppsikt.oversight.pace import own_hours
from uppsikt.oversight.rules import Line, When, local_day, on_duty
from uppsikt.policy import queries as policy

WEEKDAYS = 7
# A rota that ran out so lately is one that nobody renewed, and leaves a hole; later the channel has none.
RAN_OUT = 31 * DAY


@dataclass(frozen=True, slots=True)
class Days:
    """When somebody is on duty: weekdays (Monday 0), every so many weeks, from a day to another (None: until
    further notice), within opening hours, outside them or both. `dated` for single days that differ from the weeks."""

    since: date
    until: date | None = None
    weekdays: frozenset[int] = frozenset(range(WEEKDAYS))
    every_weeks: int = 1
    dated: bool = False
    when: When = When.ALWAYS


# What changes it.


def keeps(person: Person, *, channel: Channel | None = None, unit: Unit | None = None) -> bool:
    """Whether the person keeps the rota of a channel or unit: its manager, the communications unit, the responsible."""
    if channel is not None and channel.responsible_id == person.pk:
        return True
    asked = unit.pk if unit is not None else channel.unit_id if channel is not None else None
    for role in (Role.MANAGER, Role.COMMUNICATIONS):
        if role in person.roles:
            units = person.units_as(role)
            if units is None or asked in units:
                return True
    return False


def check_keeps(by: Person, *, channel: Channel | None, unit: Unit | None) -> None:
    """Raise Refused unless exactly one of channel and unit is given, and the person keeps its rota."""
    if (channel is None) == (unit is None):
        raise Refused("which", _("Välj antingen en kanal eller en enhet."))
    if not keeps(by, channel=channel, unit=unit):
        raise Refused(
            "not_yours", _("Schemat läggs av enhetens chef, kommunikationsenheten eller den som ansvarar för kanalen.")
        )


def put_on_duty(
    *,
    person: Person,
    cover: Person,
    days: Days,
    by: Person,
    now: datetime,
    channel: Channel | None = None,
    unit: Unit | None = None,
    minutes: int | None = None,
) -> Duty:
    """Put somebody on duty for a channel, or for all channels of a unit, with a cover of their own (D27).

    `minutes` a day are what the person has been promised for it (D24). Raises Refused for a cover who is the same or
    has left, for somebody without a mandate there, for days that never come, for another's rota.
    """
    check_keeps(by, channel=channel, unit=unit)
    if cover == person or not cover.is_active or not person.is_active:
        raise Refused("no_cover", _("Välj en kollega som tar över när hen inte gör rundan."))
    if not days.weekdays or (days.until is not None and days.until < days.since) or days.every_weeks < 1:
        raise Refused("no_days", _("Välj minst en veckodag, och en sista dag som inte är före den första."))
    if days.until is not None and days.until < local_day(now):
        raise Refused("past", _("Dagarna har redan varit."))
    check_able([person, cover], channel=channel, unit=unit, now=now)
    row = Duty(
        person=person, cover=cover, channel=channel, unit=unit, weekdays=sorted(days.weekdays),
        every_weeks=days.every_weeks, since=days.since, until=days.until, dated=days.dated, when=days.when.value,
        minutes=minutes, given_by=by, given_at=now,
    )  # fmt: skip
    also = {"person": person, "cover": cover, "channel": channel, "unit": unit, "since": days.since}
    return trail.begin(row, by=by.doer, at=now, step="put_on_duty", also=also)


def check_able(people: Iterable[Person], *, channel: Channel | None, unit: Unit | None, now: datetime) -> None:
    """Raise Refused for somebody who may not look where they would be on duty."""
    rows = [channel] if channel else list(Channel.objects.to_look_at().filter(unit=unit).order_by("name"))
    may = queries.able(rows, at=now)
    for person in people:
        lacking = [row.name for row in rows if person.pk not in may[row.pk]]
        if lacking:
            raise Refused(
                "no_mandate",
                _("%(name)s saknar uppdrag i %(channels)s. Ge uppdraget först.")
                % {"name": person, "channels": ", ".join(lacking)},
            )


def take_off_duty(row: Duty, *, last: date, by: Person, now: datetime) -> Duty:
    """End a duty after a day; one that ends before it begins is struck. Raises Refused for another's rota."""
    check_keeps(by, channel=row.channel, unit=row.unit)
    if last < row.since:
        return trail.take("end", row, by=by.doer, at=now, also={"struck": True})
    return trail.take("change", row, by=by.doer, at=now, until=last)


def set_plan(
    *,
    rounds: int,
    week: Sequence[str],
    reason: str,
    by: Person,
    now: datetime,
    channel: Channel | None = None,
    unit: Unit | None = None,
) -> Plan:
    """Say how often a channel (or a unit's channels) is looked at, and by which hours; the old plan ends.

    `week` is seven days in words, Monday first, or empty for the office's hours. Never fewer rounds than the policy
    asks for. Raises Refused for hours that cannot be read, too few rounds, another's channel.
    """
    check_keeps(by, channel=channel, unit=unit)
    least = policy.number("oversight.rounds_a_day")
    if rounds < least:
        raise Refused("too_few", _("Policyn kräver minst %(n)s per arbetsdag.") % {"n": least})
    try:
        if week:
            own_hours(tuple(week), policy.hours().local)
    except (NoHours, ValueError) as error:
        raise Refused("bad_hours", _("Skriv tiderna så här: 8.00–16.30. Minst en vardag ska vara öppen.")) from error
    with transaction.atomic():
        Plan.objects.filter(channel=channel, unit=unit, until=None).update(until=now)
        try:
            with transaction.atomic():
                row = Plan.objects.create(
                    channel=channel, unit=unit, rounds=rounds, week=list(week), reason=reason, given_by=by, since=now
                )
        except IntegrityError as error:
            raise Refused("at_once", _("Någon ändrade samtidigt. Ladda om sidan och se vad som gäller nu.")) from error
        trail.note("plan", row, by=by.doer, at=now, reason=reason, also={"rounds": rounds, "week": list(week)})
    return row


def end_plan(row: Plan, *, by: Person, now: datetime) -> None:
    """Let the policy's own number and hours hold again. Raises Refused for another's channel."""
    check_keeps(by, channel=row.channel, unit=row.unit)
    with transaction.atomic():
        Plan.objects.filter(pk=row.pk, until=None).update(until=now)
        trail.note("end_plan", row, by=by.doer, at=now)


# Reads.


def duties(*, channels: QuerySet[Channel] | None = None, since: date | None = None) -> QuerySet[Duty]:
    """Duties in force, of these channels or their units, that have not ended before a day."""
    rows = Duty.objects.filter(state="in_force").select_related("person__unit", "cover", "channel", "unit")
    if channels is not None:
        rows = rows.filter(Q(channel__in=channels) | Q(unit__in=channels.values("unit_id")))
    if since is not None:
        rows = rows.filter(Q(until=None) | Q(until__gte=since))
    return rows.order_by("since", "pk")


def plans(channels: QuerySet[Channel]) -> QuerySet[Plan]:
    """The plans in force of these channels or their units, by name."""
    rows = Plan.objects.filter(Q(channel__in=channels) | Q(unit__in=channels.values("unit_id")), until=None)
    return rows.select_related("channel", "unit").order_by("unit__name", "channel__name")


class Rota:
    """The rota as it is now, read once, to be asked about many channels and days from `since` on."""

    def __init__(self, *, since: date) -> None:
        self._of_channel: dict[int, list[Line]] = {}
        self._of_unit: dict[int, list[Line]] = {}
        self.people: dict[int, Person] = {}
        for row in duties(since=since - RAN_OUT):
            line = Line(
                key=row.pk, person=row.person_id, cover=row.cover_id, weekdays=frozenset(row.weekdays),
                every_weeks=row.every_weeks, since=row.since, until=row.until, dated=row.dated,
                own=row.channel_id is not None, when=When(row.when), minutes=row.minutes,
            )  # fmt: skip
            self.people |= {row.person_id: row.person, row.cover_id: row.cover}
            if row.channel_id is not None:
                self._of_channel.setdefault(row.channel_id, []).append(line)
            elif row.unit_id is not None:
                self._of_unit.setdefault(row.unit_id, []).append(line)

    def lines(self, channel: Channel) -> list[Line]:
        """The rows that concern a channel."""
        return [*self._of_channel.get(channel.pk, ()), *self._of_unit.get(channel.unit_id, ())]

    def line(self, channel: Channel, day: date, *, outside: bool = False) -> Line | None:
        """The row that puts somebody on duty for a channel on a day."""
        return on_duty(self.lines(channel), day, outside=outside)

    def holder(self, channel: Channel, day: date, *, outside: bool = False) -> int | None:
        """Who is on duty, by key. Where a channel has no rota, the one who answers for it; None is a hole."""
        line = self.line(channel, day, outside=outside)
        if line is not None:
            return line.person
        return None if self.lines(channel) else channel.responsible_id


@dataclass(frozen=True, slots=True)
class DutyDay:
    """Somebody's day on duty: the channel, the row of the rota (None: answers for a channel without one)."""

    day: date
    channel: Channel
    line: Line | None
    person: int


def days(channels: Iterable[Channel], first: date, last: date, *, outside: bool = False) -> Iterator[DutyDay]:
    """Who is on duty for each of these channels on each day; for a page or a calendar. Two queries."""
    table, rows, day = Rota(since=first), list(channels), first
    while day <= last:
        for channel in rows:
            person = table.holder(channel, day, outside=outside)
            if person is not None:
                yield DutyDay(day, channel, table.line(channel, day, outside=outside), person)
        day += DAY
