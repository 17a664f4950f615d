"""Opening hours as data, and Sweden's holidays: what `kernel.working` counts with (D35). Plain Python.

Hours are given per weekday, per season and for single days, several spans a day if need be. They may hold
for a Saturday too; that makes it a day when things come in "within opening hours", never a working day.

Clock changes: an opening or closing that falls in the hour that does not exist is the first moment after it;
of an hour that comes twice, an opening takes the first and a closing the last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

ZONE = ZoneInfo("Europe/Stockholm")
# The years that the holiday calendar knows: before 1953 the law was another, and after 2100 it gives no holidays.
FIRST_YEAR, LAST_YEAR = 1953, 2100
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
MIDNIGHT = "24.00"
CLOCK = r"(\d{1,2})[.:](\d{2})"
SPAN = re.compile(rf"{CLOCK}\s*[-–—]\s*{CLOCK}")

SATURDAY, SUNDAY = 5, 6
HOLIDAYS = {
    "Nyårsdagen": "new_years_day",
    "Trettondedag jul": "epiphany",
    "Långfredagen": "good_friday",
    "Påskdagen": "easter_sunday",
    "Annandag påsk": "easter_monday",
    "Första maj": "may_day",
    "Kristi himmelsfärdsdag": "ascension_day",
    "Pingstdagen": "whit_sunday",
    "Annandag pingst": "whit_monday",
    "Nationaldagen": "national_day",
    "Midsommarafton": "midsummer_eve",
    "Midsommardagen": "midsummer_day",
    "Alla helgons dag": "all_saints_day",
    "Julafton": "christmas_eve",
    "Juldagen": "christmas_day",
    "Annandag jul": "boxing_day",
    "Nyårsafton": "new_years_eve",
    "Marie bebådelsedag": "annunciation_day",
}


class NoHours(ValueError):  # the house names errors by what went wrong
    """The opening hours cannot be used; `code` says why: overlap, backwards, seasons_overlap, never_open, bad_date,
    unreadable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class OutOfRange(ValueError):  # as above
    """A moment outside the years that the holiday calendar knows."""


@dataclass(frozen=True, slots=True)
class Span:
    """Open from `opens` up to but not at `closes`, clock time. A closing at 0.00 is the midnight that ends the day."""

    opens: time
    closes: time

    @property
    def start(self) -> timedelta:
        """Time from midnight to the opening."""
        return since_midnight(self.opens)

    @property
    def end(self) -> timedelta:
        """Time from midnight to the closing."""
        return since_midnight(self.closes) or DAY


Spans = tuple[Span, ...]
# Monday to Sunday. In a season's week None means "as in the rest of the year", () means closed.
Week = tuple[Spans | None, Spans | None, Spans | None, Spans | None, Spans | None, Spans | None, Spans | None]


