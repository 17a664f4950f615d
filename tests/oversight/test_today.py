"""D25-D27, D71: Idag says which round is due and why, which was missed, and on which day nobody is there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

import factories
from factories import THURSDAY
from oversight import support
from uppsikt.channels.models import Channel
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import dues, heightening, holes, rota, watching
from uppsikt.oversight.rota import Days
from uppsikt.web import today_oversight
from uppsikt.web.today_line import Line

pytestmark = pytest.mark.django_db
NOW = THURSDAY + timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def channel() -> Channel:
    made = factories.channel(name="Älvsta bibliotek", now=THURSDAY - timedelta(days=3))
    watching.watch(made, now=THURSDAY - timedelta(days=3))
    return made


def lines(person: Person) -> list[Line]:
    return list(today_oversight.lines(Person.objects.get(pk=person.pk), now=NOW))


def test_the_round_of_the_day_is_told_to_whoever_is_on_duty(channel: Channel) -> None:
    eva, karin = (
        support.looker(channel, name=name, now=THURSDAY - timedelta(days=3)) for name in ("Eva Ek", "Karin Sjö")
    )
    days = Days(since=THURSDAY.date() - timedelta(days=3))
    rota.put_on_duty(
        person=eva,
        cover=karin,
        days=days,
        channel=channel,
        by=factories.person(Role.MANAGER),
        now=NOW - timedelta(days=2),
    )
    dues.walk(now=NOW)
    (due, *rest) = [line for line in lines(eva) if line.due_at is not None and line.due_at >= NOW]
    assert due.what == "Gör uppsiktsrundan i Älvsta bibliotek"
    assert due.why == "Varje arbetsdag ska någon ha sett vad som har skrivits."
    assert due.due_at == support.local("2026-11-12 16.30")
    assert rest == []
    assert not [line for line in lines(karin) if line.due_at is not None and line.due_at >= NOW], "she is not on duty"
    support.look(eva, [channel], NOW)
    assert lines(eva) == [], "it is made, and makes good what was missed"


def test_heightened_oversight_is_the_reason_that_asks_most(channel: Channel) -> None:
    eva = support.looker(channel, name="Eva Ek", now=THURSDAY - timedelta(days=3))
    heightening.order(channel, until=NOW + timedelta(days=1), reason="Debatt", by=eva, now=NOW - timedelta(hours=1))
    dues.walk(now=NOW)
    assert lines(eva)[0].why.startswith("Uppsikten är skärpt")


def test_a_missed_round_is_told_to_the_one_who_answers_for_the_channel(channel: Channel) -> None:
    dues.walk(now=NOW)
    missed = [line for line in lines(channel.responsible) if line.tone == "danger"]
    assert [line.what for line in missed] == ["En uppsiktsrunda är missad i Älvsta bibliotek"]
    assert lines(factories.person(Role.OFFICER, name="En annan")) == []


def test_a_day_with_nobody_is_told_to_those_who_keep_the_rota(channel: Channel) -> None:
    eva, karin = (
        support.looker(channel, name=name, now=THURSDAY - timedelta(days=3)) for name in ("Eva Ek", "Karin Sjö")
    )
    manager = factories.person(Role.MANAGER, name="Mona Chef")
    days = Days(since=THURSDAY.date(), weekdays=frozenset({0, 1, 2, 3}))
    rota.put_on_duty(person=eva, cover=karin, days=days, channel=channel, by=manager, now=NOW)
    holes.look(now=NOW)
    told = [line for line in lines(manager) if line.icon == "calendar-event"]
    assert [line.what for line in told] == ["2 rundor de närmaste två veckorna har ingen som kan göra dem"], (
        "two Fridays"
    )
    assert told[0].why.startswith("Ingen står på schemat.")
    assert not [line for line in lines(eva) if line.icon == "calendar-event"], "she does not keep the rota"
