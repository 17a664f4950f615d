"""When rounds are expected (D25, D26; 1998:112 § 4): dates, hours and spans in, expected rounds out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uppsikt.kernel.hours import ZONE, Hours, LocalDay, Span, default_hours
from uppsikt.kernel.working import is_working_day
from uppsikt.oversight import rules
from uppsikt.oversight.rules import Kind, Level, Line, Pace, When

OFFICE = default_hours()
PACE = Pace(every_minutes=180, first_hour=7, last_hour=22)
DAY = timedelta(days=1)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given a zone
spans_of_time = st.tuples(moments, st.timedeltas(timedelta(), timedelta(days=40))).map(
    lambda pair: (pair[0], pair[0] + pair[1])
)


def local(*clock: int) -> datetime:
    return datetime(*clock, tzinfo=ZONE)


# Daily.


def test_d25_the_year_2026_expects_251_daily_rounds_and_52_weekly_ones() -> None:
    new_year = rules.midnight(date(2026, 1, 1)) - timedelta(seconds=1)
    end = rules.midnight(date(2027, 1, 1)) - timedelta(seconds=1)
    found = list(rules.within_days(new_year, end, OFFICE))
    assert len(found) == 251
    assert {one.kind for one in found} == {Kind.DAILY}
    assert len(list(rules.weeks(new_year, end))) == 52


@pytest.mark.parametrize("day", ["2026-06-19", "2026-12-24", "2026-12-31", "2026-01-06", "2026-05-14", "2026-05-16"])
def test_d25_nothing_daily_is_expected_on_a_day_off(day: str) -> None:
    start = rules.midnight(date.fromisoformat(day))
    assert not list(rules.within_days(start - timedelta(seconds=1), start + timedelta(hours=23), OFFICE))


def test_d25_a_day_that_the_office_is_closed_by_its_own_choice_is_no_working_day() -> None:
    closed = Hours(week=OFFICE.week, local=(LocalDay(date(2026, 11, 13), (), "klämdag"),))
    start = rules.midnight(date(2026, 11, 13))
    assert not list(rules.within_days(start - DAY / 2, start + DAY / 2, closed))
    assert len(list(rules.within_days(start - DAY / 2, start + DAY / 2, OFFICE))) == 1


def test_d25_the_daily_round_is_expected_from_midnight_to_closing_swedish_time() -> None:
    (found,) = rules.within_days(local(2026, 7, 1, 0, 0) - DAY / 2, local(2026, 7, 1, 12, 0), OFFICE)
    assert (found.since, found.until) == (local(2026, 7, 1, 0, 0), local(2026, 7, 1, 16, 30))
    assert found.day == date(2026, 7, 1)


@pytest.mark.parametrize("day", ["2026-03-30", "2026-10-26", "2026-11-12"])
@pytest.mark.parametrize("rounds", [1, 2, 3, 4])
def test_d66_much_traffic_cuts_the_opening_time_into_equal_parts(day: str, rounds: int) -> None:
    lunch = (Span(time(8), time(12)), Span(time(13), time(17)))
    hours = Hours(week=(lunch, lunch, lunch, lunch, lunch, (), ()))
    start = rules.midnight(date.fromisoformat(day))
    found = list(rules.within_days(start - timedelta(hours=1), start + timedelta(hours=22), hours, rounds=rounds))
    parts = [one for one in found if one.kind is Kind.TRAFFIC]
    assert len(parts) == (0 if rounds == 1 else rounds)
    if parts:
        assert parts[0].since == start
        assert all(one.until == other.since for one, other in pairwise(parts))
        assert parts[-1].until == local(*date.fromisoformat(day).timetuple()[:3], 17, 0)
    if rounds == 2:
        assert parts[0].until.astimezone(ZONE).time() == time(12)


@given(spans_of_time, st.integers(1, 4))
def test_d25_walked_in_one_step_or_in_many_the_same_is_expected_once(
    span: tuple[datetime, datetime], rounds: int
) -> None:
    start, end = span
    whole = [*rules.within_days(start, end, OFFICE, rounds=rounds), *rules.weeks(start, end)]
    steps, at = [], start
    while at < end:
        to = min(end, at + timedelta(hours=7, minutes=13))
        steps += [*rules.within_days(at, to, OFFICE, rounds=rounds), *rules.weeks(at, to)]
        at = to
    assert sorted(steps) == sorted(whole)
    assert len(set(whole)) == len(whole)


@given(spans_of_time)
def test_d25_every_working_day_begun_is_expected_and_no_other(span: tuple[datetime, datetime]) -> None:
    start, end = span
    found = [one.day for one in rules.within_days(start, end, OFFICE)]
    days = [rules.local_day(start) + number * DAY for number in range((end - start).days + 2)]
    assert found == [day for day in days if is_working_day(day, OFFICE) and start < rules.midnight(day) <= end]


@given(spans_of_time)
def test_d66_weeks_follow_on_each_other_from_monday_to_sunday(span: tuple[datetime, datetime]) -> None:
    found = list(rules.weeks(*span))
    assert all(one.since.astimezone(ZONE).weekday() == 0 and one.day.weekday() == 6 for one in found)
    assert all(one.until == other.since for one, other in pairwise(found))
    # Holidays never excuse the week: no seven days pass without a week's end.
    assert len(found) >= (span[1] - span[0]).days // 7 - 1


# Heightened.


def test_d26_after_a_removal_on_a_friday_afternoon_rounds_are_expected_all_weekend_but_not_at_night() -> None:
    since = local(2026, 11, 13, 15, 10)
    found = list(rules.heightened(since, since + 3 * DAY, PACE, upto=since + 3 * DAY))
    clocks = [f"{one.until.astimezone(ZONE):%a %H.%M}" for one in found]
    assert clocks[:5] == ["Fri 18.10", "Fri 21.10", "Sat 07.00", "Sat 10.00", "Sat 13.00"]
    assert {clock[:3] for clock in clocks} == {"Fri", "Sat", "Sun", "Mon"}


@given(moments, st.integers(1, 200), st.integers(30, 720), st.integers(0, 300))
def test_d26_heightened_rounds_follow_on_each_other_by_day_and_end_with_the_time(
    since: datetime, hours: int, every: int, watched: int
) -> None:
    until, pace = since + timedelta(hours=hours), Pace(every, 7, 22)
    upto = since + timedelta(hours=watched)
    found = list(rules.heightened(since, until, pace, upto=upto))
    assert all(one.until == other.since for one, other in pairwise(found))
    for one in found:
        assert since <= one.since <= upto
        assert since < one.until <= until
        clock = one.until.astimezone(ZONE).time()
        assert time(7) <= clock <= time(22)
        assert one.until - one.since >= min(timedelta(minutes=every), timedelta(hours=7))
    # Whoever asks later is told the same, and what has begun since.
    assert found == list(rules.heightened(since, until, pace, upto=upto + DAY))[: len(found)]


# Live.


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.booleans()), max_size=8, unique_by=lambda each: each[0]),
    st.booleans(),
)
def test_a_channel_is_live_as_its_trail_says(raw: list[tuple[int, bool]], live_at_first: bool) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    end, state, changes = start + timedelta(minutes=1001), live_at_first, []
    for minute, _live in sorted(raw):
        state = not state
        changes.append((start + timedelta(minutes=minute), state))
    spans = rules.live_spans(start, end, changes, live_now=state)
    for minute in range(0, 1001, 7):
        at = start + timedelta(minutes=minute)
        then = live_at_first
        for changed, live in changes:
            then = live if changed <= at else then
        assert rules.live_at(at, spans) == then


# Traffic.


def test_d66_how_often_follows_what_usually_comes_in() -> None:
    def wanted(*per_day: int) -> int:
        return rules.rounds_wanted(per_day, per_round=100, least=1, most=4)

    assert [wanted(), wanted(0, 0), wanted(100), wanted(101), wanted(399), wanted(9000)] == [1, 1, 1, 2, 4, 4]
    # One storm is no habit.
    assert wanted(20, 30, 5000, 20, 10) == 1
    assert rules.rounds_wanted([10], per_round=100, least=6, most=4) == 6


def test_d26_unusual_is_measured_against_the_channels_own_posts() -> None:
    quiet, loud = [3, 5, 2, 4, 6, 3, 4, 5, 4], [180, 220, 200, 190, 210, 230, 170, 205, 200]
    assert rules.unusual_from(quiet, least=10, factor=5) == 12
    assert rules.unusual_from(quiet, least=30, factor=5) == 30
    assert rules.unusual_from(loud, least=30, factor=5) > 250
    # A storm long ago hides none that comes.
    assert rules.unusual_from([*quiet, 900], least=10, factor=5) <= 13
    assert rules.unusual_from([500, 600], least=30, factor=5) == 30


@given(st.lists(st.integers(0, 5000), max_size=60), st.integers(3, 100), st.integers(1, 20))
def test_d26_what_a_channel_is_used_to_is_never_unusual(past: list[int], least: int, factor: int) -> None:
    limit = rules.unusual_from(past, least=least, factor=factor)
    assert limit >= least
    if len(past) >= rules.LEAST_PAST:
        assert sum(each >= limit for each in past) <= len(past) / 2


# Rota and telling.


def line(key: int, **fields: object) -> Line:
    given_: dict[str, object] = {
        "person": key, "cover": key + 100, "weekdays": frozenset(range(7)), "every_weeks": 1,
        "since": date(2026, 1, 1), "until": None, "dated": False, "own": False, "when": When.ALWAYS,
    }  # fmt: skip
    return Line(key=key, **{**given_, **fields})  # type: ignore[arg-type]


def test_d25_dates_go_before_weekdays_and_the_channel_before_its_unit() -> None:
    day = date(2026, 11, 12)
    unit, own, dated = line(1), line(2, own=True), line(3, dated=True, since=day, until=day)
    assert rules.on_duty([unit], day) == unit
    assert rules.on_duty([own, unit], day) == own
    assert rules.on_duty([unit, own, dated], day) == dated
    assert rules.on_duty([unit, own, dated], day + DAY) == own
    assert rules.on_duty([], day) is None
    weekend = line(4, when=When.OUTSIDE)
    assert rules.on_duty([unit, weekend], day) == unit
    assert rules.on_duty([unit, weekend], day, outside=True) == weekend


def test_d25_every_second_week_counts_from_the_first() -> None:
    row = line(1, since=date(2026, 11, 11), weekdays=frozenset({0, 2}), every_weeks=2)
    days = [date(2026, 11, 1) + number * DAY for number in range(45)]
    found = [day.isoformat() for day in days if row.covers(day)]
    assert found == ["2026-11-11", "2026-11-23", "2026-11-25", "2026-12-07", "2026-12-09"]


@given(st.integers(0, 2000), st.integers(0, 3), st.lists(st.integers(0, 1500), min_size=2, max_size=2).map(sorted))
def test_d25_a_missed_round_is_told_level_by_level_each_once(passed: int, told: int, after: list[int]) -> None:
    until = datetime(2026, 11, 12, 15, 30, tzinfo=UTC)
    found = rules.levels_to_tell(until, until + timedelta(minutes=passed), told, (0, *after))
    assert found == [level for level, at in zip(Level, (0, *after), strict=True) if at <= passed][told:]
