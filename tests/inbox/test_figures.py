"""Figures (D4, D24, D35): the database counts what plain Python counts, by the hours of the duty tables."""

from __future__ import annotations

import csv
import io
import math
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

import factories
from inbox.support import NOW, logged_in, published, thursday
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Direction
from uppsikt.inbox import actions, answers, figures, measure
from uppsikt.inbox.answers import Author
from uppsikt.inbox.models import Case, Figure, FirstAnswer
from uppsikt.kernel import working
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role

__all__ = ["thursday"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]
HOUR = timedelta(hours=1)


@pytest.fixture
def channel() -> Channel:
    return factories.channel()


@pytest.fixture
def officer(channel: Channel) -> Person:
    return factories.officer(None)


def answer(case: Case, officer: Person, at: datetime, *, holding: bool = False) -> None:
    case.refresh_from_db()
    if holding:
        row = answers.hold(case, "Vi återkommer", publisher=officer, now=at)
    else:
        row = answers.answer(case, "Ja", author=Author.of(officer), publisher=officer, now=at)
    published(row, now=at)


@pytest.mark.parametrize(
    ("received", "answered", "seconds"),
    [
        # Within one day; over a closed night; over a weekend; asked at night, answered before opening.
        (datetime(2026, 11, 12, 9, tzinfo=UTC), datetime(2026, 11, 12, 10, 30, tzinfo=UTC), 5400),
        (datetime(2026, 11, 12, 15, tzinfo=UTC), datetime(2026, 11, 13, 7, 30, tzinfo=UTC), 3600),
        (datetime(2026, 11, 13, 15, tzinfo=UTC), datetime(2026, 11, 16, 7, tzinfo=UTC), 1800),
        (datetime(2026, 11, 12, 22, tzinfo=UTC), datetime(2026, 11, 13, 6, tzinfo=UTC), 0),
    ],
)
def test_d35_waiting_is_counted_in_opening_time(received: datetime, answered: datetime, seconds: int) -> None:
    assert measure.waited(received, answered) == seconds


def test_d35_the_first_answer_of_each_time_that_a_case_stood_open_counts_once(
    channel: Channel, officer: Person
) -> None:
    case = factories.case(channel)
    answer(case, officer, NOW + HOUR, holding=True)
    answer(case, officer, NOW + 2 * HOUR)
    more = factories.item(channel, thread=case.thread.native_id, at=NOW + 3 * HOUR)
    actions.receive(more, now=NOW + 3 * HOUR)
    ours = factories.item(channel, thread=case.thread.native_id, at=NOW + 4 * HOUR, direction=Direction.DRAWN_UP)
    actions.answered_elsewhere(ours, now=NOW + 5 * HOUR)
    rows = list(FirstAnswer.objects.order_by("id").values_list("seconds", "holding", "in_time"))
    assert rows == [(3600, True, True), (3600, False, True)]


def disc(values: list[int], share: float) -> int | None:
    """The smallest value that so large a share of the values does not exceed: plain Python's percentile_disc."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None


def test_d4_d35_the_months_figures_are_what_plain_python_counts(channel: Channel, officer: Person) -> None:
    dice, hours = random.Random(35), working.default_hours()  # a steady row of numbers, no secret
    other = factories.channel(unit=factories.municipality("Teknik").unit)
    expected: dict[tuple[int | None, int | None], list[tuple[int, bool]]] = {}
    received: dict[tuple[int | None, int | None], int] = {}
    start = datetime(2026, 10, 14, 7, tzinfo=UTC)
    for _ in range(24):
        where = dice.choice([channel, other])
        at = start + timedelta(minutes=dice.randrange(60 * 24 * 14))
        case = factories.case(where, at=at, now=at)
        scopes = [(None, None), (where.unit_id, None), (None, where.pk)]
        for scope in scopes:
            received[scope] = received.get(scope, 0) + 1
        if dice.random() < 0.25:
            actions.no_answer(case, "Tack", by=officer, now=at)
            continue
        then = at + timedelta(minutes=dice.randrange(60 * 40))
        answer(case, officer, then)
        waited = int(working.working_seconds_between(at, then, hours))
        for scope in scopes:
            expected.setdefault(scope, []).append((waited, then <= working.due(at, hours).at))
    month = date(2026, 10, 1)
    figures.make(month, now=NOW)
    figures.make(month, now=NOW)
    found = {(row.unit_id, row.channel_id): row for row in Figure.objects.filter(month=month)}
    assert set(found) == set(received)
    for scope, row in found.items():
        waits = [seconds for seconds, _in_time in expected.get(scope, [])]
        assert (row.received, row.answered) == (received[scope], len(waits))
        assert row.in_time == sum(in_time for _seconds, in_time in expected.get(scope, []))
        assert row.no_answer == received[scope] - len(waits)
        assert (row.median, row.p90) == (disc(waits, 0.5), disc(waits, 0.9))


def test_d35_a_month_begins_at_midnight_in_sweden() -> None:
    assert figures.month_of(datetime(2026, 10, 31, 23, 30, tzinfo=UTC)) == date(2026, 11, 1)
    assert figures.bounds(date(2026, 7, 1))[0] == datetime(2026, 6, 30, 22, tzinfo=UTC)


def test_d24_load_shows_by_unit_and_person(channel: Channel, officer: Person) -> None:
    late, open_, closed = (factories.case(channel, at=NOW - number * 24 * HOUR) for number in (3, 0, 1))
    for case in (late, open_):
        actions.take(case, officer, now=NOW)
    actions.no_answer(closed, "Tack", by=officer, now=NOW)
    everything = figures.Reach(None)
    assert figures.of_people(everything, now=NOW) == [figures.Load(officer.name, 2, 1)]
    (unit,) = figures.of_units(everything, now=NOW)
    assert (unit.name, unit.open, unit.late) == (channel.unit.name, 2, 1)
    assert figures.of_units(figures.Reach(frozenset()), now=NOW) == []


def test_d4_managers_see_their_own_units_figures_and_no_others(channel: Channel, officer: Person) -> None:
    other = factories.channel(unit=factories.municipality("Teknik").unit, name="Teknikkanalen")
    for where in (channel, other):
        case = factories.case(where)
        answer(case, officer, NOW + HOUR)
    figures.make_due(now=NOW)
    manager = factories.person()
    organisation.give_role(
        person=manager, role=Role.MANAGER, unit=channel.unit, by=factories.TESTER, now=NOW - 24 * HOUR
    )
    page = logged_in(manager).get(f"/inkorg/siffror/?enhet={other.unit_id}")
    assert page.context["scope"].unit == channel.unit
    assert "Teknikkanalen" not in page.content.decode()
    for role in (Role.COMMUNICATIONS, Role.AUDITOR):
        shown = logged_in(factories.person(role)).get("/inkorg/siffror/")
        assert shown.context["scope"].unit is None
        assert shown.context["rows"][0]["figure"].answered == 2
        assert "<svg" in shown.content.decode()


def test_d4_the_same_figures_as_a_file(channel: Channel, officer: Person) -> None:
    answer(factories.case(channel), officer, NOW + HOUR)
    figures.make_due(now=NOW)
    client: Client = logged_in(factories.person(Role.AUDITOR))
    text = client.get(f"/inkorg/siffror/csv/?kanal={channel.pk}").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert rows[1] == ["2026-11", "1", "1", "1", "0", "0", "60", "60"]
