"""How a deadline was counted, in words (D35), and the plan as it is written in a form."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.utils import translation

from uppsikt.kernel import working
from uppsikt.kernel.hours import Span, read_spans
from uppsikt.kernel.terminal import Trouble
from uppsikt.kernel.working import ZONE, Hours, LocalDay
from uppsikt.policy import commands, rules, words

DEFAULT = working.default_hours()


@pytest.fixture(autouse=True)
def swedish(monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")
    with translation.override("sv"):
        yield


def how(text: str, hours: Hours = DEFAULT, days: int = 1) -> list[str]:
    return words.how_words(working.due(datetime.fromisoformat(text).replace(tzinfo=ZONE), hours, days=days))


def test_friday_after_closing() -> None:
    assert how("2026-11-13T16:45") == [
        "Kom in fredag 13 november 16.45, efter stängning.",
        "Räknas inte som arbetsdag: lördag 14 november, söndag 15 november.",
        "Räknas från nästa öppning, måndag 16 november 08.00.",
        "Samma klockslag nästa arbetsdag är tisdag 17 november 08.00.",
        "Då har det inte varit öppet än, så stängningen före gäller: måndag 16 november 16.30.",
    ]


def test_over_midsummer() -> None:
    assert how("2026-06-18T10:00")[1] == (
        "Räknas inte som arbetsdag: midsommarafton 19 juni, midsommardagen 20 juni, söndag 21 juni."
    )


@pytest.mark.parametrize(
    ("received", "first"),
    [
        ("2026-11-12T10:00", "Kom in torsdag 12 november 10.00, inom öppettid."),
        ("2026-11-12T07:00", "Kom in torsdag 12 november 07.00, före öppning."),
        ("2026-11-14T10:00", "Kom in lördag 14 november 10.00, när det är stängt hela dagen."),
        ("2026-06-19T10:00", "Kom in fredag 19 juni 10.00, när det är stängt hela dagen (midsommarafton)."),
        ("2026-12-31T10:00", "Kom in torsdag 31 december 2026 10.00, när det är stängt hela dagen (nyårsafton)."),
    ],
)
def test_how_it_came_in(received: str, first: str) -> None:
    assert how(received)[0] == first


def test_breaks_half_days_local_days_and_promises() -> None:
    day, half = read_spans("8.00–12.00, 13.00–16.30"), read_spans("8.00–12.00")
    hours = Hours(week=(day, day, day, day, half, (), ()), local=(LocalDay(date(2026, 11, 17), (), "planeringsdag"),))
    assert how("2026-11-11T12:30", hours)[0] == "Kom in onsdag 11 november 12.30, under en paus."
    assert (
        how("2026-11-11T13:00", hours)[-1] == "Då är det paus, så stängningen före gäller: torsdag 12 november 12.00."
    )
    assert how("2026-11-12T15:00", hours)[-1] == (
        "Då har det redan stängt, så den dagens stängning gäller: fredag 13 november 12.00."
    )
    assert how("2026-11-16T10:00", hours)[1] == "Räknas inte som arbetsdag: planeringsdag 17 november."
    assert how("2026-11-17T10:00", hours)[0].endswith("(planeringsdag).")
    assert (
        how("2026-11-09T10:00", DEFAULT, days=3)[-1]
        == "Samma klockslag 3 arbetsdagar senare är torsdag 12 november 10.00."
    )


def test_every_holiday_has_a_name() -> None:
    for year in range(2024, 2031):
        for month in range(1, 13):
            for day in range(1, 29):
                code = working.holiday(date(year, month, day))
                assert not code or str(words.HOLIDAYS[code])
    assert set(words.HOLIDAYS) == set(working.HOLIDAYS.values())


def test_a_deadline_for_texts_that_are_read_later() -> None:
    at = datetime(2026, 11, 16, 16, 30, tzinfo=ZONE)
    assert words.due_words(at, now=datetime(2026, 11, 13, tzinfo=ZONE)) == "måndag 16 november 16.30"
    assert words.due_words(at, now=datetime(2025, 11, 13, tzinfo=ZONE)) == "måndag 16 november 2026 16.30"


def test_a_plan_reads_back_as_written_and_takes_words() -> None:
    plan = ((24, 30), (168, 360))
    assert rules.read_plan(rules.write_plan(plan)) == plan
    assert rules.read_plan("upp till 24 timmar: var 30 minut\n\n168 h: 360 min") == plan
    with pytest.raises(rules.BadValue):
        rules.read_plan("ofta")


def test_a_day_in_a_form() -> None:
    assert rules.read_day(" ") is None
    assert rules.read_day("Stängt") == ()
    assert rules.read_day("8:00-16:30") == (Span(datetime(2026, 1, 1, 8).time(), datetime(2026, 1, 1, 16, 30).time()),)  # noqa: DTZ001


def test_the_command_line_without_a_database() -> None:
    lines = commands.deadline("2026-11-13T16:45", ask_database=False)
    assert lines[0] == "2026-11-16T16:30:00+01:00"
    assert "efter stängning" in lines[1]
    assert lines[-1].startswith("Räknat med de öppettider som Uppsikt kommer med")


@pytest.mark.django_db
def test_the_command_line_with_a_database() -> None:
    assert commands.deadline("2026-11-12T09:00Z") == [
        "2026-11-13T10:00:00+01:00",
        "Kom in torsdag 12 november 10.00, inom öppettid.",
        "Samma klockslag nästa arbetsdag är fredag 13 november 10.00.",
    ]


@pytest.mark.parametrize(
    ("text", "part"), [("i morgon", "2026-11-13T16:45"), ("", "2026-11-13T16:45"), ("1066-10-14T09:00", "Helgdagarna")]
)
def test_what_cannot_be_counted_is_said_with_what_to_write(text: str, part: str) -> None:
    with pytest.raises(Trouble, match=part):
        commands.deadline(text, ask_database=False)
