"""D35: an answer is due within one working day. Our counting against a table made by hand for 2024–2030."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from uppsikt.kernel import hours as opening
from uppsikt.kernel import working
from uppsikt.kernel.working import Hours, How, LocalDay, NoHours, OutOfRange, Season, Span

HERE = Path(__file__).parent
YEARS = range(2024, 2031)
WEEKDAYS = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"]


def table(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def week(texts: list[str | None]) -> Any:
    return tuple(None if text is None else opening.read_spans(text) for text in texts)


def month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)


def profiles() -> dict[str, Hours]:
    data = json.loads((HERE / "d35_hours.json").read_text(encoding="utf-8"))
    return {
        name: Hours(
            week=week(entry["week"]),
            seasons=tuple(
                Season(month_day(s["from"]), month_day(s["to"]), week(s["week"])) for s in entry.get("seasons", ())
            ),
            local=tuple(
                LocalDay(date.fromisoformat(day), opening.read_spans(text))
                for day, text in entry.get("local", {}).items()
            ),
        )
        for name, entry in data.items()
    }


PROFILES = profiles()
CALENDAR = table("d35_calendar.csv")
DEADLINES = table("d35_deadlines.csv")


def test_the_default_profile_is_what_the_product_starts_with() -> None:
    assert PROFILES["default"] == working.default_hours()


def test_every_row_of_the_table_made_by_hand() -> None:
    """D35, D71: each row, all wrong ones shown at once."""
    wrong = []
    for number, row in enumerate(DEADLINES, start=2):
        due = working.due(datetime.fromisoformat(row["received"]), PROFILES[row["hours"]])
        written = due.at.astimezone(working.ZONE).isoformat()
        if written != row["due"]:
            wrong.append(
                f"line {number}: {row['received']} {row['hours']}: {written}, should be {row['due']} ({row['why']})"
            )
    assert not wrong, "\n".join(wrong)


def test_the_table_holds_every_holiday_and_eve_of_every_year_four_ways() -> None:
    names = {row["day"] for row in CALENDAR}
    assert len(names) == 16
    for year in YEARS:
        assert {row["day"] for row in CALENDAR if row["date"].startswith(str(year))} == names
    received = {row["received"][:16] for row in DEADLINES if row["hours"] == "default"}
    for row in CALENDAR:
        before, after = row["working_day_before"], row["next_working_day"]
        moments = {f"{before}T10:00", f"{before}T16:45", f"{row['date']}T10:00", f"{after}T07:30"}
        assert moments <= received, row


def easter(year: int) -> date:
    """Easter Sunday by the anonymous Gregorian computus (Meeus, Jones, Butcher): independent of the product."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


def test_the_table_itself_agrees_with_the_law() -> None:
    """The hand's work is checked by what the law says, not by the product."""
    by_year = {(row["day"], int(row["date"][:4])): date.fromisoformat(row["date"]) for row in CALENDAR}
    for year in YEARS:
        sunday = easter(year)
        for name, days in {
            "långfredagen": -2,
            "påskdagen": 0,
            "annandag påsk": 1,
            "Kristi himmelsfärdsdag": 39,
            "pingstdagen": 49,
        }.items():
            assert by_year[name, year] == sunday + timedelta(days=days)
        assert date(year, 6, 20) <= by_year["midsommardagen", year] <= date(year, 6, 26)
        assert by_year["midsommarafton", year] == by_year["midsommardagen", year] - timedelta(days=1)
        assert date(year, 10, 31) <= by_year["alla helgons dag", year] <= date(year, 11, 6)
    for row in CALENDAR:
        assert WEEKDAYS[date.fromisoformat(row["date"]).weekday()] == row["weekday"]
        if row["day"] in {"midsommardagen", "alla helgons dag"}:
            assert row["weekday"] == "lördag"


