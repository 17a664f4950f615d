"""When a channel must be looked at, and by whom: the guideline's working day and the law's week. Plain Python.

Four kinds of round are expected, and each is measured by itself:

- daily: once every working day (D25), from the day's midnight to the last closing;
- weekly: once every calendar week, holidays or not: the outer floor of the message-board law (1998:112 § 4, D66);
- traffic: where so much comes in that one look a day is too little, the day's opening time is cut into equal parts;
- heightened: every so many hours between morning and late evening, free days too, while it lasts (D26).

A round counts for what it is signed within: after `since`, at or before `until`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from math import ceil
from statistics import median

from uppsikt.kernel.hours import DAY, ZONE, Hours, moment_of
from uppsikt.kernel.working import is_working_day

WEEK = 7 * DAY
SUNDAY = 6
# A standard deviation is so many times the median deviation, where chance alone is at work.
SPREAD = 1.4826
# With fewer posts than this a channel has no past to measure against.
LEAST_PAST = 8


class Kind(StrEnum):
    """Why a round is expected."""

    DAILY = "daily"
    WEEKLY = "weekly"
    TRAFFIC = "traffic"
    HEIGHTENED = "heightened"


class Cause(StrEnum):
    """Why oversight is heightened."""

    REMOVAL = "removal"
    TRAFFIC = "traffic"
    ORDER = "order"


class Result(StrEnum):
    """What the one who signed a round says of it."""

    NOTHING = "nothing"
    ACTED = "acted"


class What(StrEnum):
    """What was done about an item in the course of a round."""

    ANSWERED = "answered"
    FORWARDED = "forwarded"
    HIDDEN = "hidden"
    REMOVED = "removed"
    RESTORED = "restored"
    REPORTED = "reported"
    REGISTERED = "registered"
    JUDGED = "judged"
    REMARKED = "remarked"
    # Found on an account that is not read here, and typed in.
    TYPED_IN = "typed_in"


class When(StrEnum):
    """Which part of the day somebody is on duty: within opening hours, outside them, or both."""

    ALWAYS = "always"
    OFFICE = "office"
    OUTSIDE = "outside"


class Level(StrEnum):
    """Whom a missed round is told, one after the other."""

    COVER = "cover"
    MANAGER = "manager"
    COMMUNICATIONS = "communications"


LEVELS = (Level.COVER, Level.MANAGER, Level.COMMUNICATIONS)


@dataclass(frozen=True, slots=True, order=True)
class Expected:
    """A round that is expected: signed after `since`, at or before `until` (UTC); `day` is the one that it ends."""

    until: datetime
    since: datetime
    kind: Kind
    day: date


@dataclass(frozen=True, slots=True)
class Pace:
    """How often heightened oversight looks: every so many minutes, between two hours of the (Swedish) day."""

    every_minutes: int
    first_hour: int
    last_hour: int


# When a channel was live: spans of moments, in order, without overlap.
Spans = Sequence[tuple[datetime, datetime]]


def midnight(day: date) -> datetime:
    """The moment at which a day begins in Sweden, UTC."""
    return moment_of(day, timedelta())


def local_day(at: datetime) -> date:
    """The day that it is in Sweden at a moment."""
    return at.astimezone(ZONE).date()


def within_days(after: datetime, upto: datetime, hours: Hours, *, rounds: int = 1) -> Iterator[Expected]:
    """The daily rounds, and those for traffic, whose time begins after one moment, at another or before it.

    `rounds` is how many looks a day are wanted. Raises OutOfRange.
    """
    day, last = local_day(after), local_day(upto)
    while day <= last:
        if is_working_day(day, hours):
            spans = hours.spans(day)
            each = [Expected(spans[-1][1], midnight(day), Kind.DAILY, day), *parts(day, spans, rounds)]
            yield from (one for one in each if after < one.since <= upto)
        day += DAY


def parts(day: date, spans: Spans, rounds: int) -> list[Expected]:
    """A day's opening time in equal parts, a round for each; the first part begins at midnight. Nothing for one."""
    if rounds <= 1:
        return []
    whole = sum((closes - opens for opens, closes in spans), timedelta())
    ends = [opened(spans, whole * number / rounds) for number in range(1, rounds)] + [spans[-1][1]]
    starts = [midnight(day), *ends[:-1]]
    return [Expected(end, start, Kind.TRAFFIC, day) for start, end in zip(starts, ends, strict=True)]


