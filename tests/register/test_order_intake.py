"""An outside e-service hands in orders and is told how they stand (D10)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

import factories
from register import ordering_support as support
from register.ordering_support import House
from register.test_order_rules import OEP
from uppsikt.channels.rules import GIVE_UP_AFTER
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Intent
from uppsikt.notices.models import Letter, Notice
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import RoleGrant
from uppsikt.register import order_outside, order_queries, ordering
from uppsikt.register.order_models import Order

NOW = factories.THURSDAY
URL = "/konton/bestallningar/in/"
TOKEN = "en-hemlig-nyckel"
pytestmark = pytest.mark.django_db


@pytest.fixture
def made(settings: Settings) -> House:
    settings.ORDERS = {"token": TOKEN, "status_url": "", "status_token": ""}
    return support.house()


def whole(made: House, **fields: Any) -> dict[str, Any]:
    """A whole order, as the documentation shows it."""
    return {
        "source": "e-tjansten", "number": "2026-17", "orderer": {"name": "Åsa Öberg", "email": "asa@alvsta.example"},
        "unit": "Biblioteken", "network": "Facebook", "name": "Biblioteken i Älvsta", "subject": "library",
        "purpose": "Visa vad biblioteken erbjuder", "goals": "Fler besök av unga", "audience": "Unga vuxna",
        "why_not_central": "Frågorna kräver bibliotekariers kunskap", "responsible": made.officer.email,
        "second": made.colleague.email, "hours_a_week": "3,5", "days_between_posts": 7,
        "contact_email": "bibblan@alvsta.example", "terms_read": True, **fields,
    }  # fmt: skip


def hand_in(told: Any, *, token: str = TOKEN, kind: str = "application/json") -> Any:
    """What the address answers."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    return Client().post(URL, body, content_type=kind, headers={"Authorization": f"Bearer {token}"})


def test_d10_a_whole_order_goes_straight_to_the_manager_and_comes_in_once(made: House) -> None:
    answer = hand_in(whole(made))
    assert answer.status_code == 201, answer.content
    order = Order.objects.get()
    assert (order.state, order.by, order.outside_name, order.network) == ("sent", None, "Åsa Öberg", "facebook")
    assert (str(order.hours_a_week), order.responsible, order.second) == ("3.5", made.officer, made.colleague)
    assert {row.person for row in Notice.objects.filter(kind="order")} == {made.manager}
    again = hand_in(whole(made, name="Något annat"))
    assert (again.status_code, again.json()["order"]) == (200, order.pk)
    assert Order.objects.get().name == "Biblioteken i Älvsta"
    asked = Client().get(f"{URL}e-tjansten/2026-17/", headers={"Authorization": f"Bearer {TOKEN}"})
    assert asked.json()["state"] == "sent"
    assert not Letter.objects.filter(to="asa@alvsta.example").exists(), "that it came in the e-service says itself"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("purpose", "Visa \ud83d vad vi har"),
        ("days_between_posts", "003651234567890"),
        ("hours_a_week", "1e400"),
        ("number", "1" * 81),
        ("orderer", {"name": "\udc00\0", "email": "a@b.se\r\nBcc: x@y.se"}),
        ("orderer", ["Åsa"]),
    ],
)
def test_d10_what_no_database_takes_breaks_nothing(made: House, field: str, value: Any) -> None:
    assert hand_in(whole(made, **{field: value})).status_code in {201, 400}
    assert not Order.objects.filter(outside_email__contains="Bcc").exists()


def test_d10_an_order_for_a_unit_without_a_manager_is_not_lost(made: House) -> None:
    organisation.end_role(RoleGrant.objects.get(person=made.manager), by=factories.TESTER, now=NOW)
    assert hand_in(whole(made)).json()["state"] == "draft"
    assert {row.person for row in Notice.objects.filter(kind="order")} == {made.communications}
    with pytest.raises(Refused, match="Ingen är chef för Biblioteken"):
        ordering.send(Order.objects.get(), by=made.communications, now=NOW)


def test_d10_who_ordered_outside_is_written_to_when_it_is_decided_with_the_reason_and_no_link(made: House) -> None:
    hand_in(whole(made, name="Biblan\nBcc: x@y.se"))
    order = Order.objects.get()
    order = ordering.ask(order, reason="Vilka är målen?", by=made.manager, now=NOW)
    assert order in order_queries.waiting(made.officer), "who is to answer for the account may add to it"
    assert order in order_queries.waiting(made.communications), "it is nobody's here, so it is theirs"
    order = ordering.send(order, by=made.officer, now=NOW)
    ordering.refuse(order, reason="Den centrala sidan når fler", by=made.manager, now=NOW)
    asked, refused = Letter.objects.filter(to="asa@alvsta.example").order_by("pk")
    assert "Hör av dig till Biblioteken" in asked.text
    assert "Vilka är målen?" in asked.text
    assert "Den centrala sidan når fler" in refused.text
    assert refused.subject == "Din beställning av ett konto, nummer 2026-17"
    assert "http" not in refused.text
    assert [step.name for step in trail.steps_of(order)].count("letter") == 2


def test_d10_who_ordered_outside_and_works_here_is_told_once(made: House) -> None:
    hand_in(whole(made, orderer={"name": "Olle Officer", "email": made.officer.email.upper()}))
    ordering.refuse(Order.objects.get(), reason="Nej", by=made.manager, now=NOW)
    assert Notice.objects.filter(kind="order", person=made.officer).exists()
    assert not Letter.objects.filter(to__iexact=made.officer.email, subject__contains="2026-17").exists()