def test_the_calendar_is_the_products_calendar() -> None:
    for row in CALENDAR:
        day = date.fromisoformat(row["date"])
        before, after = date.fromisoformat(row["working_day_before"]), date.fromisoformat(row["next_working_day"])
        assert working.holiday(day), row
        assert working.next_working_day(before) == after
        assert working.is_working_day(before)
        assert not any(working.is_working_day(before + timedelta(n)) for n in range(1, (after - before).days))
    known = {row["date"] for row in CALENDAR}
    days = [date(2024, 1, 1) + timedelta(n) for n in range((date(2031, 1, 1) - date(2024, 1, 1)).days)]
    assert {day.isoformat() for day in days if working.holiday(day)} == known


def test_2026_has_251_working_days() -> None:
    days = [date(2026, 1, 1) + timedelta(n) for n in range(365)]
    assert sum(working.is_working_day(day) for day in days) == 251
    assert working.next_working_day(date(2026, 6, 18)) == date(2026, 6, 22)


@pytest.mark.parametrize(
    ("received", "codes"),
    [
        ("2026-11-12T10:00+01:00", [How.WITHIN, How.SAME_TIME]),
        ("2026-06-18T10:00+02:00", [How.WITHIN, How.SKIPPED, How.SAME_TIME]),
        (
            "2026-11-13T16:45+01:00",
            [How.OUTSIDE, How.SKIPPED, How.COUNTED_FROM, How.SAME_TIME, How.CLOSING_BEFORE],
        ),
    ],
)
def test_how_it_was_counted_is_told_step_by_step(received: str, codes: list[How]) -> None:
    due = working.due(datetime.fromisoformat(received), working.default_hours())
    assert [reason.code for reason in due.how] == codes


def test_how_names_the_days_that_were_passed_over() -> None:
    due = working.due(datetime.fromisoformat("2026-06-18T10:00+02:00"), working.default_hours())
    assert [off.code for off in due.how[1].off] == ["midsummer_eve", "midsummer_day", "sunday"]
    due = working.due(datetime.fromisoformat("2026-05-13T10:00+02:00"), PROFILES["local"])
    assert [off.code for off in due.how[1].off] == ["ascension_day", "local", "saturday", "sunday"]


@pytest.mark.parametrize(
    ("received", "days", "due"),
    [
        ("2026-11-12T10:00+01:00", 3, "2026-11-17T10:00:00+01:00"),
        ("2026-12-22T10:00+01:00", 3, "2026-12-29T10:00:00+01:00"),
        ("2026-11-13T16:45+01:00", 3, "2026-11-18T16:30:00+01:00"),
    ],
)
def test_a_promise_is_counted_in_working_days_d38(received: str, days: int, due: str) -> None:
    found = working.due(datetime.fromisoformat(received), working.default_hours(), days=days)
    assert found.at.astimezone(working.ZONE).isoformat() == due


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_opening_and_closing_in_the_nights_when_the_clock_changes() -> None:
    """No such clock time: the first moment after. Twice: an opening takes the first, a closing the last."""
    gap, small, night = PROFILES["gap"], PROFILES["small-hours"], PROFILES["night"]
    assert working.next_opening(at("2026-03-29T00:30+01:00"), gap) == at("2026-03-29T03:00+02:00")
    assert not working.is_open(at("2026-03-29T01:59:59+01:00"), gap)
    assert working.is_open(at("2026-03-29T03:00+02:00"), gap)
    assert working.closing_before(at("2026-10-25T12:00+01:00"), small) == at("2026-10-25T02:30+01:00")
    assert working.is_open(at("2026-10-25T02:45+02:00"), small)
    assert not working.is_open(at("2026-10-25T02:30+01:00"), small)
    twice = Hours(week=(*night.week[:6], (Span(time(2, 30), time(5)),)))
    assert working.next_opening(at("2026-10-25T00:30+02:00"), twice) == at("2026-10-25T02:30+02:00")
    # 1.00 to 5.00 on the clock is three hours in March, five in October.
    for day, seconds in (("2026-03-29", 3 * 3600), ("2026-10-25", 5 * 3600)):
        start = at(f"{day}T00:00").replace(tzinfo=working.ZONE)
        assert working.working_seconds_between(start, start.astimezone(UTC) + timedelta(hours=12), night) == seconds


