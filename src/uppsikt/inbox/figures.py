"""The inbox in numbers: how fast questions are answered, what is late, who carries how much (D4, D24, D35).

Months are counted by a job each night and kept as rows; only what stands open now is counted when somebody looks.
A figure is a total of a unit or channel for a month, and points at no record: what is secret is counted with the
rest, since a total without it would be false and tells nothing more (ADR 0015).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from uppsikt.channels.models import Channel
from uppsikt.inbox import queries
from uppsikt.inbox.models import Case, CaseItem, Figure, FirstAnswer
from uppsikt.inbox.states import OPEN
from uppsikt.kernel import working
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.policy import queries as policy
from uppsikt.records import reading
from uppsikt.records.reading import OPEN as OPEN_ALONE
from uppsikt.records.reading import Reader

SHOWN_MONTHS = 13
# How far back "per day" looks.
LATELY = timedelta(days=28)
MOST_PEOPLE = 50

# One statement for all, each unit and each channel. The median is the lower of two in the middle: a time that was.
MONTH = """
WITH answered AS (
    SELECT unit_id, channel_id, count(*) AS answered, count(*) FILTER (WHERE in_time) AS in_time,
        count(*) FILTER (WHERE holding) AS holding,
        percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds) AS median,
        percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds) AS p90
    FROM inbox_firstanswer WHERE answered_at >= %(start)s AND answered_at < %(end)s
    GROUP BY GROUPING SETS ((), (unit_id), (channel_id))
), received AS (
    SELECT coalesce(kase.unit_id, channel.unit_id) AS unit_id, kase.channel_id, count(*) AS received
    FROM records_item item
    JOIN inbox_caseitem held ON held.item_id = item.id
    JOIN inbox_case kase ON kase.id = held.case_id
    JOIN channels_channel channel ON channel.id = kase.channel_id
    WHERE item.at >= %(start)s AND item.at < %(end)s
    GROUP BY GROUPING SETS ((), (coalesce(kase.unit_id, channel.unit_id)), (kase.channel_id))
), unanswered AS (
    SELECT coalesce(kase.unit_id, channel.unit_id) AS unit_id, kase.channel_id, count(*) AS no_answer
    FROM inbox_case kase JOIN channels_channel channel ON channel.id = kase.channel_id
    WHERE kase.state = 'closed' AND kase.closed_at >= %(start)s AND kase.closed_at < %(end)s
        AND kase.outcome IN ('no_answer', 'passed_on')
    GROUP BY GROUPING SETS ((), (coalesce(kase.unit_id, channel.unit_id)), (kase.channel_id))
), scopes AS (
    SELECT unit_id, channel_id FROM answered UNION SELECT unit_id, channel_id FROM received
    UNION SELECT unit_id, channel_id FROM unanswered
)
SELECT scopes.unit_id, scopes.channel_id, coalesce(received, 0), coalesce(answered, 0), coalesce(in_time, 0),
    coalesce(holding, 0), coalesce(no_answer, 0), median, p90
FROM scopes
LEFT JOIN answered a ON a.unit_id IS NOT DISTINCT FROM scopes.unit_id
    AND a.channel_id IS NOT DISTINCT FROM scopes.channel_id
LEFT JOIN received r ON r.unit_id IS NOT DISTINCT FROM scopes.unit_id
    AND r.channel_id IS NOT DISTINCT FROM scopes.channel_id
LEFT JOIN unanswered u ON u.unit_id IS NOT DISTINCT FROM scopes.unit_id
    AND u.channel_id IS NOT DISTINCT FROM scopes.channel_id
"""
FIELDS = ("unit_id", "channel_id", "received", "answered", "in_time", "holding", "no_answer", "median", "p90")


def month_of(at: datetime) -> date:
    """The first day of the month in which something was, Swedish time."""
    return timezone.localdate(at).replace(day=1)


def bounds(month: date) -> tuple[datetime, datetime]:
    """The moments at which a month begins and the next one does, Swedish time."""
    after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    start, end = (datetime.combine(day, time(), tzinfo=working.ZONE) for day in (month, after))
    return start, end


def make(month: date, *, now: datetime) -> int:
    """Count a month anew, for all and for each unit and channel; returns how many figures there are."""
    start, end = bounds(month)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MONTH, {"start": start, "end": end})
        rows = [Figure(month=month, made_at=now, **dict(zip(FIELDS, row, strict=True))) for row in cursor.fetchall()]
        Figure.objects.filter(month=month).delete()
        Figure.objects.bulk_create(rows)
    return len(rows)


def make_due(*, now: datetime) -> int:
    """Count the months that still move, this one and the last; the first time, all that there are."""
    this = month_of(now)
    last = month_of(bounds(this)[0] - timedelta(days=1))
    months = {this, last}
    if not Figure.objects.filter(month__lt=last).exists():
        months |= set(since(last))
    for month in sorted(months):
        make(month, now=now)
    return len(months)


def since(month: date) -> Iterator[date]:
    """The months before this one, back to the first from which there is anything."""
    first = FirstAnswer.objects.aggregate(at=Min("answered_at"))["at"]
    while first is not None and bounds(month)[0] > first:
        month = month_of(bounds(month)[0] - timedelta(days=1))
        yield month


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose figures a person may see: all, or those of some units, by key; and what they may read (D20).

    What is carried now is counted without conversations that are kept from them. The months are made once for all,
    and say how many there were, whatever they were about.
    """

    units: frozenset[int] | None
    records: Reader = OPEN_ALONE

    def lets(self, unit: int) -> bool:
        """Whether the unit's may be seen."""
        return self.units is None or unit in self.units


