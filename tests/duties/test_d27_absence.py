"""D27: nobody is away without cover, and who covers sees to what is theirs. D35: deadlines find somebody there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

import factories
from inbox.support import logged_in
from uppsikt.channels.models import Channel
from uppsikt.inbox import actions, reminders
from uppsikt.inbox.models import Case
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.notices.models import Notice
from uppsikt.organisation import absences
from uppsikt.organisation import actions as organisation
from uppsikt.organisation import queries as organisation_queries
from uppsikt.organisation.models import Absence, Person
from uppsikt.organisation.rules import Role

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def thursday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def boss() -> Person:
    return factories.person(Role.ADMINISTRATOR)


def away(person: Person, cover: Person, boss: Person, since: datetime = NOW, until: datetime = NOW + WEEK) -> Absence:
    return absences.note(person=person, cover=cover, since=since, until=until, by=boss, now=NOW)


def people(count: int) -> list[Person]:
    return [factories.person() for _ in range(count)]


def test_d27_a_chain_of_covers_is_followed_to_somebody_who_is_there(boss: Person) -> None:
    one, two, three = people(3)
    away(one, two, boss)
    away(two, three, boss)
    assert absences.standing_in([one, two, three], at=NOW) == {one.pk: three, two.pk: three, three.pk: three}
    assert absences.covered_by(three, at=NOW) == {one.pk, two.pk}
    assert absences.covered_by(two, at=NOW) == frozenset()
    assert absences.standing_in([one], at=NOW + WEEK) == {one.pk: one}


@pytest.mark.parametrize("wrong", ["itself", "loop", "long_loop", "overlap", "left", "backwards", "past", "another"])
def test_d27_an_absence_that_covers_nobody_is_refused(wrong: str, boss: Person) -> None:
    one, two, three = people(3)
    by, cover, since, until = boss, two, NOW, NOW + WEEK
    if wrong == "itself":
        cover = one
    elif wrong == "loop":
        away(two, one, boss)
    elif wrong == "long_loop":
        away(two, three, boss)
        away(three, one, boss, since=NOW + timedelta(days=2))
    elif wrong == "overlap":
        away(one, three, boss)
    elif wrong == "left":
        Person.objects.filter(pk=two.pk).update(is_active=False)
        cover.refresh_from_db()
    elif wrong == "backwards":
        until = NOW
    elif wrong == "past":
        since, until = NOW - WEEK, NOW - timedelta(days=1)
    else:
        by = three
    with pytest.raises(Refused) as refusal:
        absences.note(person=one, cover=cover, since=since, until=until, by=by, now=NOW)
    expected = {"itself": "no_cover", "left": "no_cover", "long_loop": "loop", "backwards": "ends_first"}
    assert refusal.value.code == {**expected, "another": "not_yours"}.get(wrong, wrong)


def test_d27_two_may_cover_for_each_other_at_different_times(boss: Person) -> None:
    one, two = people(2)
    away(one, two, boss)
    away(two, one, boss, since=NOW + WEEK, until=NOW + 2 * WEEK)
    assert absences.covers(NOW + WEEK) == {two.pk: one.pk}


def test_d27_the_database_itself_refuses_an_absence_without_a_cover() -> None:
    one = factories.person()
    for cover in (None, one):
        with pytest.raises(IntegrityError), transaction.atomic():
            Absence.objects.create(person=one, cover=cover, since=NOW, until=NOW + WEEK, noted_by=one, noted_at=NOW)


def test_d27_oneself_and_the_units_manager_note_an_absence_and_end_it(boss: Person) -> None:
    unit, other = factories.municipality().unit, factories.municipality("Teknik").unit
    one, two = factories.person(unit=unit), factories.person(unit=unit)
    manager, stranger = factories.person(unit=unit), factories.person(unit=other)
    for person, of in ((manager, unit), (stranger, other)):
        organisation.give_role(person=person, role=Role.MANAGER, unit=of, by=factories.TESTER, now=NOW - WEEK)
    data = {"since": "2026-11-12", "until": "2026-11-20", "cover": two.email}
    address = reverse("organisation:absence")
    assert logged_in(one).post(address, data).status_code == 302
    row = Absence.objects.get(person=one)
    assert (row.since, row.until) == (NOW, datetime.fromisoformat("2026-11-21T00:00:00+01:00"))
    refused = logged_in(stranger).post(address, {**data, "person": two.email, "cover": manager.email})
    assert "enhetens chef" in refused.content.decode()
    logged_in(manager).post(address, {**data, "person": two.email, "cover": manager.email})
    assert Absence.objects.filter(person=two, cover=manager).exists()
    logged_in(stranger).post(reverse("organisation:end_absence", args=[row.pk]))
    assert Absence.objects.get(pk=row.pk).ended_at is None
    logged_in(manager).post(reverse("organisation:end_absence", args=[row.pk]))
    assert Absence.objects.get(pk=row.pk).ended_at == NOW
    assert [step.name for step in trail.steps_of(one)][-2:] == ["note_absence", "end_absence"]


def test_d27_the_page_tells_a_form_without_a_cover(client: Client) -> None:
    client.force_login(factories.person())
    answer = client.post(reverse("organisation:absence"), {"since": "2026-11-12", "until": "2026-11-20"})
    assert answer.status_code == 422
    assert "Välj en kollega som ersätter" in answer.content.decode()


# Deadlines find somebody who is there (D35).


@pytest.fixture
def channel() -> Channel:
    return factories.channel()


def told(case: Case) -> list[tuple[str, list[str]]]:
    """The steps that told of the deadline, and whom."""
    names = dict(Person.objects.values_list("pk", "name"))
    found = trail.steps_of(case).filter(name__in=["warn", "escalate", "late"])
    # The managers who gave the mandates are told too; those that the test speaks of have names of their own.
    called = [(step.name, sorted(names[pk] for pk in step.facts["told"])) for step in found]
    return [(name, [each for each in people if not each.startswith("Person ")]) for name, people in called]


def test_d35_the_deadline_is_told_to_the_holder_then_the_manager_then_the_communications_unit(channel: Channel) -> None:
    holder = factories.officer(channel, name="Hanna")
    factories.person(Role.MANAGER, name="Chefen")
    factories.person(Role.COMMUNICATIONS, name="Kommunikation")
    case = factories.case(channel)
    actions.take(case, holder, now=NOW)
    minutes = timedelta(minutes=1)
    for before in (90, 59, 58, 29, 28, -1, -2, -600):
        reminders.remind(now=case.due_at - before * minutes)
    assert told(case) == [
        ("warn", ["Hanna"]),
        ("escalate", ["Chefen"]),
        ("late", ["Chefen", "Hanna", "Kommunikation"]),
    ]
    assert Notice.objects.filter(person=holder).count() == 2
    case.refresh_from_db()
    assert case.told_level == reminders.LATE


def test_d27_d35_the_cover_is_told_at_once_where_the_holder_is_away(channel: Channel, boss: Person) -> None:
    holder, cover = factories.officer(channel, name="Hanna"), factories.officer(channel, name="Vikarien")
    case = factories.case(channel)
    actions.take(case, holder, now=NOW)
    away(holder, cover, boss)
    reminders.remind(now=case.due_at - timedelta(minutes=50))
    assert told(case) == [("warn", ["Vikarien"])]


def test_d27_d35_a_cover_who_may_not_answer_is_not_warned_alone_but_the_manager_and_all_who_may(
    channel: Channel, boss: Person
) -> None:
    holder, colleague = factories.officer(channel, name="Hanna"), factories.officer(channel, name="Kollegan")
    factories.person(Role.MANAGER, name="Chefen")
    cover = factories.person(Role.OFFICER, name="Vikarien")
    case = factories.case(channel)
    actions.take(case, holder, now=NOW)
    away(holder, cover, boss)
    reminders.remind(now=case.due_at - timedelta(minutes=50))
    assert told(case) == [("warn", ["Chefen", colleague.name])]
    reminders.remind(now=case.due_at)
    assert told(case)[-1] == ("late", ["Chefen", colleague.name])


def test_d27_d35_a_managers_cover_is_told_only_of_what_is_there_for_them(channel: Channel, boss: Person) -> None:
    factories.person(Role.COMMUNICATIONS, name="Kommunikation")
    case = factories.case(channel)
    for manager in organisation_queries.managers(case.holder_unit, at=NOW):
        away(manager, factories.person(name="Vikarien"), boss)
    assert [person.name for person in reminders.who(case, reminders.MANAGER, now=NOW)] == ["Kommunikation"]


def test_d27_d21_whoever_chooses_a_cover_hears_where_that_one_may_not_answer(channel: Channel) -> None:
    holder, cover = factories.officer(channel), factories.person(Role.OFFICER, name="Vikarien")
    data = {"since": "2026-11-12", "until": "2026-11-20", "cover": cover.email}
    shown = logged_in(holder).post(reverse("organisation:absence"), data, follow=True).content.decode()
    assert f"Vikarien saknar uppdrag i {channel.name} och kan inte svara där." in shown
    factories.mandate(cover, channel)
    assert absences.concerns(holder, cover, at=NOW) == []


def test_d35_where_nobody_is_there_the_manager_is_told_at_once(channel: Channel) -> None:
    factories.person(Role.MANAGER, name="Chefen")
    case = factories.case(channel)
    Person.objects.filter(pk=channel.responsible_id).update(is_active=False)
    reminders.remind(now=case.due_at - timedelta(minutes=50))
    assert told(case) == [("warn", ["Chefen"])]


def test_d35_a_new_deadline_is_told_of_anew(channel: Channel) -> None:
    holder = factories.officer(channel)
    case = factories.case(channel)
    actions.take(case, holder, now=NOW)
    reminders.remind(now=case.due_at)
    actions.reopen(actions.no_answer(case, "Tack", by=holder, now=NOW), reason="Fel", by=holder, now=NOW + WEEK)
    case.refresh_from_db()
    assert reminders.remind(now=case.due_at - timedelta(minutes=50)) == 1
    assert [name for name, _people in told(case)] == ["late", "warn"]
