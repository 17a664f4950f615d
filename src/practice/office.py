"""When the municipality is at its desk: roughly, and for the look of a made-up year alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from random import Random
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FRIDAY = 4
OPENS, CLOSES = time(8, 0), time(16, 30)
FIXED = {(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31)}


def _zone() -> tzinfo:
    try:
        return ZoneInfo("Europe/Stockholm")
    except ZoneInfoNotFoundError:  # a machine without a zone database: close enough for a toy
        return UTC


ZONE = _zone()


def easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian rule)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def works(day: date) -> bool:
    """Whether people are at work that day."""
    from_easter = (day - easter(day.year)).days
    moving = from_easter in (-2, 1, 39) or (day.month == 6 and 19 <= day.day <= 25 and day.weekday() == FRIDAY)  # noqa: PLR2004
    return day.weekday() <= FRIDAY and (day.month, day.day) not in FIXED and not moving


def next_working(day: date) -> date:
    """The first working day after that day."""
    day += timedelta(days=1)
    while not works(day):
        day += timedelta(days=1)
    return day


def working_days_before(moment: datetime, days: int) -> datetime:
    """The same clock time so many working days earlier, as UTC."""
    local = moment.astimezone(ZONE)
    day = local.date()
    while days:
        day -= timedelta(days=1)
        days -= works(day)
    return datetime.combine(day, local.time(), ZONE).astimezone(UTC)


def office_minutes_before(moment: datetime, minutes: float) -> datetime:
    """The moment from which so many minutes of office hours pass until `moment`; UTC."""
    left, until = timedelta(minutes=minutes), moment.astimezone(ZONE)
    day = until.date()
    while True:
        if works(day):
            opens, closes = (datetime.combine(day, at, ZONE).astimezone(UTC) for at in (OPENS, CLOSES))
            closes = min(closes, moment)
            if closes - opens >= left:
                return closes - left
            left -= max(closes - opens, timedelta())
        day -= timedelta(days=1)


def answered_at(rng: Random, asked: datetime) -> datetime:
    """When a question is answered by somebody who keeps the promise of one working day; UTC."""
    local = asked.astimezone(ZONE)
    opens = datetime.combine(local.date(), OPENS, ZONE)
    closes = datetime.combine(local.date(), CLOSES, ZONE)
    if works(local.date()) and opens <= local < closes:
        soon = local + timedelta(minutes=rng.uniform(8, 260))
        if soon < closes:
            return soon.astimezone(UTC)
        after = datetime.combine(next_working(local.date()), OPENS, ZONE)
        return (after + timedelta(minutes=rng.uniform(3, max(10.0, (local - opens).total_seconds() / 60)))).astimezone(
            UTC
        )
    day = local.date() if works(local.date()) and local < opens else next_working(local.date())
    return (datetime.combine(day, OPENS, ZONE) + timedelta(minutes=rng.uniform(4, 240))).astimezone(UTC)


def awake(moment: datetime) -> datetime:
    """The moment, or the next morning when people sleep then; UTC."""
    local = moment.astimezone(ZONE)
    if local.hour >= 23 or local.hour < 6:  # noqa: PLR2004 - the hours of sleep
        day = local.date() + timedelta(days=local.hour >= 23)  # noqa: PLR2004
        local = datetime.combine(day, time(6, 10), ZONE) + timedelta(minutes=(local.minute * 7 + local.second) % 170)
    return local.astimezone(UTC)
