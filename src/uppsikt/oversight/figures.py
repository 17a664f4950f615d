"""Oversight in numbers, for whoever audits it: expected, done, missed, how soon things were seen, heightened (D25–26).

A channel, a unit and the whole are counted by the same statements over the same rows, so that channels add up to
units and units to the whole. What was expected keeps the unit that the channel had then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, F, Max, Sum

from uppsikt.channels.models import Channel
from uppsikt.kernel.working import is_working_day
from uppsikt.organisation.models import Person
from uppsikt.oversight.models import Round
from uppsikt.oversight.rota import days as duty_days
from uppsikt.oversight.rules import Kind, midnight

# Each statement counts months and the whole time, for all, each unit and each channel.
SETS = "GROUPING SETS ((), (unit_id), (channel_id), (month), (month, unit_id), (month, channel_id))"

DUES = """
SELECT month, unit_id, channel_id, kind, count(*), count(*) FILTER (WHERE state = 'met'),
  count(*) FILTER (WHERE state = 'missed'), count(*) FILTER (WHERE state = 'missed' AND made_good_by_id IS NOT NULL),
  count(*) FILTER (WHERE state = 'lapsed'), count(*) FILTER (WHERE state = 'waiting')
FROM (SELECT date_trunc('month', day)::date AS month, unit_id, channel_id, kind, state, made_good_by_id
  FROM oversight_due WHERE channel_id = ANY(%(channels)s) AND day >= %(first)s AND day <= %(last)s) d
GROUP BY kind,
"""

# A time that was, and not one between two.
LOOKS = """
SELECT month, unit_id, channel_id, count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds),
  percentile_disc(0.9) WITHIN GROUP (ORDER BY seconds)
FROM (SELECT date_trunc('month', seen_at AT TIME ZONE 'Europe/Stockholm')::date AS month, unit_id, channel_id, seconds
  FROM oversight_firstlook WHERE channel_id = ANY(%(channels)s) AND seen_at >= %(start)s AND seen_at < %(end)s) l
GROUP BY
"""

ROUNDS = """
SELECT month, unit_id, channel_id, count(*), count(*) FILTER (WHERE result = 'nothing'),
  count(*) FILTER (WHERE outside), sum(wordings)
FROM (SELECT date_trunc('month', signed_at AT TIME ZONE 'Europe/Stockholm')::date AS month, unit_id, channel_id,
    result, outside, wordings
  FROM oversight_round WHERE channel_id = ANY(%(channels)s) AND state = 'signed'
  AND signed_at >= %(start)s AND signed_at < %(end)s) r
GROUP BY
"""

# A time that runs over the end of a month counts in the month that it began in.
TIMES = """
SELECT month, unit_id, channel_id, count(*),
  round(sum(extract(epoch FROM coalesce(ended_at, least(until, %(end)s)) - since)) / 3600)::bigint
FROM (SELECT date_trunc('month', since AT TIME ZONE 'Europe/Stockholm')::date AS month, unit_id, channel_id, since,
    until, ended_at
  FROM oversight_heightened WHERE channel_id = ANY(%(channels)s) AND since >= %(start)s AND since < %(end)s) h