def reach(person: Person, *, now: datetime) -> Reach:
    """The communications unit and auditors see all, managers their own units (D4)."""
    reader = reading.reader(person, now=now)
    if person.roles & {Role.COMMUNICATIONS, Role.AUDITOR}:
        return Reach(None, reader)
    return Reach(person.units_as(Role.MANAGER) if Role.MANAGER in person.roles else frozenset(), reader)


def months(*, unit: int | None = None, channel: int | None = None, at: datetime) -> list[Figure]:
    """The figures of a unit, a channel or all, the newest month first."""
    oldest = month_of(at).replace(year=month_of(at).year - 1)
    of_unit = Q(unit=unit) if unit else Q(unit__isnull=True)
    of_channel = Q(channel=channel) if channel else Q(channel__isnull=True)
    rows = Figure.objects.filter(of_unit, of_channel, month__gte=oldest)
    return list(rows.order_by("-month")[:SHOWN_MONTHS])


@dataclass(frozen=True, slots=True)
class Load:
    """What somebody carries now: cases that are open and late, and what comes in on an ordinary working day."""

    name: str
    open: int
    late: int
    per_day: float | None = None


def of_units(seen: Reach, *, now: datetime) -> list[Load]:
    """What each unit carries now."""
    unit = Coalesce("unit_id", "channel__unit_id")
    rows = queries.open_to(Case.objects.filter(state__in=OPEN), seen.records).values(of=unit)
    rows = rows.annotate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now))).order_by()
    found = {row["of"]: (row["open"], row["late"]) for row in rows}
    lately = CaseItem.objects.filter(item__at__gte=now - LATELY, item__at__lt=now)
    lately = lately.exclude(item__in=reading.kept_from(seen.records).values("pk"))
    came = lately.values(of=Coalesce("case__unit_id", "case__channel__unit_id")).annotate(n=Count("pk")).order_by()
    coming, days = {row["of"]: row["n"] for row in came}, working_days(now - LATELY, now)
    units = Unit.objects.filter(pk__in=set(found) | set(coming)).order_by("name")
    return [
        Load(each.name, *found.get(each.pk, (0, 0)), round(coming.get(each.pk, 0) / days, 1))
        for each in units
        if seen.lets(each.pk)
    ]


def of_people(seen: Reach, *, now: datetime) -> list[Load]:
    """What each person carries now, those who carry most first."""
    rows = queries.open_to(Case.objects.filter(state__in=OPEN), seen.records).exclude(assignee=None)
    if seen.units is not None:
        rows = rows.filter(Q(unit__in=seen.units) | Q(unit=None, channel__unit__in=seen.units))
    found = (
        rows.values("assignee_id", "assignee__name")
        .annotate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)))
        .order_by("-open", "assignee_id")
    )
    return [Load(row["assignee__name"], row["open"], row["late"]) for row in found[:MOST_PEOPLE]]


def working_days(start: datetime, end: datetime) -> int:
    """How many working days lie between, at least one."""
    hours, day, count = policy.hours(), timezone.localdate(start), 0
    while day < timezone.localdate(end):
        count += working.is_working_day(day, hours)
        day += timedelta(days=1)
    return max(1, count)


def choices(seen: Reach) -> tuple[list[Unit], list[Channel]]:
    """The units and channels whose figures the person may ask for."""
    channels = [row for row in Channel.objects.select_related("unit").order_by("name") if seen.lets(row.unit_id)]
    units = {row.unit_id: row.unit for row in channels}
    handed = Unit.objects.filter(pk__in=Figure.objects.exclude(unit=None).values("unit_id"))
    units |= {row.pk: row for row in handed if seen.lets(row.pk)}
    return sorted(units.values(), key=lambda row: row.name), channels
