"""D21: whoever administers an account has a mandate, defined and documented by the nearest manager."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

import factories
from uppsikt.channels import actions, queries
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import Role

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY


def logged_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def manager_of(unit: Unit) -> Person:
    """The manager of one unit alone."""
    person = factories.person(unit=unit)
    factories.organisation_actions.give_role(
        person=person, role=Role.MANAGER, unit=unit, by=factories.TESTER, now=NOW - timedelta(days=1)
    )
    return person


def form(who: Person, /, **fields: object) -> dict[str, object]:
    """A mandate as it is filled in."""
    usual = {
        "person": who.email,
        "acts": ["answer"],
        "since": "2026-11-12",
        "until": "",
        "reason": "Svarar på bloggen",
    }
    return {**usual, **fields}


@pytest.fixture
def channel() -> Channel:
    return factories.channel()


@time_machine.travel(NOW)
def test_d21_the_manager_gives_a_mandate_in_words_with_dates(channel: Channel) -> None:
    boss, officer = manager_of(channel.unit), factories.person(Role.OFFICER)
    answer = logged_in(boss).post(
        reverse("channels:give_mandate", args=[channel.pk]), form(officer, until="2026-11-30")
    )
    assert answer.status_code == 302
    row = Mandate.objects.get(person=officer)
    assert (row.acts, row.reason, row.given_by) == (["answer"], "Svarar på bloggen", boss)
    # From the first moment of the first day to the last of the last, by Swedish clocks.
    assert row.since == datetime(2026, 11, 11, 23, tzinfo=UTC)
    assert row.until == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert queries.mandate(officer, channel, Act.ANSWER, at=row.until - timedelta(seconds=1)) == row
    assert queries.mandate(officer, channel, Act.ANSWER, at=row.until) is None
    assert queries.mandate(officer, channel, Act.HIDE, at=NOW) is None
    step = trail.steps_of(row).get()
    assert (step.name, step.by, step.reason) == ("give", f"person:{boss.pk}", "Svarar på bloggen")


@time_machine.travel(NOW)
def test_d21_only_the_units_own_manager_gives_and_ends_mandates(channel: Channel) -> None:
    other = manager_of(factories.municipality("Vård och omsorg").unit)
    officer = factories.officer(channel)
    held = Mandate.objects.get(person=officer)
    client = logged_in(other)
    refused = client.post(
        reverse("channels:give_mandate", args=[channel.pk]), form(other), headers={"Accept": "text/html"}
    )
    assert refused.status_code == 409
    assert channel.unit.name in refused.content.decode()
    assert client.post(reverse("channels:end_mandate", args=[held.pk])).status_code == 409
    assert Mandate.objects.filter(person=other).count() == 0
    held.refresh_from_db()
    assert held.state == "in_force"


@time_machine.travel(NOW)
def test_d21_a_manager_of_one_unit_gives_none_for_all_channels(channel: Channel) -> None:
    officer = factories.person(Role.OFFICER)
    url = reverse("channels:give_mandate_for_all")
    assert logged_in(manager_of(channel.unit)).post(url, form(officer)).status_code == 409
    assert logged_in(factories.person(Role.MANAGER)).post(url, form(officer)).status_code == 302
    later = factories.channel()
    actions.check_may(later, Act.ANSWER, officer, now=NOW)


@time_machine.travel(NOW)
def test_d21_an_ended_mandate_opens_nothing_from_that_moment(channel: Channel) -> None:
    boss, officer = manager_of(channel.unit), factories.officer(channel)
    actions.check_may(channel, Act.ANSWER, officer, now=NOW)
    held = Mandate.objects.get(person=officer)
    logged_in(boss).post(reverse("channels:end_mandate", args=[held.pk]), {"reason": "Byter enhet"})
    with pytest.raises(Refused) as refused:
        actions.check_may(channel, Act.ANSWER, officer, now=NOW)
    assert refused.value.code == "no_mandate"
    assert trail.steps_of(held).get(name="end").reason == "Byter enhet"


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"until": "2026-11-01"}, "Uppdraget tar slut innan det börjar"),
        ({"acts": []}, "Uppdraget ger rätt att"),
        ({"reason": ""}, "Uppdraget i ord"),
        ({"person": "ingen@alvsta.example"}, "Ingen har den e-postadressen"),
    ],
)
def test_d21_a_mandate_that_says_too_little_is_not_given(
    channel: Channel, fields: dict[str, object], words: str
) -> None:
    page = logged_in(manager_of(channel.unit)).post(
        reverse("channels:give_mandate", args=[channel.pk]), form(channel.responsible, **fields)
    )
    assert page.status_code == 200
    assert words in page.content.decode()
    assert Mandate.objects.count() == 0


@time_machine.travel(NOW)
def test_d21_a_mandate_that_ends_soon_shows_to_its_holder_and_to_the_manager(channel: Channel) -> None:
    boss, officer = manager_of(channel.unit), factories.person(Role.OFFICER, name="Åsa Öberg")
    factories.mandate(officer, channel, until=NOW + timedelta(days=13), given_by=boss)
    far = factories.person(Role.OFFICER)
    factories.mandate(far, channel, until=NOW + timedelta(days=40), given_by=boss)
    assert "Ditt uppdrag" in logged_in(officer).get("/").content.decode()
    page = logged_in(boss).get("/").content.decode()
    assert "Åsa Öberg" in page
    assert far.name not in page
    assert "Ditt uppdrag" not in logged_in(far).get("/").content.decode()


@time_machine.travel(NOW)
def test_d21_a_channel_where_nobody_has_a_mandate_is_shown_to_those_who_can_mend_it(channel: Channel) -> None:
    boss = manager_of(channel.unit)
    words = f"Ingen har uppdrag i {channel.name}"
    assert words in logged_in(boss).get("/").content.decode()
    assert words in logged_in(factories.person(Role.COMMUNICATIONS)).get("/").content.decode()
    factories.officer(channel)
    assert words not in logged_in(boss).get("/").content.decode()


@time_machine.travel(NOW)
def test_d21_somebody_who_has_left_has_no_mandate(channel: Channel) -> None:
    officer = factories.officer(channel)
    factories.organisation_actions.change_person(officer, by=factories.TESTER, now=NOW, is_active=False)
    assert officer not in queries.people_on(channel, Act.ANSWER, at=NOW)
    assert logged_in(officer).get("/").status_code == 302