GROUP BY
"""


@dataclass(slots=True)
class Tally:
    """Expected rounds of one kind: expected = met + missed + lapsed + waiting; made good are among the missed."""

    expected: int = 0
    met: int = 0
    missed: int = 0
    made_good: int = 0
    lapsed: int = 0
    waiting: int = 0

    @property
    def owed(self) -> int:
        """How many had to be made and whose time is up."""
        return self.met + self.missed


@dataclass(slots=True)
class Figures:
    """What is known of a channel, a unit or all, in a month or the whole time. Times in seconds, of the clock."""

    kinds: dict[Kind, Tally] = field(default_factory=lambda: {kind: Tally() for kind in Kind})
    rounds: int = 0
    nothing: int = 0
    # Of accounts that are not read here: looked at on their own page, on the word of whoever signed.
    outside: int = 0
    wordings: int = 0
    looked_at: int = 0
    median: int | None = None
    p90: int | None = None
    heightened: int = 0
    heightened_hours: int = 0

    @property
    def total(self) -> Tally:
        """All kinds together."""
        tallies = self.kinds.values()
        return Tally(*(sum(getattr(each, name) for each in tallies) for name in Tally.__slots__))


@dataclass(frozen=True, slots=True)
class Scope:
    """What figures are of: a month (its first day) or the whole time (None); a unit, a channel (keys), or all."""

    month: date | None = None
    unit: int | None = None
    channel: int | None = None


NONE = Figures()
Report = dict[Scope, Figures]


def report(channels: Iterable[int], first: date, last: date) -> Report:
    """Figures of these channels (by key) from one day to another, both counted: every month, every unit, every channel.

    Four queries, whatever there is. A scope of which nothing is known is not there.
    """
    facts: dict[str, Any] = {
        "channels": sorted(channels), "first": first, "last": last,
        "start": midnight(first), "end": midnight(last + timedelta(days=1)),
    }  # fmt: skip
    found: Report = {}
    for month, unit, channel, kind, *counts in asked(DUES, facts):
        found.setdefault(Scope(month, unit, channel), Figures()).kinds[Kind(kind)] = Tally(*counts)
    for statement, names in (
        (LOOKS, ("looked_at", "median", "p90")),
        (ROUNDS, ("rounds", "nothing", "outside", "wordings")),
        (TIMES, ("heightened", "heightened_hours")),
    ):
        for month, unit, channel, *values in asked(statement, facts):
            figures = found.setdefault(Scope(month, unit, channel), Figures())
            for name, value in zip(names, values, strict=True):
                setattr(figures, name, value if value is None else int(value))
    # Statements that count no rows say nothing of anything.
    return {scope: figures for scope, figures in found.items() if scope != Scope() or figures != NONE}


def asked(statement: str, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What a statement answers."""
    with connection.cursor() as cursor:
        cursor.execute(statement + SETS, facts)
        return list(cursor.fetchall())


@dataclass(slots=True)
class Workload:
    """What somebody did and was promised (D24): rounds signed, sweeps, wordings looked at, seconds from opening to
    signing; days on duty, and minutes promised for them (None where nothing was promised)."""

    person: Person
    rounds: int = 0
    sweeps: int = 0
    wordings: int = 0
    seconds: int = 0
    days: int = 0
    promised: int | None = None


def workload(channels: Iterable[int], first: date, last: date) -> list[Workload]:
    """What each person did on these channels (by key) from one day to another, and was promised; the busiest first."""
    keys = sorted(channels)
    rows = Round.objects.filter(
        channel__in=keys, state="signed", signed_at__gte=midnight(first), signed_at__lt=midnight(last + timedelta(1))
    )
    # A sweep over several channels took its time once.
    sweeps = rows.values("by_id", "sweep_id").annotate(
        rounds=Count("pk"), wordings=Sum("wordings"), took=Max(F("signed_at") - F("opened_at"))
    )
    done = list(sweeps)
    working = [day for day in duty_days(Channel.objects.filter(pk__in=keys), first, last) if is_working_day(day.day)]
    people = {row["by_id"] for row in done} | {day.person for day in working}
    found = {person.pk: Workload(person) for person in Person.objects.filter(pk__in=people).select_related("unit")}
    for row in done:
        mine = found[row["by_id"]]
        mine.rounds, mine.sweeps = mine.rounds + row["rounds"], mine.sweeps + 1
        mine.wordings, mine.seconds = mine.wordings + row["wordings"], mine.seconds + int(row["took"].total_seconds())
    for person, _day in {(day.person, day.day) for day in working}:
        found[person].days += 1
    # One row of the rota may put somebody on duty for many channels; its minutes are promised once a day.
    for line, _day in {(day.line, day.day) for day in working if day.line is not None}:
        if line.minutes is not None:
            found[line.person].promised = (found[line.person].promised or 0) + line.minutes
    return sorted(found.values(), key=lambda each: (-each.rounds, each.person.name))
