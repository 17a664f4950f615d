"""D60: questions that come to private accounts are handed over, become records and cases, and are answered by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

import factories
from inbox.support import logged_in
from uppsikt.channels.models import Channel
from uppsikt.inbox import actions
from uppsikt.inbox.models import Answer, Case
from uppsikt.kernel import blobs, trail
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import pulling
from uppsikt.records.models import Attachment, Item

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
ADDRESS = "/inkorg/overlamna/"


@pytest.fixture(autouse=True)
def thursday() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def communications() -> Person:
    return factories.officer(None, role=Role.COMMUNICATIONS, name="Karin Ko")


@pytest.fixture
def client() -> Client:
    """Somebody who works here and holds no role at all."""
    return logged_in(factories.person(name="Pia Privat"))


def entered(**more: object) -> dict[str, object]:
    return {
        "network": "messenger",
        "received": "2026-11-11T15:00",
        "text": "Hej Pia, du jobbar väl på kommunen? När öppnar simhallen?",
        "asker": "Maria L.",
        **more,
    }


def test_d60_d18_a_question_handed_over_is_a_record_that_rests_on_what_was_entered(
    client: Client, communications: Person
) -> None:
    picture = SimpleUploadedFile("skarm.png", PNG, content_type="text/html")
    answer = client.post(ADDRESS, entered(pictures=[picture], link="https://natet.example/m/1"))
    assert answer.status_code == 302
    item = Item.objects.select_related("version__raw", "channel", "actor").get()
    assert (item.kind, item.direction, item.can) == ("message", "received", [])
    assert (item.channel.network, item.channel.central, item.actor.name) == ("handed_over", True, "Maria L.")
    assert item.published_at is not None
    assert item.published_at.isoformat() == "2026-11-11T14:00:00+00:00"
    raw = json.loads(blobs.read(item.version.raw.blob_id))  # type: ignore[union-attr]
    assert (raw["text"], raw["network"], raw["asker"]) == (entered()["text"], "messenger", "Maria L.")
    assert raw["handed_over_by"].endswith("@alvsta.example")
    kept = Attachment.objects.get(item=item)
    assert (kept.media_type, blobs.read(str(kept.blob_id))) == ("image/png", PNG)
    assert trail.steps_of(item).filter(name="hand_over", by_name="Pia Privat").exists()


def test_d60_d35_the_deadline_counts_from_when_the_question_came(client: Client, communications: Person) -> None:
    client.post(ADDRESS, entered())
    case = Case.objects.get()
    assert case.received_at == NOW - timedelta(hours=19)
    assert case.due_at == actions.deadline(case.received_at).at


def test_d60_d36_it_is_answered_by_hand_signed_and_kept(client: Client, communications: Person) -> None:
    client.post(ADDRESS, entered())
    case, desk = Case.objects.get(), logged_in(communications)
    page = desk.get(reverse("inbox:case", args=[case.pk]))
    assert "Svara själv på nätet" in page.content.decode()
    data = {"text": "Klockan sex.", "seen": actions.mark(case)}
    assert desk.post(reverse("inbox:answer", args=[case.pk]), data).status_code == 409
    shown = desk.post(reverse("inbox:by_hand", args=[case.pk]), data)
    assert "Klockan sex.\n\nKarin Ko, handläggare, Kultur och fritid" in shown.content.decode()
    assert not Answer.objects.exists()
    done = desk.post(
        reverse("inbox:by_hand", args=[case.pk]),
        {**data, "published": "1", "address": "https://natet.example/m/2"},
    )
    assert done.status_code == 302
    row = Answer.objects.select_related("intent").get()
    assert (row.state, row.intent.kind, row.intent.state) == ("published", "by_hand", "done")
    assert row.intent.result == {"address": "https://natet.example/m/2"}
    assert row.out.endswith("Karin Ko, handläggare, Kultur och fritid")
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("closed", "answered")


def test_d60_all_go_to_one_channel_that_nothing_is_pulled_from(client: Client, communications: Person) -> None:
    for _ in range(2):
        client.post(ADDRESS, entered())
    channel = Channel.objects.get(network="handed_over")
    assert Case.objects.filter(channel=channel).count() == 2
    pulled = pulling.pull(channel, clock=lambda: NOW)
    assert (pulled.trouble, pulled.new) == (None, 0)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"text": ""}, "Skriv vad frågan är"),
        ({"received": "2026-11-13T10:00"}, "i framtiden"),
        ({"received": "2024-11-13T10:00"}, "mer än ett år"),
        ({"received": ""}, "Välj dag och klockslag"),
        ({"pictures": [SimpleUploadedFile("a.svg", b"<svg onload=alert(1)>")]}, "ingen bild"),
        ({"link": "javascript:alert(1)"}, "Skriv hela adressen"),
    ],
)
def test_d60_what_cannot_be_taken_in_is_told_and_the_text_is_kept(
    more: dict[str, object], words: str, client: Client, communications: Person
) -> None:
    answer = client.post(ADDRESS, entered(**more))
    assert answer.status_code in {409, 422}
    assert words in answer.content.decode()
    assert more.get("text") == "" or "När öppnar simhallen?" in answer.content.decode()
    assert not Item.objects.exists()
