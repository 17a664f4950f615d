"""D4: every department names contact persons for questions that need fast answers; a gap in that is a finding."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from uppsikt.kernel import trail
from uppsikt.organisation import queries
from uppsikt.organisation.models import Contact, Department, Person
from uppsikt.organisation.rules import Role

pytestmark = pytest.mark.django_db


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def manager_of(name: str) -> tuple[Person, Department]:
    """A manager of one unit, and its department."""
    place = factories.municipality(name)
    person = factories.person(unit=place.unit)
    factories.organisation_actions.give_role(
        person=person, role=Role.MANAGER, unit=place.unit, by=factories.TESTER, now=factories.THURSDAY
    )
    return person, place.department


def test_d4_a_department_without_a_contact_person_is_a_gap_that_shows() -> None:
    place = factories.municipality()
    communications = factories.person(Role.COMMUNICATIONS)
    page = logged_in(communications).get(reverse("organisation:contacts")).content.decode()
    assert "saknar kontaktperson" in page
    today = logged_in(communications).get(reverse("web:today")).content.decode()
    assert f"{place.department.name} saknar kontaktperson" in today


def test_d4_naming_somebody_closes_the_gap_and_stands_in_the_trail() -> None:
    boss, department = manager_of("Gata och park")
    expert = factories.person(name="Åke Ärlig")
    answer = logged_in(boss).post(
        reverse("organisation:add_contact", args=[department.pk]),
        {"person": expert.email, "matter": "snöröjning", "rank": 1},
    )
    assert answer.status_code == 302
    assert [contact.person for contact in queries.contacts(department)] == [expert]
    assert department not in queries.departments_without_contact()
    assert [step.name for step in trail.steps_of(department)] == ["name_contact"]


def test_d4_the_one_ranked_first_is_asked_first() -> None:
    place = factories.municipality()
    for rank, name in ((2, "Andra"), (1, "Första")):
        factories.organisation_actions.add_contact(
            department=place.department,
            person=factories.person(name=name),
            matter="",
            rank=rank,
            by=factories.TESTER,
            now=factories.THURSDAY,
        )
    assert [contact.person.name for contact in queries.contacts(place.department)] == ["Första", "Andra"]


def test_d4_somebody_who_has_left_is_no_contact_person() -> None:
    boss, department = manager_of("Gata och park")
    gone = factories.person()
    factories.organisation_actions.add_contact(
        department=department, person=gone, matter="", rank=1, by=boss.doer, now=timezone.now()
    )
    factories.organisation_actions.change_person(gone, by=boss.doer, now=timezone.now(), is_active=False)
    assert department in queries.departments_without_contact()


def test_d4_a_manager_keeps_the_roster_of_the_own_department_only() -> None:
    boss, own = manager_of("Gata och park")
    other = factories.municipality("Vård och omsorg").department
    contact = Contact.objects.create(department=other, person=boss)
    client = logged_in(boss)
    assert client.get(reverse("organisation:add_contact", args=[own.pk])).status_code == 200
    assert client.get(reverse("organisation:add_contact", args=[other.pk])).status_code == 409
    assert client.post(reverse("organisation:drop_contact", args=[contact.pk])).status_code == 409
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_d4_somebody_unknown_is_refused_in_words_and_nothing_typed_is_lost() -> None:
    boss, department = manager_of("Gata och park")
    page = logged_in(boss).post(
        reverse("organisation:add_contact", args=[department.pk]),
        {"person": "ingen@alvsta.example", "matter": "snöröjning och halka", "rank": 1},
    )
    assert page.status_code == 200
    assert "Ingen har den e-postadressen" in page.content.decode()
    assert "snöröjning och halka" in page.content.decode()