def opened(spans: Spans, length: timedelta) -> datetime:
    """The moment when it has been open for so long."""
    for opens, closes in spans:
        if length <= closes - opens:
            return opens + length
        length -= closes - opens
    return spans[-1][1]


def weeks(after: datetime, upto: datetime) -> Iterator[Expected]:
    """The weekly rounds whose time begins after one moment, at another or before it; from Monday to Sunday."""
    day = local_day(after) - local_day(after).weekday() * DAY
    while (start := midnight(day)) <= upto:
        if start > after:
            yield Expected(midnight(day + WEEK), start, Kind.WEEKLY, day + SUNDAY * DAY)
        day += WEEK


def heightened(since: datetime, until: datetime, pace: Pace, *, upto: datetime) -> Iterator[Expected]:
    """The rounds of a heightened time: each is over before it ends; those whose time begins at `upto` or before."""
    start = since
    while start <= upto:
        end = by_day(start + timedelta(minutes=pace.every_minutes), pace)
        if end > until:
            return
        yield Expected(end, start, Kind.HEIGHTENED, local_day(end))
        start = end


def by_day(at: datetime, pace: Pace) -> datetime:
    """The moment, or the next morning's first hour where it falls at night."""
    local = at.astimezone(ZONE)
    if local.time() < time(pace.first_hour):
        return moment_of(local.date(), timedelta(hours=pace.first_hour))
    if local.time() > time(pace.last_hour):
        return moment_of(local.date() + DAY, timedelta(hours=pace.first_hour))
    return at.astimezone(UTC)


def live_at(at: datetime, spans: Spans) -> bool:
    """Whether the channel was live at a moment."""
    return any(first <= at < last for first, last in spans)


def live_spans(
    start: datetime, end: datetime, changes: Iterable[tuple[datetime, bool]], *, live_now: bool
) -> list[tuple[datetime, datetime]]:
    """When a channel was live between two moments, by what happened to it meanwhile: when, and whether it was live
    from then on. The last span is open where it still is."""
    found, state, begun = list[tuple[datetime, datetime]](), None, start
    for at, live in sorted(changes):
        if state is None:
            state = not live
        if state and not live and begun < at:
            found.append((begun, at))
        if live and not state:
            begun = at
        state = live
    if live_now if state is None else state:
        found.append((begun, max(end, begun) + DAY * 36500))
    return found


def rounds_wanted(per_day: Sequence[int], *, per_round: int, least: int, most: int) -> int:
    """How many looks a working day a channel needs, by what came in on each of its last working days."""
    usual = median(per_day) if per_day else 0
    return max(least, min(max(most, least), ceil(usual / per_round)))


def unusual_from(past: Sequence[int], *, least: int, factor: int) -> int:
    """From how many comments a day under one post on a channel draws more than it ever does.

    `past` holds the busiest day of each earlier post. The median and the median deviation are not moved by a single
    storm, so that the second storm is seen as well as the first.
    """
    if len(past) < LEAST_PAST:
        return least
    usual = median(past)
    spread = SPREAD * median(abs(each - usual) for each in past)
    return max(least, ceil(usual + factor * max(spread, 1.0)))


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the rota, as plain data; `own` where it is for the channel itself and not for its unit."""

    key: int
    person: int
    cover: int
    weekdays: frozenset[int]
    every_weeks: int
    since: date
    until: date | None
    dated: bool
    own: bool
    when: When
    # Promised for each day (D24).
    minutes: int | None = None

    def covers(self, day: date) -> bool:
        """Whether the row puts somebody on duty that day."""
        if day < self.since or (self.until is not None and day > self.until) or day.weekday() not in self.weekdays:
            return False
        first = self.since - self.since.weekday() * DAY
        return ((day - first).days // 7) % self.every_weeks == 0


def on_duty(lines: Iterable[Line], day: date, *, outside: bool = False) -> Line | None:
    """The row that puts somebody on duty on a day: dates before weekdays, the channel before the unit, the newest."""
    wanted = {When.ALWAYS, When.OUTSIDE if outside else When.OFFICE}
    found = [line for line in lines if line.when in wanted and line.covers(day)]
    return max(found, key=lambda line: (line.dated, line.own, line.when != When.ALWAYS, line.key), default=None)


def levels_to_tell(until: datetime, now: datetime, told: int, after: Sequence[int]) -> list[Level]:
    """The levels that are to hear now of a round missed at `until`, in order; `after` is minutes for each level."""
    due = [level for level, minutes in zip(LEVELS, after, strict=True) if until + timedelta(minutes=minutes) <= now]
    return due[told:]
