"""D21, D24, D25: who may look, order and keep the rota, asked in every way that the room asks it, for every role."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import time_machine

import factories
from factories import THURSDAY
from oversight import support
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.oversight import actions, heightening, queries, rota, watching
from uppsikt.oversight.models import Duty, Heightened, Plan, Round, Sweep
from uppsikt.oversight.rota import Days
from uppsikt.oversight.rules import What

pytestmark = pytest.mark.django_db
NOW = THURSDAY + timedelta(hours=2)
BEFORE = THURSDAY - timedelta(days=20)


def with_role(role: Role, unit: Unit | None, name: str) -> Person:
    """Somebody with a role for one unit, or for all."""
    made = factories.person(name=name, now=BEFORE)
    factories.organisation_actions.give_role(person=made, role=role, unit=unit, by=factories.TESTER, now=BEFORE)
    return Person.objects.get(pk=made.pk)


def test_everyone_is_told_the_same_whichever_way_it_is_asked() -> None:
    """A channel's lookers and a looker's channels are one truth; so are the channels that somebody oversees."""
    one, two = factories.municipality("Ett").unit, factories.municipality("Två").unit
    channels = [factories.channel(unit=unit, now=BEFORE) for unit in (one, one, two)]
    people = [with_role(role, unit, f"{role} {unit}") for role in Role for unit in (None, one)]
    held = [factories.person(name=f"Uppdrag {number}", now=BEFORE) for number in range(4)]
    factories.mandate(held[0], channels[0], Act.HIDE, since=BEFORE)
    factories.mandate(held[1], None, since=BEFORE)
    factories.mandate(held[2], channels[1], since=BEFORE, until=NOW - timedelta(minutes=1))
    factories.mandate(held[3], channels[2], since=BEFORE)
    Person.objects.filter(pk=held[3].pk).update(is_active=False)
    with time_machine.travel(NOW, tick=False):
        able = queries.able(channels, at=NOW)
        for row in Person.objects.all():
            mine = {pk for pk, people_there in able.items() if row.pk in people_there}
            assert queries.looked_after(row, at=NOW) == mine, row.name
            overseen = set(queries.overseen(row, at=NOW).values_list("pk", flat=True))
            assert queries.overseen_of(row, channels, at=NOW) == overseen, row.name
    assert {each.pk for each in people} >= able[channels[0].pk] - {each.pk for each in held}
    assert held[0].pk in able[channels[0].pk]
    assert held[1].pk in able[channels[2].pk]
    assert not {held[2].pk, held[3].pk} & set().union(*able.values())


@pytest.fixture
def channel() -> Channel:
    made = factories.channel(now=BEFORE)
    watching.watch(made, now=NOW - timedelta(days=1))
    return made


def refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except Refused as refusal:
        assert refusal.words
        return True
    return False


@pytest.mark.parametrize("role", list(Role))
def test_no_role_alone_does_what_takes_a_mandate_or_the_rota(channel: Channel, role: Role) -> None:
    """The communications unit looks everywhere and keeps every rota, a manager keeps theirs; nobody else, anything."""
    who, (anna, cia) = with_role(role, None, "Rut"), (support.looker(channel, name=name) for name in ("Anna", "Cia"))
    days = Days(since=NOW.date())
    with time_machine.travel(NOW, tick=False):
        looks = role is Role.COMMUNICATIONS
        keeps = role in {Role.COMMUNICATIONS, Role.MANAGER}
        assert refused(lambda: actions.open_sweep([channel], by=who, now=NOW)) is not looks
        until = NOW + timedelta(days=1)
        assert refused(lambda: heightening.order(channel, until=until, reason="x", by=who, now=NOW)) is not keeps
        put = {"person": anna, "cover": cia, "days": days, "channel": channel, "now": NOW}
        assert refused(lambda: rota.put_on_duty(**put, by=who)) is not keeps
        assert (
            refused(lambda: rota.set_plan(rounds=1, week=[], reason="x", channel=channel, by=who, now=NOW)) is not keeps
        )
    assert Round.objects.exists() is looks
    assert {Heightened.objects.exists(), Duty.objects.exists(), Plan.objects.exists()} == {keeps}


def test_what_has_ended_takes_nothing_more(channel: Channel) -> None:
    """Every deed on a sweep, by its own looker, once it is signed, left, too old, or its mandate has ended."""
    anna = support.looker(channel, name="Anna", now=BEFORE)
    item = factories.item(channel, at=NOW - timedelta(hours=1))

    def begun(at: timedelta) -> Sweep:
        return actions.open_sweep([channel], by=anna, now=NOW + at)

    with time_machine.travel(NOW, tick=False):
        signed = begun(timedelta())
        support.shown(signed, now=NOW)
        actions.sign(signed, by=anna, now=NOW)
        left = begun(timedelta(minutes=1))
        actions.leave(left, by=anna, now=NOW + timedelta(minutes=2))
        old = begun(timedelta(minutes=3))
        for ended in (signed, left):
            assert refused(partial(actions.note_deed, ended, item, what=What.HIDDEN, by=anna, now=NOW))
            assert refused(partial(actions.sign, ended, by=anna, now=NOW + timedelta(minutes=4)))
            assert actions.show(ended, [item.pk], by=anna, now=NOW) == 0
        assert refused(lambda: actions.sign(old, by=anna, now=NOW + actions.LONGEST_OPEN + timedelta(hours=1)))
        stranger = support.looker(channel, name="Bo", now=BEFORE)
        for attempt in (
            lambda: actions.sign(old, by=stranger, now=NOW),
            lambda: actions.show(old, [item.pk], by=stranger, now=NOW),
            lambda: actions.note_deed(old, item, what=What.HIDDEN, by=stranger, now=NOW),
            lambda: actions.leave(old, by=stranger, now=NOW),
        ):
            assert refused(attempt)
    assert Round.objects.filter(state="signed").count() == 1
