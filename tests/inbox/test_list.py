"""The inbox's list: who sees which cases, in which order, page by page, at a steady price."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import factories
from inbox.support import NOW, logged_in, published, thursday
from uppsikt.channels.models import Channel, Mandate
from uppsikt.inbox import actions, answers, forwards, listing, pages, queries
from uppsikt.inbox.answers import Author
from uppsikt.inbox.models import Answer, Case
from uppsikt.kernel import trail
from uppsikt.kernel.trail import Doer
from uppsikt.notices.models import Letter
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import queries as records
from uppsikt.records import reading

__all__ = ["thursday"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]
LIST = "/inkorg/"


@pytest.fixture
def channel() -> Channel:
    return factories.channel(name="Älvsta bibliotek")


@pytest.fixture
def officer(channel: Channel) -> Person:
    return factories.officer(channel, name="Eva Ek")


def listed(client: Client, query: str = "") -> list[int]:
    """The keys of the cases on a page, in order."""
    rows: list[Case] = client.get(LIST + query).context["page"].rows
    return [row.pk for row in rows]


def test_d21_only_channels_with_a_mandate_in_force_are_seen(channel: Channel, officer: Person) -> None:
    mine, other = factories.case(channel), factories.case(factories.channel())
    client = logged_in(officer)
    assert listed(client) == [mine.pk]
    assert client.get(reverse("inbox:case", args=[other.pk])).status_code == 404
    Mandate.objects.update(until=NOW - timedelta(seconds=1))
    assert listed(client) == []
    assert client.get(reverse("inbox:case", args=[mine.pk])).status_code == 404


def test_d2_the_communications_unit_sees_all_through_its_mandate_on_all_channels() -> None:
    cases = [factories.case(factories.channel()).pk for _ in range(2)]
    unit = factories.officer(None, role=Role.COMMUNICATIONS)
    assert listed(logged_in(unit)) == cases
    assert listed(logged_in(factories.person(Role.COMMUNICATIONS))) == []


def test_a_manager_reads_the_cases_of_own_units_and_does_nothing_with_them(channel: Channel) -> None:
    here, elsewhere = (
        factories.case(channel),
        factories.case(factories.channel(unit=factories.municipality("Teknik").unit)),
    )
    manager = factories.person()
    organisation.give_role(
        person=manager, role=Role.MANAGER, unit=channel.unit, by=Doer.system("test"), now=NOW - timedelta(days=1)
    )
    client = logged_in(manager)
    assert listed(client) == [here.pk]
    shown = client.get(reverse("inbox:case", args=[here.pk])).content.decode()
    assert "Du kan läsa men inte svara här" in shown
    assert reverse("inbox:answer", args=[here.pk]) not in shown
    assert client.get(reverse("inbox:case", args=[elsewhere.pk])).status_code == 404
    assert client.post(reverse("inbox:take", args=[here.pk])).status_code == 403


@pytest.mark.parametrize(
    "role", [Role.REGISTRAR, Role.ARCHIVIST, Role.DATA_PROTECTION, Role.CRISIS_GROUP, Role.AUDITOR]
)
def test_other_readers_read_all_and_the_system_administrator_none(role: Role, channel: Channel) -> None:
    case = factories.case(channel)
    assert listed(logged_in(factories.person(role))) == [case.pk]
    assert logged_in(factories.person(Role.ADMINISTRATOR)).get(LIST).status_code == 403


def test_an_auditors_look_is_no_knowledge_of_the_municipalitys(channel: Channel, officer: Person) -> None:
    case = factories.case(channel)
    logged_in(factories.person(Role.AUDITOR)).get(reverse("inbox:case", args=[case.pk]))
    case.last_item.refresh_from_db()
    assert case.last_item.known_at is None
    logged_in(officer).get(reverse("inbox:case", args=[case.pk]))
    case.last_item.refresh_from_db()
    assert case.last_item.known_at is not None


def test_what_is_due_first_stands_first_and_pages_hold_every_case_once(channel: Channel, officer: Person) -> None:
    times = [NOW - timedelta(minutes=minute % 7) for minute in range(60)]
    made = [
        actions.receive(row, now=NOW) for row in factories.items(channel, [factories.captured(at=at) for at in times])
    ]
    expected = [row.pk for row in sorted(made, key=lambda row: (row.due_at, row.pk))]
    client, address, seen = logged_in(officer), LIST, list[int]()
    while address:
        page = client.get(address).context["page"]
        seen += [row.pk for row in page.rows]
        last, address = address, LIST + page.older if page.older else ""
    assert seen == expected
    back = client.get(LIST + client.get(last).context["page"].newer).context["page"]
    assert [row.pk for row in back.rows] == expected[listing.SIZE : 2 * listing.SIZE]


def test_a_page_is_steady_while_cases_come_in(channel: Channel, officer: Person) -> None:
    cases = [factories.case(channel, at=NOW + timedelta(minutes=minute)) for minute in range(30)]
    client = logged_in(officer)
    second = client.get(LIST).context["page"].older
    factories.case(channel, at=NOW - timedelta(hours=1))
    assert listed(client, second) == [case.pk for case in cases[listing.SIZE :]]


def test_filters_and_tab_are_kept_in_every_address(channel: Channel, officer: Person) -> None:
    other = factories.channel(unit=factories.municipality("Teknik").unit)
    factories.mandate(officer, other)
    here, there = factories.case(channel), factories.case(other)
    client = logged_in(officer)
    assert listed(client) == [here.pk, there.pk]
    assert listed(client, f"?kanal={other.pk}") == [there.pk]
    assert listed(client, f"?enhet={channel.unit_id}") == [here.pk]
    context = client.get(f"{LIST}?flik=mina&kanal={other.pk}").context
    assert all(f"kanal={other.pk}" in tab.url for tab in context["tabs"])
    shown = client.get(f"{reverse('inbox:case', args=[there.pk])}?kanal={other.pk}").content.decode()
    assert f"{reverse('inbox:answer', args=[there.pk])}?kanal={other.pk}" in shown
    done = client.post(f"{reverse('inbox:take', args=[there.pk])}?kanal={other.pk}")
    assert done["Location"].endswith(f"?kanal={other.pk}")


@pytest.mark.parametrize("query", ["?flik=annat", "?kanal=x", "?efter=x", "?efter=2026-01-01_1", f"?kanal={'9' * 30}"])
def test_an_address_that_is_not_ours_shows_the_list(query: str, channel: Channel, officer: Person) -> None:
    case = factories.case(channel)
    assert listed(logged_in(officer), query) == [case.pk]


def test_each_tab_holds_its_cases_and_says_how_many(channel: Channel, officer: Person) -> None:
    fresh, taken, asked, promised, closed = (factories.case(channel) for _ in range(5))
    actions.take(taken, officer, now=NOW)
    forwards.forward(asked, question="", by=officer, now=NOW, email="expert@foretag.example", name="Expert")
    published(answers.hold(promised, "Vi återkommer", publisher=officer, now=NOW))
    published(answers.answer(closed, "Ja", author=Author.of(officer), publisher=officer, now=NOW))
    client = logged_in(officer)
    assert set(listed(client)) == {fresh.pk, taken.pk, asked.pk, promised.pk}
    assert set(listed(client, "?flik=mina")) == {taken.pk, asked.pk, promised.pk}
    assert listed(client, "?flik=sakkunnig") == [asked.pk]
    assert listed(client, "?flik=utlovade") == [promised.pk]
    assert listed(client, "?flik=avslutade") == [closed.pk]
    assert [tab.count for tab in client.get(LIST).context["tabs"]] == [4, 3, 4, 0, 1, 1, 0, None, None]


def test_late_and_due_today_are_told(channel: Channel, officer: Person, thursday: object) -> None:
    factories.case(channel, at=NOW - timedelta(days=1))
    factories.case(channel, at=NOW - timedelta(days=1) + timedelta(hours=3))
    thursday.shift(3600)  # type: ignore[attr-defined]  # time_machine's own
    shown = logged_in(officer).get(LIST).content.decode()
    assert "1 försenad" in shown
    assert "1 ska besvaras i dag" in shown


def test_the_price_of_the_list_does_not_grow_with_its_rows(channel: Channel, officer: Person) -> None:
    client, prices = logged_in(officer), list[int]()
    for more in (5, 45):
        for _ in range(more):
            case = factories.case(channel)
            actions.take(case, officer, now=NOW)
            forwards.forward(case, question="", by=officer, now=NOW, email="expert@foretag.example", name="Expert")
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        prices.append(len(asked))
    assert prices[0] == prices[1]


def test_the_price_of_a_case_does_not_grow_with_its_conversation(channel: Channel, officer: Person) -> None:
    client, prices = logged_in(officer), list[int]()
    for more in (2, 30):
        for _ in range(more):
            row = factories.item(channel, thread="comment/1", text="Först")
            factories.item(channel, native_id=row.native_id, thread="comment/1", text="Sedan")
            case = actions.receive(row, now=NOW)
            actions.add_note(case, "Ring vaktmästaren", by=officer, now=NOW)
            actions.assign(case, officer, by=officer, now=NOW)
        address = reverse("inbox:case", args=[case.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        prices.append(len(asked))
    assert prices[0] == prices[1]


def test_d40_a_case_shows_so_much_of_what_has_no_end(channel: Channel, officer: Person) -> None:
    """Somebody who rewords or replies a thousand times makes no page too heavy to open."""
    for number in range(pages.EARLIER + 5):
        row = factories.item(channel, native_id="comment/1", text=f"Lydelse {number:02}.")
    case = actions.receive(row, now=NOW)
    for _ in range(queries.STEPS_SHOWN + 5):
        trail.note("join", case, by=officer.doer, at=NOW)
    context = logged_in(officer).get(reverse("inbox:case", args=[case.pk])).context
    (only,) = context["conversation"].said
    assert only.changes == pages.EARLIER + 4
    assert [old.text for old in only.earlier][::9] == ["Lydelse 13.", "Lydelse 04."]
    assert len(context["trail"]) == queries.STEPS_SHOWN


def test_lists_use_their_indexes(channel: Channel) -> None:
    with connection.cursor() as cursor:
        # On a few rows the planner may sort as well; what is asked is whether an index can give the order.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        todo = (
            queries.cases(queries.Reach(frozenset({channel.pk}), frozenset()))
            .exclude(state="closed")
            .order_by("due_at", "id")[:26]
            .explain()
        )
        done = (
            queries.cases(queries.Reach(frozenset({channel.pk}), frozenset()))
            .filter(state="closed")
            .order_by("-closed_at", "-id")[:26]
            .explain()
        )
    assert "case_channel_due" in todo or "case_due" in todo, todo
    assert "case_channel_closed" in done or "case_closed" in done, done


def test_d71_the_start_pages_rare_finds_use_their_indexes(channel: Channel) -> None:
    """What is held back, or stuck, is a handful among millions."""
    with connection.cursor() as cursor:
        # On a few rows the planner may sort as well; what is asked is whether an index can give the order.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        held = records.held([channel.pk]).explain()
        gone = records.for_list(reading.OPEN, state="gone").order_by("-at", "-pk")[:31].explain()
        stuck = Answer.objects.filter(state__in=["failed", "uncertain"]).order_by("id")[:30].explain()
        letters = Letter.objects.filter(sent_at=None, tries__gte=2).explain()
    assert "item_not_visible" in held, held
    assert "item_not_visible" in gone, gone
    assert "answer_stuck" in stuck, stuck
    assert "letter_waiting" in letters, letters


def test_empty_lists_teach(channel: Channel, officer: Person) -> None:
    client = logged_in(officer)
    for tab, words in {
        "att-gora": "Inget att svara på",
        "mina": "Du har inga ärenden",
        "sakkunnig": "Ingen fråga väntar på en sakkunnig",
        "utlovade": "Inga löften att hålla",
        "avslutade": "Inget är avslutat än",
    }.items():
        assert words in client.get(f"{LIST}?flik={tab}").content.decode()
    assert "Inget här med det urvalet" in client.get(f"{LIST}?kanal={channel.pk}").content.decode()
    assert "Du har inga kanaler än" in logged_in(factories.person(Role.OFFICER)).get(LIST).content.decode()


def test_the_list_keeps_itself_up_to_date_at_the_price_of_a_304(channel: Channel, officer: Person) -> None:
    client = logged_in(officer)
    case = factories.case(channel)
    first = client.get(LIST, headers={"HX-Request": "true"})
    again = client.get(LIST, headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert "<html" not in first.content.decode()
    actions.take(case, officer, now=NOW)
    changed = client.get(LIST, headers={"HX-Request": "true", "If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    shown = changed.content.decode()
    for beside in ("inbox-tabs", "inbox-pressing", "u-side"):
        assert f'id="{beside}"' in shown, "the numbers beside the list are as fresh as the list"
    assert shown.count("hx-swap-oob") >= 3


def test_hostile_text_is_shown_escaped_and_cut(channel: Channel, officer: Person) -> None:
    evil = "<script>alert(1)</script>\u202eexe.gpj" + "x" * 1_000_000
    case = factories.case(channel, text=evil, author="<img src=x onerror=alert(1)>\u202e")
    client = logged_in(officer)
    for address in (LIST, reverse("inbox:case", args=[case.pk])):
        shown = client.get(address).content.decode()
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "\u202e" not in shown
        assert len(shown) < 200_000
