"""An outside e-service hands in orders and is told how they stand (D10)."""

from __future__ import annotations

import json
from collections.abc import Iterator
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
from uppsikt.kernel.models import Intent
from uppsikt.notices.models import Notice
from uppsikt.register import order_outside, ordering
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


def deliver(times: int = 1) -> None:
    """Do what the worker does."""
    for _try in range(times):
        for intent in Intent.objects.filter(kind=order_outside.KIND).order_by("id"):
            order_outside.deliver(intent.pk, now=NOW)


def test_d10_the_e_service_is_told_each_state_and_again_where_it_did_not_answer(made: House, service: Service) -> None:
    hand_in(whole(made))
    order = Order.objects.get()
    ordering.approve(order, reason="", by=made.manager, now=NOW)
    service.fails = 1
    deliver()
    assert [told["state"] for told in service.told] == ["consulting"]
    deliver()
    assert sorted(told["state"] for told in service.told) == ["consulting", "sent"]
    assert {told["number"] for told in service.told} == {"2026-17"}
    assert {told["auth"] for told in service.told} == {"Bearer deras-nyckel"}
    deliver(2)
    assert len(service.told) == 2, "what was taken is not told again"
    assert set(Intent.objects.filter(kind=order_outside.KIND).values_list("state", flat=True)) == {"done"}


def test_d10_one_that_a_dead_worker_was_telling_is_told_again_under_the_same_key(made: House, service: Service) -> None:
    hand_in(whole(made))
    intent = Intent.objects.get(kind=order_outside.KIND)
    Intent.objects.filter(pk=intent.pk).update(state="trying")
    deliver()
    assert [told["id"] for told in service.told] == [str(intent.key)]


def test_d10_orders_from_here_are_told_to_nobody_outside(made: House, service: Service) -> None:
    support.at(made, "sent")
    assert not Intent.objects.filter(kind=order_outside.KIND).exists()
