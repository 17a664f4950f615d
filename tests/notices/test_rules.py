"""Quiet hours and telephone numbers: what the rules promise, whatever somebody chose (D26)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from uppsikt.notices.rules import WAITS, Quiet, next_clock, phone_number, sounds_at, wait

ZONE = ZoneInfo("Europe/Stockholm")
CLOCKS = st.times(time(0), time(23, 59)).map(lambda clock: clock.replace(second=0, microsecond=0))
QUIETS = st.builds(Quiet, start=st.none() | CLOCKS, end=st.none() | CLOCKS, free_days=st.booleans())
MINUTE = timedelta(minutes=1)
# Any minute of a year; the nights when clocks are moved are among them for certain.
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NIGHTS = (
    datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 24, 22, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
)
MOMENTS = st.one_of(
    st.integers(0, 500_000).map(lambda minutes: NEW_YEAR + minutes * MINUTE), st.sampled_from(NIGHTS)
).map(lambda at: at.astimezone(ZONE))


def weekday(day: date) -> bool:
    """A calendar of plain weeks."""
    return day.weekday() < 5


def is_quiet(quiet: Quiet, at: datetime) -> bool:
    """The rule, said in another way: by the minute of the day."""
    if quiet.free_days and at.weekday() >= 5:
        return True
    if quiet.start is None or quiet.end is None or quiet.start == quiet.end:
        return False
    start, end = (clock.hour * 60 + clock.minute for clock in (quiet.start, quiet.end))
    now = at.hour * 60 + at.minute
    return (now - start) % 1440 < (end - start) % 1440


@settings(max_examples=80, deadline=None)
@given(MOMENTS, QUIETS)
def test_d26_a_notice_sounds_at_the_first_moment_that_is_not_quiet(local: datetime, quiet: Quiet) -> None:
    found = sounds_at(local, quiet, is_working_day=weekday)
    assert found >= local
    assert not is_quiet(quiet, found)
    if not is_quiet(quiet, local):
        assert found == local
    at = local.astimezone(UTC)
    while at < found.astimezone(UTC):
        assert is_quiet(quiet, at.astimezone(ZONE)), f"{at.astimezone(ZONE)} was not quiet and came before"
        at += 7 * MINUTE


def test_d26_a_calendar_without_working_days_holds_no_notice_for_ever() -> None:
    local = datetime(2026, 11, 12, 10, tzinfo=ZONE)
    assert sounds_at(local, Quiet(free_days=True), is_working_day=lambda _day: False) == local
    assert next_clock(local, time(8), is_working_day=lambda _day: False) > local


@settings(max_examples=60, deadline=None)
@given(MOMENTS, CLOCKS)
def test_the_digest_comes_at_its_time_on_the_next_working_day(local: datetime, clock: time) -> None:
    found = next_clock(local, clock, is_working_day=weekday)
    assert found > local
    assert (found.time(), weekday(found.date())) == (clock, True)
    day = local.date()
    while day < found.date():
        assert not weekday(day) or datetime.combine(day, clock, ZONE) <= local, "an earlier day would have done"
        day += timedelta(days=1)


def test_what_fails_is_tried_ever_more_seldom_and_then_given_up() -> None:
    waits = [wait(tries) for tries in range(1, len(WAITS) + 2)]
    assert waits[-1] is None
    assert waits[:-1] == sorted(WAITS)
    assert len(set(WAITS)) == len(WAITS)


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=20) | st.from_regex(r"(\+|00|0)[0-9 ()-]{5,18}", fullmatch=True))
def test_a_telephone_number_is_whole_or_none(words: str) -> None:
    found = phone_number(words)
    if found is None:
        return
    assert found.startswith("+")
    assert found[1:].isascii()
    assert found[1:].isdigit()
    assert found[1] != "0"
    assert 9 <= len(found) <= 16
    assert phone_number(found) == found


def test_ways_to_write_one_number() -> None:
    ways = ("070-174 06 05", "0701740605", "+46 70 174 06 05", "0046701740605", "(070) 174.06.05")
    assert {phone_number(words) for words in ways} == {"+46701740605"}
    for wrong in ("", "+", "0", "112", "+0701740605", "070-174 06 05 ankn 3", "++46701740605", "٠٧٠١٧٤٠٦٠٥"):
        assert phone_number(wrong) is None, wrong
