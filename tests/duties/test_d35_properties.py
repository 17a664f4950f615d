"""D35: what must hold of every deadline, whatever the opening hours and whenever it came in."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from uppsikt.kernel import hours as opening
from uppsikt.kernel import working
from uppsikt.kernel.working import Hours, LocalDay, Season, Span

moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
# Quarters around the whole day, so that breaks, meetings of spans and the hours of clock changes all turn up.
quarters = st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(sorted)
DAY = timedelta(days=1)


def clock(quarter: int) -> time:
    return time(quarter // 4 % 24, quarter % 4 * 15)


def spans(edges: list[int]) -> tuple[Span, ...]:
    return tuple(Span(clock(a), clock(b)) for a, b in zip(edges[::2], edges[1::2], strict=False))


open_days = quarters.map(spans)
maybe_open = st.one_of(open_days, st.just(()))


@st.composite
def hours(draw: Any, *, weekend: bool) -> Hours:
    """Any opening hours: a week open on a Monday at least, perhaps a season that wraps, perhaps odd days."""
    closed = st.just(())
    ends = maybe_open if weekend else closed
    week = (draw(open_days), *(draw(maybe_open) for _ in range(4)), draw(ends), draw(ends))
    other = (draw(open_days), *(draw(st.one_of(st.none(), maybe_open)) for _ in range(4)), None, None)
    seasons = draw(st.sampled_from([(), (Season((6, 1), (8, 31), other),), (Season((12, 10), (1, 8), other),)]))
    workdays = st.dates(date(2024, 1, 1), date(2030, 12, 31)).filter(weekend_or(weekend))
    local = draw(st.lists(st.builds(LocalDay, workdays, maybe_open), max_size=5, unique_by=lambda day: day.day))
    return Hours(week=week, seasons=seasons, local=tuple(local))


def weekend_or(weekend: bool) -> Any:
    return lambda day: weekend or working.is_working_day(day)


@given(moments, hours(weekend=True), st.integers(1, 4))
def test_due_lies_after_receipt_within_hours_or_at_a_closing(received: datetime, given_hours: Hours, days: int) -> None:
    due = working.due(received, given_hours, days=days)
    assert due.at > received
    day = due.at.astimezone(working.ZONE).date()
    # A closing at midnight belongs to the day that it ends.
    assert any(opens < due.at <= closes for near in (day - DAY, day) for opens, closes in given_hours.spans(near))


@given(moments, hours(weekend=False))
def test_due_is_never_on_a_day_off_when_only_working_days_are_open(received: datetime, given_hours: Hours) -> None:
    due = working.due(received, given_hours)
    # The moment just before, so that midnight counts to the day that it ends.
    day = (due.at - timedelta(microseconds=1)).astimezone(working.ZONE).date()
    assert working.is_working_day(day, given_hours)


@given(moments, st.integers(0, 5 * 86_400), hours(weekend=False))
def test_what_comes_in_later_is_never_due_earlier(received: datetime, seconds: int, given_hours: Hours) -> None:
    """True where only working days are open. A Saturday's opening breaks it, and by the rule's own words must:
    Friday 15.00 → Monday 15.00, Saturday 11.00 → Monday 11.00."""
    later = received + timedelta(seconds=seconds)
    assert working.due(received, given_hours).at <= working.due(later, given_hours).at


@given(moments, hours(weekend=True))
def test_never_later_than_the_next_working_day_after_it_is_counted_from(received: datetime, given_hours: Hours) -> None:
    start = received if working.is_open(received, given_hours) else working.next_opening(received, given_hours)
    last = working.next_working_day(start.astimezone(working.ZONE).date(), given_hours)
    due = working.due(received, given_hours)
    assert due.at <= datetime.combine(last, start.astimezone(working.ZONE).time(), working.ZONE)


@given(moments)
def test_the_zone_that_a_moment_is_written_in_changes_nothing(received: datetime) -> None:
    default = working.default_hours()
    assert working.due(received, default).at == working.due(received.astimezone(working.ZONE), default).at


@given(moments)
def test_in_default_hours_it_costs_a_day_of_opening_time(received: datetime) -> None:
    """Eight and a half hours of opening time lie between what came in and when it is due, clock changes or not."""
    default = working.default_hours()
    due = working.due(received, default)
    assert working.working_seconds_between(received, due.at, default) == 8.5 * 3600


@given(moments, moments, moments, hours(weekend=True))
def test_working_seconds_add_up(a: datetime, b: datetime, c: datetime, given_hours: Hours) -> None:
    between = working.working_seconds_between
    assert abs(between(a, b, given_hours) + between(b, c, given_hours) - between(a, c, given_hours)) < 0.001


@given(moments, hours(weekend=True))
def test_openings_and_closings_alternate_around_a_moment(at: datetime, given_hours: Hours) -> None:
    opens, closed = working.next_opening(at, given_hours), working.closing_before(at, given_hours)
    assert closed <= at <= opens
    assert working.is_open(opens, given_hours)
    if not working.is_open(at, given_hours):
        assert working.working_seconds_between(closed, opens, given_hours) == 0


@given(quarters.map(spans))
def test_spans_read_back_as_written(given_spans: tuple[Span, ...]) -> None:
    assert opening.read_spans(opening.write_spans(given_spans)) == given_spans
