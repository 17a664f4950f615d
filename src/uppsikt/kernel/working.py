"""Working days and opening hours in Sweden, and when an answer is due (D35, D38). Plain Python.

A working day is no Saturday, Sunday, public holiday (lag 1989:253) or midsummer's, Christmas or New Year's
eve (lag 1930:173 § 2), and the office is open on it. Opening hours are data: per weekday, per season, with
single days that differ. They may hold for a Saturday too; that makes it a day when things come in "within
opening hours", never a working day.

The rule (`due`): received within opening hours, the same clock time on the next working day; received
outside them, counted from the next opening; a time at or before opening is written as the closing before.
Two cases that the rule leaves open are settled here: a time after that day's last closing is written as that
closing (the answer never comes later than the rule says), and a time in a break is "before opening".

Clock changes: what comes in carries its moment, so its clock time is never in doubt. An opening or closing
that falls in the hour that does not exist is the first moment after it; of an hour that comes twice, an
opening takes the first and a closing the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any

from uppsikt.kernel.hours import (
    DAY,
    FIRST_YEAR,
    HOLIDAYS,
    LAST_YEAR,
    SATURDAY,
    SUNDAY,
    ZONE,
    Hours,
    LocalDay,
    NoHours,
    OutOfRange,
    Season,
    Span,
    default_hours,
    holiday,
    moment_of,
    since_midnight,
)

__all__ = [
    "HOLIDAYS",
    "ZONE",
    "DayOff",
    "Due",
    "Hours",
    "How",
    "LocalDay",
    "NoHours",
    "Off",
    "OutOfRange",
    "Reason",
    "Season",
    "Span",
    "closing_before",
    "day_off",
    "default_hours",
    "due",
    "holiday",
    "is_open",
    "is_working_day",
    "next_opening",
    "next_working_day",
    "working_seconds_between",
]

# Longer than any season: no opening for so long means that the hours hold no opening at all.
LOOK_AHEAD_DAYS = 800


class Off(StrEnum):
    """Why a day is no working day, besides the holidays' own codes."""

    SATURDAY = "saturday"
    SUNDAY = "sunday"
    LOCAL = "local"
    NO_HOURS = "no_hours"


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day that is no working day: a holiday's code ("midsummer_eve") or one of `Off`; `why` is the local day's."""

    day: date
    code: str
    why: str = ""


class How(StrEnum):
    """A step in the counting."""

    WITHIN = "received_within"
    OUTSIDE = "received_outside"
    COUNTED_FROM = "counted_from"
    SKIPPED = "skipped"
    SAME_TIME = "same_clock_time"
    CLOSING_BEFORE = "moved_to_closing_before"
    CLOSING = "moved_to_closing_that_day"


@dataclass(frozen=True, slots=True)
class Reason:
    """One step with its facts: the moment it arrives at, the days it passed over.

    `detail` belongs to OUTSIDE (before_opening, after_closing, break, closed_day) and to
    CLOSING_BEFORE (opening, break).
    """

    code: How
    at: datetime
    off: tuple[DayOff, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """When an answer is due: `at` in UTC, and how it was counted, step by step."""

    received: datetime
    at: datetime
    days: int
    how: tuple[Reason, ...]

    def as_data(self) -> dict[str, Any]:
        """As JSON can hold it; `from_data` reads it back."""
        return {
            "received": self.received.isoformat(),
            "at": self.at.isoformat(),
            "days": self.days,
            "how": [
                {
                    "code": str(reason.code),
                    "at": reason.at.isoformat(),
                    "off": [{"day": off.day.isoformat(), "code": off.code, "why": off.why} for off in reason.off],
                    "detail": reason.detail,
                }
                for reason in self.how
            ],
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Due:
        """What `as_data` wrote. Raises KeyError or ValueError for anything else."""
        how = (
            Reason(
                How(reason["code"]),
                datetime.fromisoformat(reason["at"]),
                tuple(DayOff(date.fromisoformat(off["day"]), off["code"], off["why"]) for off in reason["off"]),
                reason["detail"],
            )
            for reason in data["how"]
        )
        return cls(
            received=datetime.fromisoformat(data["received"]),
            at=datetime.fromisoformat(data["at"]),
            days=data["days"],
            how=tuple(how),
        )


def day_off(day: date, hours: Hours | None = None) -> DayOff | None:
    """Why the day is no working day, or None where it is one.

    Without `hours` the law alone is asked: local days never lengthen a disclosure.
    """
    code = holiday(day) or {SATURDAY: Off.SATURDAY, SUNDAY: Off.SUNDAY}.get(day.weekday(), "")
    if code:
        return DayOff(day, str(code))
    if hours is None or hours.spans(day):
        return None
    local = hours.local_day(day)
    return DayOff(day, str(Off.LOCAL), local.why) if local else DayOff(day, str(Off.NO_HOURS))


def is_working_day(day: date, hours: Hours | None = None) -> bool:
    """Whether the day is a working day, by law and, where hours are given, by them."""
    return day_off(day, hours) is None


def next_working_day(day: date, hours: Hours | None = None) -> date:
    """The first working day after `day`. Raises NoHours where there is none."""
    return _step(day, hours)[0]


def is_open(at: datetime, hours: Hours) -> bool:
    """Whether `at` (aware) lies within opening hours; the closing itself does not."""
    return _span_at(_utc(at), hours) is not None


def next_opening(at: datetime, hours: Hours) -> datetime:
    """The first opening at or after `at`, in UTC. Raises NoHours where nothing opens."""
    moment = _utc(at)
    for day in _days_from(moment):
        for opens, _closes in hours.spans(day):
            if opens >= moment:
                return opens
    raise NoHours("never_open")


def closing_before(at: datetime, hours: Hours) -> datetime:
    """The last closing at or before `at`, in UTC. Raises NoHours where nothing has been open."""
    moment = _utc(at)
    day = moment.astimezone(ZONE).date()
    for back in range(LOOK_AHEAD_DAYS):
        for _opens, closes in reversed(hours.spans(day - back * DAY)):
            if closes <= moment:
                return closes
    raise NoHours("never_open")


def working_seconds_between(a: datetime, b: datetime, hours: Hours) -> float:
    """Seconds of opening time from `a` to `b`; negative when `b` is the earlier."""
    first, last = _utc(a), _utc(b)
    if last < first:
        return -working_seconds_between(b, a, hours)
    day, end, total = first.astimezone(ZONE).date(), last.astimezone(ZONE).date(), timedelta()
    while day <= end:
        for opens, closes in hours.spans(day):
            total += max(min(closes, last) - max(opens, first), timedelta())
        day += DAY
    return total.total_seconds()


def due(received: datetime, hours: Hours, *, days: int = 1) -> Due:
    """When an answer to what was `received` (aware) is due, `days` working days on (D35; D38 for a promise).

    Raises ValueError for a naive time or less than one day, OutOfRange, NoHours.
    """
    if days < 1:
        raise ValueError("an answer is due after one working day or more")
    moment = _utc(received)
    start, how = _count_from(moment, hours)
    day, off = start.astimezone(ZONE).date(), list[DayOff]()
    for _number in range(days):
        day, passed = _step(day, hours)
        off += passed
    if off:
        how.append(Reason(How.SKIPPED, start, tuple(off)))
    at = moment_of(day, since_midnight(start.astimezone(ZONE).time()))
    how.append(Reason(How.SAME_TIME, at))
    moved = _settle(at, day, hours)
    if moved:
        how.append(moved)
    return Due(received=moment, at=moved.at if moved else at, days=days, how=tuple(how))


def _count_from(moment: datetime, hours: Hours) -> tuple[datetime, list[Reason]]:
    """The moment that the counting begins at, and why."""
    if _span_at(moment, hours):
        return moment, [Reason(How.WITHIN, moment)]
    start = next_opening(moment, hours)
    day, opening_day = moment.astimezone(ZONE).date(), start.astimezone(ZONE).date()
    spans, today = hours.spans(day), day_off(day, hours)
    if not spans:
        detail = "closed_day"
    elif moment < spans[0][0]:
        detail = "before_opening"
    elif moment >= spans[-1][1]:
        detail = "after_closing"
    else:
        detail = "break"
    how = [Reason(How.OUTSIDE, moment, (today,) if today and not spans else (), detail)]
    between = [day_off(day + ahead * DAY, hours) for ahead in range(1, (opening_day - day).days)]
    if any(between):
        how.append(Reason(How.SKIPPED, moment, tuple(off for off in between if off)))
    how.append(Reason(How.COUNTED_FROM, start))
    return start, how


def _settle(at: datetime, day: date, hours: Hours) -> Reason | None:
    """Where a due time that falls outside the day's hours is moved to; None where it stands."""
    spans = hours.spans(day)
    if any(opens < at <= closes for opens, closes in spans):
        return None
    if at > spans[-1][1]:
        return Reason(How.CLOSING, spans[-1][1])
    return Reason(How.CLOSING_BEFORE, closing_before(at, hours), (), "opening" if at <= spans[0][0] else "break")


def _step(day: date, hours: Hours | None) -> tuple[date, list[DayOff]]:
    """The next working day, and the days off on the way there."""
    passed: list[DayOff] = []
    for ahead in range(1, LOOK_AHEAD_DAYS):
        off = day_off(day + ahead * DAY, hours)
        if off is None:
            return day + ahead * DAY, passed
        passed.append(off)
    raise NoHours("never_open")


def _span_at(moment: datetime, hours: Hours) -> tuple[datetime, datetime] | None:
    for opens, closes in hours.spans(moment.astimezone(ZONE).date()):
        if opens <= moment < closes:
            return opens, closes
    return None


def _days_from(moment: datetime) -> Iterator[date]:
    day = moment.astimezone(ZONE).date()
    return (day + ahead * DAY for ahead in range(LOOK_AHEAD_DAYS))


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("the time must know its zone")
    # A day inside the edges, so that turning to another zone cannot overflow.
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise OutOfRange(f"holidays are known for {FIRST_YEAR} to {LAST_YEAR}")
    return at.astimezone(UTC)
