"""The accounts' list, an account's page and its line in the register (D5, D9, D12, D14, D39)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import factories
from register import ordering_support as support
from register.ordering_support import House
from uppsikt.channels import actions as channels
from uppsikt.channels import news
from uppsikt.channels.models import Channel, TakeOver
from uppsikt.connectors.base import Profile
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.register import entries, jobs, ordering
from uppsikt.register.models import Entry

NOW = factories.THURSDAY
pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> House:
    return support.house()


def account(made: House, name: str = "Badhuset", *, opening: bool = False) -> Channel:
    """An account that is known and not connected."""
    return channels.enlist(
        network="facebook", name=name, address=f"https://facebook.com/{name.lower()}", unit=made.unit,
        responsible=made.officer, central=False, by=factories.TESTER, now=NOW, opening=opening,
    )  # fmt: skip


def browse(person: Person) -> Client:
    """A browser in which somebody is logged in."""
    client = Client()
    client.force_login(person)
    return client


def test_d12_every_channel_has_a_line_from_when_it_is_connected_and_others_when_they_are_asked_for(made: House) -> None:
    channel, other = factories.channel(), account(made)
    assert jobs.connected in [task for task, _lock in news.CONNECTED.listeners]
    assert not Entry.objects.exists()
    assert entries.of(other) == entries.of(other)
    found = entries.of_all([channel, other, account(made, "Biblioteket")])
    assert len(found) == 3 == Entry.objects.count()


def test_d5_the_list_shows_accounts_that_nobody_reads_and_asks_as_often_for_many_as_for_few(made: House) -> None:
    client = browse(made.stranger)
    account(made)

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = client.get("/konton/").content.decode()
        assert "Badhuset" in page
        assert "Läses inte här" in page
        return len(queries)

    few = asked()
    for number in range(12):
        account(made, f"Konto{number}")
    assert asked() == few
    assert "Badhuset" not in client.get("/konton/?state=opening").content.decode()


def entry_fields(**fields: Any) -> dict[str, Any]:
    """What the form sends."""
    return {"purpose": "Visa öppettider", "comments_open": "on", "listed": "on", **fields}


def test_d9_who_keeps_an_account_writes_its_line_and_the_old_words_stay_in_the_trail(made: House) -> None:
    channel = account(made)
    address = f"/konton/{channel.pk}/uppgifter/"
    assert browse(made.stranger).get(address).status_code == 409
    for person in (made.officer, made.manager, made.communications):
        answer = browse(person).post(address, entry_fields(goals=f"Mål av {person.name}"))
        assert answer.status_code == 302
    assert entries.of(channel).goals == "Mål av Karin Kommunikation"
    newest = trail.steps_of(channel).order_by("-id").first()
    assert newest is not None
    assert (newest.name, newest.facts["before"]["goals"]) == ("entry", "Mål av Maj Chef")
    count = trail.steps_of(channel).count()
    browse(made.officer).post(address, entry_fields(goals="Mål av Karin Kommunikation"))
    assert trail.steps_of(channel).count() == count, "nothing new, nothing written"


def test_d39_comments_are_not_closed_without_a_reason(made: House) -> None:
    channel = account(made)
    address, closed = f"/konton/{channel.pk}/uppgifter/", entry_fields(comments_open="")
    page = browse(made.officer).post(address, closed).content.decode()
    assert "Skriv varför det inte går att kommentera." in page
    assert entries.of(channel).comments_open
    browse(made.officer).post(address, {**closed, "comments_closed_why": "Barn kommenterar"})
    assert entries.of(channel).comments_closed_why == "Barn kommenterar"


def test_d12_the_communications_unit_says_that_an_account_was_open_and_nobody_else(made: House) -> None:
    channel = account(made, opening=True)
    address = f"/konton/{channel.pk}/redan-oppet/"
    assert browse(made.manager).post(address, {"reason": "x"}).status_code == 403
    assert browse(made.communications).post(address, {"reason": " \0"}).status_code == 409
    assert "Hur kontot kom hit" in browse(made.communications).get(f"/konton/{channel.pk}/").content.decode()
    assert browse(made.communications).post(address, {"reason": "Öppet sedan 2019"}).status_code == 302
    over = TakeOver.objects.get(channel=channel)
    assert (over.by, over.reason) == (made.communications.doer.key, "Öppet sedan 2019")
    assert "Öppet sedan 2019" in browse(made.stranger).get(f"/konton/{channel.pk}/").content.decode()


def test_d10_a_draft_is_its_writers_own_and_what_is_sent_is_everybodys(made: House) -> None:
    order = support.draft(made, name="Hemligt än så länge")
    address = f"/konton/bestallningar/{order.pk}/"
    assert browse(made.officer).get(address).status_code == 200
    for person in (made.stranger, made.manager, made.communications):
        assert browse(person).get(address).status_code == 404
        assert "Hemligt än" not in browse(person).get("/konton/bestallningar/").content.decode()
    ordering.send(order, by=made.officer, now=NOW)
    assert browse(made.stranger).get(address).status_code == 200


def test_d10_what_is_written_is_shown_as_words_and_nothing_else(made: House) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    order = support.at(
        made, "approved", name=evil[:160], purpose=f"{evil} med flera ord", why_not_central=f"{evil} x y z"
    )
    for address in ("", "oppning/"):
        page = browse(made.officer).get(f"/konton/bestallningar/{order.pk}/{address}").content.decode()
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page


def test_d9_a_step_that_there_is_not_and_an_order_that_is_sent_are_told_apart(made: House) -> None:
    order = support.draft(made)
    client = browse(made.officer)
    assert client.get(f"/konton/bestallningar/{order.pk}/del/finns-inte/").status_code == 404
    ordering.send(order, by=made.officer, now=NOW)
    html = {"Accept": "text/html"}
    answer = client.post(
        f"/konton/bestallningar/{order.pk}/del/need/", {"purpose": "Ändrat efteråt, med många ord. " * 5}, headers=html
    )
    assert answer.status_code == 409
    assert "Ändrat efteråt" in answer.content.decode(), "what was written is not lost"
    assert browse(made.manager).post(f"/konton/bestallningar/{order.pk}/beslut/", {"deed": "hack"}).status_code == 409


@pytest.mark.parametrize("opening", [True, False])
def test_d12_an_account_that_is_known_is_connected_as_it_stands_and_never_twice(made: House, opening: bool) -> None:
    known = account(made, opening=opening)
    before = known.state

    def connect() -> Channel:
        return channels.connect(
            network="facebook", name="Badhuset", address=f"{known.address}/", unit=made.unit,
            responsible=made.colleague, settings={}, secrets={},
            profile=Profile(name="Badhuset", address=known.address), central=False,
            by=factories.TESTER, now=NOW,
        )  # fmt: skip

    linked = connect()
    assert (linked.pk, linked.state, linked.responsible) == (known.pk, before, made.colleague)
    assert linked.is_at_work
    assert [step.name for step in trail.steps_of(linked)][-1] == "link"
    assert TakeOver.objects.filter(channel=linked).exists() is (not opening)
    with pytest.raises(Refused) as refused:
        connect()
    assert refused.value.code == "channel_known"
    assert Channel.objects.filter(network="facebook").count() == 1