def test_working_seconds() -> None:
    hours = working.default_hours()
    # Thursday 16.00 to Monday 9.00 over midsummer: half an hour and an hour.
    one, other = at("2026-06-18T16:00+02:00"), at("2026-06-22T09:00+02:00")
    assert working.working_seconds_between(one, other, hours) == 1.5 * 3600
    assert working.working_seconds_between(other, one, hours) == -1.5 * 3600


def test_local_days_never_lengthen_what_the_law_counts() -> None:
    closed = Hours(week=working.default_hours().week, local=(LocalDay(date(2026, 5, 15), (), "klämdag"),))
    assert working.next_working_day(date(2026, 5, 14)) == date(2026, 5, 15)
    assert working.next_working_day(date(2026, 5, 14), closed) == date(2026, 5, 18)


def test_spans_that_meet_are_one_and_a_day_may_end_at_midnight() -> None:
    joined = opening.read_spans("8.00–12.00, 12.00–16.30")
    hours = Hours(week=(joined, joined, joined, joined, joined, (), ()))
    assert working.due(at("2026-11-12T12:00+01:00"), hours).at == at("2026-11-13T12:00+01:00")
    late = opening.read_spans("12:00 - 24.00")
    assert opening.write_spans(late) == "12.00–24.00"
    hours = Hours(week=(late, late, late, late, late, (), ()))
    assert working.is_open(at("2026-11-12T23:59+01:00"), hours)
    assert working.due(at("2026-11-12T02:00+01:00"), hours).at == at("2026-11-13T00:00+01:00")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("16.30–8.00", "backwards"),
        ("8.00–12.00, 11.00–16.00", "overlap"),
        ("8–16", "unreadable"),
        ("25.00–26.00", "unreadable"),
        ("8.00–16.61", "unreadable"),
        ("hej", "unreadable"),
    ],
)
def test_hours_that_contradict_themselves_are_refused(text: str, code: str) -> None:
    with pytest.raises(NoHours) as error:
        opening.read_spans(text)
    assert error.value.code == code


def test_seasons_that_overlap_and_hours_that_never_open_are_refused() -> None:
    default = working.default_hours()
    summer = Season((6, 1), (8, 31), default.week)
    for seasons, code in [
        ((summer, Season((8, 31), (9, 2), default.week)), "seasons_overlap"),
        ((summer, Season((12, 1), (6, 1), default.week)), "seasons_overlap"),
        ((Season((2, 30), (3, 1), default.week),), "bad_date"),
    ]:
        with pytest.raises(NoHours) as error:
            Hours(week=default.week, seasons=seasons)
        assert error.value.code == code
    with pytest.raises(NoHours):
        Hours(week=((), (), (), (), (), default.week[0], ()))
    closed_all_year = Hours(week=default.week, seasons=(Season((1, 1), (12, 31), ((), (), (), (), (), (), ())),))
    with pytest.raises(NoHours):
        working.due(at("2026-11-12T10:00+01:00"), closed_all_year)


def test_what_cannot_be_counted_is_said() -> None:
    hours = working.default_hours()
    with pytest.raises(ValueError, match="zone"):
        working.due(at("2026-11-12T10:00"), hours)
    with pytest.raises(ValueError, match="one working day"):
        working.due(at("2026-11-12T10:00+01:00"), hours, days=0)
    for text in ("1066-10-14T09:00+00:00", "2101-01-03T10:00+01:00", "9999-12-31T23:59+00:00"):
        with pytest.raises(OutOfRange):
            working.due(at(text), hours)
    assert working.due(at("2099-06-01T10:00+02:00"), hours).at == at("2099-06-02T10:00+02:00")
