"""Addresses and forms that no page of ours would send: refused or left aside, never an error of ours."""

from __future__ import annotations

import pytest
from django.test import Client

import factories
from uppsikt.channels import actions
from uppsikt.channels.models import Channel, Mandate
from uppsikt.kernel import intents
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel() -> Channel:
    return factories.channel()


@pytest.fixture
def client(channel: Channel) -> Client:
    person = factories.person(Role.COMMUNICATIONS, Role.MANAGER)
    factories.mandate(person, channel)
    made = Client()
    made.force_login(person)
    return made


@pytest.mark.parametrize(
    "query",
    [
        "till=9999-12-31",
        "fran=0001-01-01",
        "q=%00",
        "older=9999-12-31T23:59:59-23:59_1",
        "newer=0001-01-01T00:00:00%2B23:59_99999999999999999999999",
        "kanal=99999999999999999999999",
    ],
)
def test_a_list_takes_any_address(client: Client, query: str) -> None:
    assert client.get(f"/handlingar/?{query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["sok=%00", "efter=9999-12-31T23:59:59-23:59_1", "kanal=999999999999999999", "anvand=999999999999999999"]
)
def test_a_case_takes_any_address(client: Client, channel: Channel, query: str) -> None:
    case = factories.case(channel)
    assert client.get(f"/inkorg/{case.pk}/?{query}").status_code == 200
    assert client.post(f"/inkorg/{case.pk}/vidare/", {"leta": "1", "sok": "a\0b"}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/handlingar/99999999999999999999999/",
        "/handlingar/99999999999999999999999/original/99999999999999999999999/",
        "/handlingar/bilaga/99999999999999999999999/",
        "/inkorg/99999999999999999999999/",
        "/kanaler/99999999999999999999999/",
        "/svara/%00/",
        "/logga-in/lank/%00x/",
    ],
)
def test_what_is_not_there_is_told_so(client: Client, address: str) -> None:
    assert client.get(address).status_code in {404, 410}


def test_nul_in_a_reason_is_left_out(client: Client, channel: Channel) -> None:
    answer = client.post(f"/kanaler/{channel.pk}/pausa/", {"reason": "Sem\0ester"})
    assert answer.status_code == 302
    channel.refresh_from_db()
    assert channel.state == "paused"
    mandate = Mandate.objects.filter(channel=channel).get()
    assert client.post(f"/kanaler/uppdrag/{mandate.pk}/avsluta/", {"reason": "a\0"}).status_code == 302


def test_a_mandate_may_hold_to_the_end_of_the_calendar(client: Client, channel: Channel) -> None:
    person = factories.person(Role.OFFICER)
    form = {"person": person.email, "acts": ["answer"], "since": "2026-11-01", "until": "9999-12-31"}
    answer = client.post(f"/kanaler/{channel.pk}/uppdrag/", {**form, "reason": "Svara."})
    assert answer.status_code == 302
    assert client.get("/regler/?received=9999-12-31T23:59").status_code == 200


def test_no_refusal_shows_a_password_that_was_typed(channel: Channel) -> None:
    """D21: whoever may not reconnect is told so; what they typed is written nowhere."""
    made = Client()
    made.force_login(factories.person(Role.OFFICER))
    secret = "abcd efgh ijkl mnop qrst uvwx"
    form = {"username": "konto", "application_password": secret, "token": secret}
    answer = made.post(f"/kanaler/{channel.pk}/anslut-igen/", form, HTTP_ACCEPT="text/html")
    assert answer.status_code == 409
    assert secret not in answer.content.decode()


def test_d40_nothing_is_settled_by_a_form_that_does_not_say_how_it_is(client: Client, channel: Channel) -> None:
    officer = factories.officer(channel)
    now = factories.THURSDAY
    intent = actions.send_reply(channel, to="comment/1", text="Hej", publisher=officer, now=now)
    intents.start(intent, by=factories.TESTER, now=now)
    intents.trouble(
        "lose", intent, kind="unknown", code="worker_died", facts={}, by=factories.TESTER, now=now, needs_person=True
    )
    address = f"/kanaler/{channel.pk}/utskick/{intent.pk}/"
    assert client.post(address, {}).status_code == 409
    intent.refresh_from_db()
    assert intent.state == "unknown"
    assert client.post(address, {"there": "no"}).status_code == 302
    intent.refresh_from_db()
    assert intent.state == "failed"


def test_d18_only_an_address_that_opens_a_page_becomes_a_link(client: Client, channel: Channel) -> None:
    case = factories.case(channel)
    Item.objects.filter(pk=case.last_item_id).update(address="javascript:alert(1)")
    for page in (f"/inkorg/{case.pk}/", f"/handlingar/{case.last_item_id}/"):
        assert 'href="javascript' not in client.get(page).content.decode()
