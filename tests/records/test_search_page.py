"""The search page: what is found, day by day, counted, saved and shared (D18)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import factories
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Direction
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import saved, search, searching, vocabulary
from uppsikt.records.models import SavedSearch
from uppsikt.records.search import Count

pytestmark = pytest.mark.django_db
SEARCH = "/handlingar/"


@pytest.fixture
def reader() -> Person:
    """Somebody who reads everything."""
    return factories.person(Role.REGISTRAR)


@pytest.fixture
def client(reader: Person) -> Client:
    """Logged in."""
    made = Client()
    made.force_login(reader)
    return made


@pytest.fixture
def channel() -> Channel:
    """With things said on three days."""
    # At noon, so that no day ends meanwhile.
    now = timezone.localtime().replace(hour=12, minute=0)
    made = factories.channel(name="Gator och parker", now=now - timedelta(days=30))
    factories.items(
        made,
        [
            factories.captured(text="När plogas cykelbanan?", at=now - timedelta(minutes=3), author="Maria Lind"),
            factories.captured(
                text="Där plogas det inte, men det var bra", at=now - timedelta(days=1), author="Omar Ek"
            ),
            factories.captured(
                text="Vi plogar i natt", at=now - timedelta(days=9), author="Konto", direction=Direction.DRAWN_UP
            ),
        ],
        now=now,
    )
    vocabulary.gather()
    return made


def page(client: Client, **asked: Any) -> str:
    """The page's HTML."""
    answer = client.get(SEARCH, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_d18_hits_stand_under_their_days_and_are_counted(client: Client, channel: Channel) -> None:
    html = page(client, q="ploga")
    assert "3 handlingar" in html
    assert html.index(">I dag<") < html.index(">I går<") < html.index("Vi <mark")
    assert '<mark class="u-hit">plogas</mark>' in html


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "plogas"}, {"När", "var bra", "i natt"}),
        ({"q": '"var bra"'}, {"var bra"}),
        ({"q": "cyk*"}, {"När"}),
        ({"q": "*banan*"}, {"När"}),
        ({"fran_vem": "omar"}, {"var bra"}),
        ({"fran_vem": "Ek, Omar"}, {"var bra"}),
        ({"fran_vem": "oma"}, set()),
        ({"fran_vem": "oma* ek"}, {"var bra"}),
        ({"riktning": "drawn_up"}, {"i natt"}),
        ({"typ": "post"}, set()),
        ({"status": "gone"}, set()),
        ({"q": "ploga", "fran_vem": "maria"}, {"När"}),
    ],
)
def test_d18_words_and_filters_narrow(client: Client, channel: Channel, asked: dict[str, str], found: set[str]) -> None:
    rows = client.get(SEARCH, asked).context["page"].rows
    texts = [row.words.replace("\ue000", "").replace("\ue001", "") for row in rows]
    assert {word for word in ("När", "var bra", "i natt") if any(word in text for text in texts)} == found


def test_d18_channel_unit_and_days_narrow(client: Client, channel: Channel) -> None:
    other = factories.channel(unit=factories.municipality("Skola").unit)
    factories.item(other, text="Skolskjutsen", at=timezone.now())
    today = timezone.localdate()
    for asked, number in (
        ({"kanal": other.pk}, 1),
        ({"enhet": channel.unit_id}, 3),
        ({"enhet": channel.unit_id, "kanal": other.pk}, 0),
        ({"fran": today - timedelta(days=2)}, 3),
        ({"till": today - timedelta(days=2)}, 1),
        ({"fran": "i går", "kanal": "99999"}, 4),
        ({"fran": today, "till": today - timedelta(days=1)}, 2),
    ):
        rows = client.get(SEARCH, asked).context["page"].rows
        assert len(rows) == number, asked


def test_what_cannot_be_sought_is_told_and_the_form_stays(client: Client, channel: Channel) -> None:
    html = page(client, q="a*")
    assert "Så går det inte att söka" in html
    assert 'value="a*"' in html


def test_nothing_found_suggests_what_there_is(client: Client, channel: Channel) -> None:
    html = page(client, q="cykelbannan")
    assert "Inget hittades" in html
    assert "cykelbanan" in html
    assert client.get(SEARCH, {"q": "cykelbannan"}).context["instead"] == [("cykelbanan", "?q=cykelbanan")]


