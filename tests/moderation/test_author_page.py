"""D68, D69: the pages that anybody with a link can open: what they show, take, and refuse; nobody is logged in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

import factories
from uppsikt.connectors.base import Deed
from uppsikt.moderation import notes, reconsidering
from uppsikt.moderation.models import AuthorNote, Reconsideration, Removal
from uppsikt.moderation.states import REMOVAL

pytestmark = pytest.mark.django_db
SECRETS = ("Torvalds zirkon", "Skälet namnger Per", "Quvnik")


@pytest.fixture
def removal() -> Removal:
    """Hidden, and told of by letter and in the conversation; the keys are the ways' names."""
    cache.clear()
    item = factories.item(factories.channel(), text=SECRETS[0], author=SECRETS[2])
    row = factories.removal(item, act=Deed.HIDE)
    Removal.objects.filter(pk=row.pk).update(state="done", reason=SECRETS[1], done_at=factories.THURSDAY)
    for way in ("email", "thread"):
        AuthorNote.objects.create(removal=row, item=item, way=way, at=row.proposed_at, digest=notes.digest(way))
    return row


@pytest.fixture(autouse=True)
def then() -> Iterator[None]:
    """It is the day that all of it happened: a link lasts for a year."""
    with time_machine.travel(factories.THURSDAY + timedelta(hours=1), tick=False):
        yield


@pytest.mark.parametrize(("way", "shown"), [("email", {"Skälet namnger Per"}), ("thread", set[str]())])
def test_each_link_shows_what_its_holders_may_read(client: Client, removal: Removal, way: str, shown: set[str]) -> None:
    page = client.get(f"/omprovning/{way}/")
    text = page.content.decode()
    assert (page.status_code, {one for one in SECRETS if one in text}) == (200, shown)
    assert ("andra också kan öppna sidan" in text) == (way == "thread"), "it says so itself"
    assert page["X-Robots-Tag"].startswith("noindex") and "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"text": ""},
        {"text": " \n\t "},
        {"text": "x" * 4001},
        {"text": "Fel\x00!"},
        {"text": "Fel!", "contact": "ingen adress"},
        {"text": "Fel!", "contact": "a@exempel.test\nBcc: b@exempel.test"},
        {"text": "Fel!", "contact": "a@exempel.test, b@exempel.test"},
        {"text": "Fel!", "contact": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.test"},
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_written(
    client: Client, removal: Removal, told: dict[str, str]
) -> None:
    page = client.post("/omprovning/email/", told)
    assert page.status_code == 422 and "ds-validation-message" in page.content.decode()
    assert not Reconsideration.objects.exists()


@pytest.mark.parametrize("state", sorted(REMOVAL.states))
def test_only_what_is_away_can_be_asked_about(client: Client, removal: Removal, state: str) -> None:
    Removal.objects.filter(pk=removal.pk).update(state=state)
    answer = client.post("/omprovning/email/", {"text": "Fel!"})
    assert answer.status_code == (302 if state in {"done", "acting"} else 409)
    assert Reconsideration.objects.count() == (state in {"done", "acting"})


@pytest.mark.parametrize("key", ["okand", "%00", "..%2F", "é" * 50, "x" * 3000, "email%20"])
def test_a_key_that_is_none_opens_nothing(client: Client, removal: Removal, key: str) -> None:
    for address in (f"/omprovning/{key}/", f"/omprovning/{key}/begaran/"):
        assert client.get(address).status_code == 404
    assert client.get("/omprovning/email/begaran/").status_code == 404, "a note's key is no request's"


def test_what_became_of_it_is_read_by_whoever_asked(client: Client, removal: Removal) -> None:
    for way in ("thread", "email"):
        Reconsideration.objects.filter(state="asked").update(state="upheld", answer="Per får läsa varför.")
        asked = client.post(f"/omprovning/{way}/", {"text": "Det var jag."})
        own = client.get(asked["Location"]).content.decode()
        assert "Det var jag." in own and "Spara sidans adress" in own and "Per får" not in own
        assert client.post(asked["Location"], {"text": "Mer"}).status_code == 405
    Reconsideration.objects.filter(state="asked").update(state="upheld", answer="Per får läsa varför.")
    assert "Per får läsa varför." in client.get(asked["Location"]).content.decode()
    assert "Per får läsa varför." not in client.get("/omprovning/thread/").content.decode()
    assert [row.way for row in Reconsideration.objects.order_by("pk")] == ["thread", "email"]
    assert reconsidering.ASKERS["thread"].name != reconsidering.ASKERS["email"].name
