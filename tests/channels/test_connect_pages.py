"""Connecting in the browser: each step, each thing that goes wrong, and nothing typed is lost (Must show 3; D5)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

import factories
from practice_network import Network
from uppsikt.channels import actions, vault
from uppsikt.channels.models import Channel
from uppsikt.notices.models import Notice
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.register import opening

pytestmark = pytest.mark.django_db
URL = "/kanaler/anslut/"


class Visit:
    """Somebody at the three steps."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.client = Client()
        self.client.force_login(person)

    def post(self, **fields: Any) -> str:
        answer = self.client.post(URL, fields, follow=True)
        assert answer.status_code == 200
        self.page: str = answer.content.decode()
        return self.page

    def sealed(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]+)"', self.page)
        assert found, self.page
        return found.group(1)

    def details(self, **fields: Any) -> dict[str, Any]:
        usual = {
            "step": "try",
            "found": self.sealed("found"),
            "name": "Övningskanalen",
            "unit": self.person.unit_id,
            "responsible": self.person.email,
            "reason": "Öppet sedan 2019",
        }
        return {**usual, **fields}


@pytest.fixture
def visit() -> Visit:
    return Visit(factories.person(Role.COMMUNICATIONS))


def test_a_channel_is_connected_in_three_steps(visit: Visit, network: Network) -> None:
    token = network.open("alvsta")
    page = visit.post(address=f"{network.base}/@alvsta")
    assert "Övningsnätet" in page
    assert "Åtkomstnyckel" in page
    page = visit.post(**visit.details(token=token))
    assert "Uppgifterna fungerar" in page
    assert token not in page
    assert Channel.objects.count() == 0
    page = visit.post(step="save", tried=visit.sealed("tried"))
    assert "Kanalen är ansluten" in page
    channel = Channel.objects.get()
    assert (channel.name, channel.unit, channel.responsible) == ("Övningskanalen", visit.person.unit, visit.person)
    assert vault.secrets_of(channel) == {"token": token}
    assert token not in str(Channel.objects.values())
    page = visit.post(address=f"{network.base}/@alvsta")
    assert "redan ansluten" in page


def test_d12_for_a_system_administrator_it_is_connected_and_the_communications_unit_says_that_it_is_open(
    visit: Visit, network: Network
) -> None:
    token = network.open("alvsta")
    administrator = Visit(factories.person(Role.ADMINISTRATOR))
    page = administrator.post(address=f"{network.base}/@alvsta")
    assert "Kommunikationsenheten öppnar det här" in page
    assert 'name="reason"' not in page
    administrator.post(**administrator.details(token=token))
    administrator.post(step="save", tried=administrator.sealed("tried"))
    channel = Channel.objects.get()
    assert (channel.state, channel.is_at_work) == ("opening", True)
    opening.tell_of_unopened(channel, now=factories.THURSDAY)
    assert Notice.objects.get(kind="order").person == visit.person


def test_one_that_left_the_register_meanwhile_is_not_opened_without_a_word(visit: Visit, network: Network) -> None:
    token, unit = network.open("alvsta"), visit.person.unit
    assert unit is not None
    known = actions.enlist(
        network="practice", name="Övning", address=f"{network.base}/@alvsta", unit=unit, responsible=visit.person,
        central=False, by=factories.TESTER, now=factories.THURSDAY, opening=True,
    )  # fmt: skip
    visit.post(address=f"{network.base}/@alvsta")
    visit.post(**visit.details(token=token))
    actions.give_up(known, reason="Blev inte av", by=factories.TESTER, now=factories.THURSDAY)
    assert "togs bort ur registret" in visit.post(step="save", tried=visit.sealed("tried"))
    assert [row.state for row in Channel.objects.all()] == ["closed"]


def test_a_wrong_key_is_said_so_and_only_it_must_be_typed_again(visit: Visit, network: Network) -> None:
    network.open("alvsta")
    visit.post(address=f"{network.base}/@alvsta")
    page = visit.post(**visit.details(name="Mitt eget namn", token="hemlig-gissning"))
    assert "Fel åtkomstnyckel" in page
    assert "Mitt eget namn" in page
    assert visit.person.email in page
    assert "hemlig-gissning" not in page
    assert Channel.objects.count() == 0


def test_somebody_unknown_as_responsible_is_told_at_the_field(visit: Visit, network: Network) -> None:
    token = network.open("alvsta")
    visit.post(address=f"{network.base}/@alvsta")
    page = visit.post(**visit.details(responsible="ingen@alvsta.example", token=token))
    assert "Ingen har den e-postadressen" in page
    assert token not in page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://127.0.0.1:9/", "Adressen leder in i ett internt nät"),
        ("ftp://blogg.example/", "Adressen går inte att läsa"),
        ("http://[::1", "Adressen går inte att läsa"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_so_and_kept(visit: Visit, address: str, words: str) -> None:
    page = visit.post(address=address)
    assert words in page
    assert address in page


def test_a_site_that_is_down_is_said_to_be(visit: Visit, network: Network) -> None:
    network.stop()
    page = visit.post(address=f"{network.base}/@alvsta")
    assert "Webbplatsen svarar inte" in page
    assert f"{network.base}/@alvsta" in page


def test_a_page_instead_of_data_is_said_to_be_one(visit: Visit, web_page: str) -> None:
    assert "Webbplatsen svarade med en webbsida i stället för data" in visit.post(address=web_page)


def test_what_one_person_sealed_is_no_use_to_another_and_cannot_be_changed(visit: Visit, network: Network) -> None:
    token = network.open("alvsta")
    visit.post(address=f"{network.base}/@alvsta")
    visit.post(**visit.details(token=token))
    tried = visit.sealed("tried")
    assert token not in tried
    other = Visit(factories.person(Role.COMMUNICATIONS))
    assert "Börja om med adressen" in other.post(step="save", tried=tried)
    assert "Börja om med adressen" in visit.post(step="save", tried=tried[:-4] + "AAA=")
    assert "Börja om med adressen" in visit.post(step="try", found=tried)
    assert Channel.objects.count() == 0


def test_a_revoked_key_is_replaced_without_losing_the_old_one_on_a_wrong_try(visit: Visit, network: Network) -> None:
    first = network.open("alvsta")
    visit.post(address=f"{network.base}/@alvsta")
    visit.post(**visit.details(token=first))
    visit.post(step="save", tried=visit.sealed("tried"))
    channel = Channel.objects.get()
    url = reverse("channels:reconnect", args=[channel.pk])
    page = visit.client.post(url, {"token": "fel"}).content.decode()
    assert "Fel åtkomstnyckel" in page or "Åtkomstnyckeln har dragits in" in page
    assert vault.secrets_of(channel) == {"token": first}
    second = str(network.control("POST", "tokens", handle="alvsta")["token"])
    assert visit.client.post(url, {"token": second}).status_code == 302
    assert vault.secrets_of(channel) == {"token": second}


def test_secrets_are_in_no_log_and_no_row_that_can_be_read(
    visit: Visit, network: Network, caplog: pytest.LogCaptureFixture, settings: Settings
) -> None:
    caplog.set_level("DEBUG")
    token = network.open("alvsta")
    visit.post(address=f"{network.base}/@alvsta")
    visit.post(**visit.details(token=token))
    visit.post(step="save", tried=visit.sealed("tried"))
    assert token not in caplog.text
    settings.CREDENTIALS_KEY = "en annan nyckel"
    with pytest.raises(vault.Locked):
        vault.secrets_of(Channel.objects.get())