def test_where_there_is_nothing_yet_the_page_says_what_will_be(client: Client) -> None:
    assert "Inga handlingar än" in page(client)


def test_pages_are_read_by_key_and_keep_the_search(client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(searching, "SIZE", 2)
    now = timezone.now()
    where = factories.channel(now=now - timedelta(days=2))
    factories.items(
        where, [factories.captured(text=f"Snö {n}", at=now - timedelta(hours=n)) for n in range(5)], now=now
    )
    seen, address = [], "?q=sn%C3%B6"
    for _page in range(3):
        context = client.get(SEARCH + address).context
        seen += [row.pk for row in context["page"].rows]
        address = context["page"].older
    assert len(set(seen)) == 5
    assert address == ""
    back = client.get(SEARCH + context["page"].newer).context["page"]
    assert [row.pk for row in back.rows] == seen[2:4]
    assert "q=sn%C3%B6" in back.older


def test_counts_are_honest(settings: Any) -> None:
    assert searching.count_words(Count(12_000, exact=False)) == "Ca 12\xa0000 handlingar"
    assert searching.count_words(Count(1, exact=True)) == "1 handling"
    assert searching.count_words(Count(987, exact=True)) == "987 handlingar"


def test_the_page_asks_the_same_number_of_questions_however_much_is_found(client: Client, channel: Channel) -> None:
    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(client, q="ploga")
        return len(asked)

    page(client, q="ploga")
    before = questions()
    now = timezone.now()
    factories.items(channel, [factories.captured(text=f"Plogning {n}", at=now) for n in range(20)], now=now)
    assert questions() == before
    assert before <= 24


def test_a_search_is_saved_opened_renamed_and_removed(client: Client, reader: Person, channel: Channel) -> None:
    answer = client.post(reverse("records:save_search"), {"name": " Plog ", "query": "q=ploga&kanal=&hm=1"})
    assert answer["Location"] == "/handlingar/?q=ploga"
    row = SavedSearch.objects.get()
    assert (row.name, row.query, row.unit) == ("Plog", "q=ploga", None)
    assert "?q=ploga" in page(client)
    assert 'aria-current="true">Plog</a>' in page(client, q="ploga")
    client.post(reverse("records:save_search"), {"name": "Plog", "query": "q=sand"})
    assert SavedSearch.objects.count() == 1
    client.post(reverse("records:change_search", args=[row.pk]), {"name": "Snö", "shared": "on"})
    row.refresh_from_db()
    assert (row.name, row.unit) == ("Snö", reader.unit)
    client.post(reverse("records:remove_search", args=[row.pk]))
    assert not SavedSearch.objects.exists()


def test_a_shared_search_is_the_units_and_its_owners_to_change(client: Client, reader: Person) -> None:
    mate, stranger = (
        factories.person(Role.OFFICER),
        factories.person(Role.OFFICER, unit=factories.municipality("X").unit),
    )
    row = saved.save(name="Vår", query="q=x", shared=True, by=reader, now=timezone.now())
    assert row in saved.shown_to(mate)
    assert row not in saved.shown_to(stranger)
    with pytest.raises(Refused):
        saved.remove(row, by=mate, now=timezone.now())
    other = Client()
    other.force_login(mate)
    assert other.get(reverse("records:change_search", args=[row.pk])).status_code == 404


def test_a_search_that_takes_too_long_is_told(client: Client, channel: Channel, monkeypatch: Any) -> None:
    monkeypatch.setattr(search, "PATIENCE", 0.001)
    # The first page and those after it put their questions in different ways.
    monkeypatch.setattr(search, "page", lambda *_args, **_more: slow())
    monkeypatch.setattr(search, "listed", lambda *_args, **_more: slow())
    assert "Sökningen tog för lång tid" in page(client, q="ploga")
    older = f"{timezone.now().isoformat()}_{2**40}"
    assert "Sökningen tog för lång tid" in page(client, q="ploga", older=older)


def slow() -> Any:
    """A question that takes its time."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '20ms'")
        cursor.execute("SELECT pg_sleep(1)")