def test_d10_one_that_lacks_something_waits_for_the_communications_unit_which_adds_it(made: House) -> None:
    answer = hand_in(whole(made, unit="Finns inte", second="okand@alvsta.example", contact_email="inte en adress"))
    assert answer.status_code == 201
    assert [line.partition(":")[0] for line in answer.json()["missing"]] == ["unit", "second", "contact_email"]
    order = Order.objects.get()
    assert (order.state, order.outside_unit) == ("draft", "Finns inte")
    assert {row.person for row in Notice.objects.filter(kind="order")} == {made.communications}
    order = ordering.write(
        order, by=made.communications, now=NOW, unit=made.unit, second=made.colleague, contact_phone="0123-4"
    )  # fmt: skip
    assert ordering.send(order, by=made.communications, now=NOW).state == "sent"


def test_d10_open_eplatforms_xml_comes_in_the_same_way(made: House) -> None:
    answer = hand_in(OEP.encode("iso-8859-1"), kind="application/xml")
    assert answer.status_code == 201
    order = Order.objects.get()
    assert (order.source, order.outside_number, order.unit) == ("openeplatform", "235212", made.unit)
    assert order.purpose == "Visa vad vi gör på våra bibliotek"


@pytest.mark.parametrize("token", ["", "fel", TOKEN + "x", "Ö" * 40])
def test_d10_without_the_token_nothing_comes_in_and_nothing_is_told(made: House, token: str) -> None:
    answer = hand_in(whole(made), token=token)
    assert answer.status_code == 401
    assert Client().get(f"{URL}a/1/", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert not Order.objects.exists()


def test_d10_where_no_token_is_set_there_is_no_such_address(made: House, settings: Settings) -> None:
    settings.ORDERS = {**settings.ORDERS, "token": ""}
    assert hand_in(whole(made), token="").status_code == 404


def test_d10_what_is_too_large_or_unreadable_is_refused_in_a_word(made: House) -> None:
    assert hand_in(b"{" + b" " * 300_000).status_code == 413
    assert hand_in(b"{}").json() == {"error": "no_number"}
    bomb = b'<!DOCTYPE x [<!ENTITY a "aa">]><FlowInstance>&a;</FlowInstance>'
    assert hand_in(bomb, kind="text/xml").json() == {"error": "unsafe_xml"}
    assert Client().get(URL).status_code == 405


# How it stands is told.


class Service:
    """An e-service that is told how its orders stand; it fails as often as it is asked to."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.fails = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                broken = outer.fails > 0
                outer.fails -= broken
                if not broken:
                    outer.told.append({**body, "auth": self.headers["Authorization"]})
                self.send_response(503 if broken else 204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server.server_port}"


@pytest.fixture
def service(made: House, settings: Settings) -> Iterator[Service]:
    it = Service()
    settings.ALLOW_PRIVATE = frozenset({it.host})
    settings.ORDERS = {"token": TOKEN, "status_url": f"http://{it.host}/status", "status_token": "deras-nyckel"}
    yield it
    it.server.shutdown()
    it.server.server_close()


def deliver(later: timedelta = timedelta()) -> None:
    """Do what the worker does."""
    for intent in Intent.objects.filter(kind=order_outside.KIND).order_by("id"):
        order_outside.deliver(intent.pk, now=NOW + later)


def test_d10_the_e_service_is_told_each_state_and_again_where_it_did_not_answer(made: House, service: Service) -> None:
    hand_in(whole(made))
    order = Order.objects.get()
    ordering.approve(order, reason="", by=made.manager, now=NOW)
    service.fails = 1
    deliver()
    deliver()
    assert [told["state"] for told in service.told] == ["consulting"], "the other waits for its time"
    waits = Intent.objects.get(kind=order_outside.KIND, state="written")
    assert order_outside.forgotten(now=waits.written_at + timedelta(minutes=59)) == []
    assert order_outside.forgotten(now=waits.written_at + timedelta(minutes=61)) == [waits], "nobody came back to it"
    deliver(timedelta(minutes=1))
    assert sorted(told["state"] for told in service.told) == ["consulting", "sent"]
    assert {told["number"] for told in service.told} == {"2026-17"}
    assert {told["auth"] for told in service.told} == {"Bearer deras-nyckel"}
    deliver(timedelta(minutes=2))
    assert len(service.told) == 2, "what was taken is not told again"
    assert set(Intent.objects.filter(kind=order_outside.KIND).values_list("state", flat=True)) == {"done"}


def test_d10_one_that_a_dead_worker_was_telling_is_told_again_under_the_same_key(made: House, service: Service) -> None:
    hand_in(whole(made))
    intent = Intent.objects.get(kind=order_outside.KIND)
    Intent.objects.filter(pk=intent.pk).update(state="trying")
    deliver()
    assert [told["id"] for told in service.told] == [str(intent.key)]


def test_d10_one_that_never_answers_is_given_up_and_the_communications_unit_is_told(
    made: House, service: Service
) -> None:
    hand_in(whole(made))
    service.fails = 2
    Intent.objects.filter(kind=order_outside.KIND).update(attempts=GIVE_UP_AFTER - 1)
    deliver()
    deliver(timedelta(days=1))
    assert Intent.objects.get(kind=order_outside.KIND).state == "failed"
    assert Notice.objects.filter(person=made.communications, words__contains="svarar inte").count() == 1


def test_d10_orders_from_here_are_told_to_nobody_outside(made: House, service: Service) -> None:
    support.at(made, "refused")
    assert not Intent.objects.filter(kind=order_outside.KIND).exists()
    assert not Letter.objects.filter(subject__startswith="Din beställning").exists()