@dataclass(frozen=True, slots=True)
class Season:
    """Other hours from `first` to `last`, both included, as (month, day); a season may run over the new year."""

    first: tuple[int, int]
    last: tuple[int, int]
    week: Week
    name: str = ""

    def covers(self, day: date) -> bool:
        """Whether the day lies in the season."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True)
class LocalDay:
    """One date that differs: closed (no spans) or with hours of its own. `why` is for readers."""

    day: date
    spans: Spans = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours as data. Raises NoHours when they contradict themselves or never open on a working day."""

    week: Week
    seasons: tuple[Season, ...] = ()
    local: tuple[LocalDay, ...] = ()
    _by_date: dict[date, LocalDay] = field(init=False, repr=False, compare=False, default_factory=dict)
    _days: dict[date, tuple[tuple[datetime, datetime], ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        weeks = [self.week, *(season.week for season in self.seasons)]
        for spans in [*(spans for week in weeks for spans in week), *(day.spans for day in self.local)]:
            check_spans(spans or ())
        check_seasons(self.seasons)
        self._by_date.update({day.day: day for day in self.local})
        if not any(self.week[weekday] for weekday in range(SATURDAY)):
            raise NoHours("never_open")

    def clock(self, day: date) -> Spans:
        """The day's opening spans in clock time; none on holidays unless a local day gives some."""
        if day in self._by_date:
            return self._by_date[day].spans
        if holiday(day):
            return ()
        for season in self.seasons:
            spans = season.week[day.weekday()]
            if season.covers(day) and spans is not None:
                return spans
        return self.week[day.weekday()] or ()

    def local_day(self, day: date) -> LocalDay | None:
        """What is said of that very date."""
        return self._by_date.get(day)

    def spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The day's openings and closings as moments in UTC, spans that meet joined. Raises OutOfRange."""
        if day not in self._days:
            joined: list[tuple[datetime, datetime]] = []
            for span in self.clock(day):
                opens, closes = moment_of(day, span.start), moment_of(day, span.end, last=True)
                if joined and opens <= joined[-1][1]:
                    joined[-1] = (joined[-1][0], closes)
                elif opens < closes:
                    joined.append((opens, closes))
            self._days[day] = tuple(joined)
        return self._days[day]


def read_spans(text: str) -> Spans:
    """Spans from words like "8.00–12.00, 13.00–16.30"; empty text is closed. Raises NoHours."""
    spans: list[Span] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = SPAN.fullmatch(part)
        if not found:
            raise NoHours("unreadable")
        # 24.00 is the midnight that ends the day.
        ends = ("0", "00") if (found[3], found[4]) == ("24", "00") else (found[3], found[4])
        try:
            spans.append(Span(time(int(found[1]), int(found[2])), time(int(ends[0]), int(ends[1]))))
        except ValueError as error:
            raise NoHours("unreadable") from error
    check_spans(tuple(spans))
    return tuple(spans)


def write_spans(spans: Spans) -> str:
    """The words that `read_spans` reads back: "8.00–12.00, 13.00–16.30"."""
    return ", ".join(
        f"{s.opens.hour}.{s.opens:%M}–{MIDNIGHT if s.end == DAY else f'{s.closes.hour}.{s.closes:%M}'}" for s in spans
    )


def default_hours() -> Hours:
    """Monday to Friday 8.00 to 16.30: what holds until the municipality says otherwise."""
    day = (Span(time(8), time(16, 30)),)
    return Hours(week=(day, day, day, day, day, (), ()))


def holiday(day: date) -> str:
    """The code of the public holiday or eve, or "". Raises OutOfRange."""
    return _holidays(day.year).get(day, "")


def moment_of(day: date, clock: timedelta, *, last: bool = False) -> datetime:
    """The moment in UTC when Swedish clocks show midnight plus `clock` (24 h is the midnight that ends the day)."""
    wall = datetime.combine(day, time()) + clock
    first = wall.replace(tzinfo=ZONE, fold=0)
    moment = wall.replace(tzinfo=ZONE, fold=int(last)).astimezone(UTC)
    if first.astimezone(UTC).astimezone(ZONE).replace(tzinfo=None) == wall:
        return moment
    # The clock jumps over this time: walk back to the jump.
    moment = first.astimezone(UTC).replace(second=0, microsecond=0)
    after = moment.astimezone(ZONE).utcoffset()
    while (moment - MINUTE).astimezone(ZONE).utcoffset() == after:
        moment -= MINUTE
    return moment


def since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond)


@cache
def _holidays(year: int) -> dict[date, str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OutOfRange(f"holidays are known for {FIRST_YEAR} to {LAST_YEAR}")
    days = holidays.country_holidays("SE", years=[year], categories=("public", "de_facto"), language="sv")
    # Two on one day (first of May and Ascension Day in 2008) are joined by "; ": the first names it.
    return {day: HOLIDAYS[names.split("; ")[0]] for day, names in days.items()}


def check_spans(spans: Spans) -> None:
    """Raises NoHours unless the spans follow on each other without overlap."""
    for span in spans:
        if span.start >= span.end:
            raise NoHours("backwards")
    for one, other in pairwise(spans):
        if other.start < one.end:
            raise NoHours("overlap")


def check_seasons(seasons: tuple[Season, ...]) -> None:
    """Raises NoHours for a date that does not exist, or for a date that lies in two seasons."""
    days = [date(2024, 1, 1) + number * DAY for number in range(366)]
    known = {(day.month, day.day) for day in days}
    if any(end not in known for season in seasons for end in (season.first, season.last)):
        raise NoHours("bad_date")
    if any(sum(season.covers(day) for season in seasons) > 1 for day in days):
        raise NoHours("seasons_overlap")
