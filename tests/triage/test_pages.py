"""The pages of triage: the reason beside the item, judging it, what is urgent and left, the figures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import factories
from factories import THURSDAY
from triage.making import NOW, NUMBER, PLAIN, URGENT, item, taken
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import secrecy
from uppsikt.text import reading as text
from uppsikt.triage import highlights, rules
from uppsikt.triage.models import Judgement

pytestmark = pytest.mark.django_db


def as_person(person: Person) -> Client:
    """A browser in which the person is logged in."""
    client = Client()
    client.force_login(person)
    return client


def test_the_record_shows_the_reason_and_marks_the_place() -> None:
    """What was found stands beside the text, and in the text it is marked."""
    channel = factories.channel()
    officer = factories.officer(channel)
    urgent = item(channel, URGENT)
    taken(urgent)
    page = as_person(officer).get(reverse("web:record", args=[urgent.pk])).content.decode()
    assert f'<mark class="u-hit">{NUMBER}</mark>' in page
    assert "Personnummer" in page
    assert "Se genast" in page
    assert "Stämmer inte" in page


def test_who_only_reads_is_shown_the_reason_and_asked_nothing() -> None:
    """An auditor, and an officer of another channel."""
    channel = factories.channel()
    urgent = item(channel, URGENT)
    taken(urgent)
    for who in (factories.person(Role.AUDITOR), factories.officer(factories.channel())):
        page = as_person(who).get(reverse("web:record", args=[urgent.pk])).content.decode()
        assert "Personnummer" in page
        assert "Stämmer inte" not in page


def test_judging_from_the_page_is_kept_and_leads_back() -> None:
    """One press; and never to another site."""
    channel = factories.channel()
    officer = factories.officer(channel)
    urgent = item(channel, URGENT)
    taken(urgent)
    client, address = as_person(officer), reverse("triage:judge", args=[urgent.pk])
    asked = {"ground": "rule.sensitive", "agreed": "ja", "next": f"/handlingar/{urgent.pk}/?x=1"}
    assert client.post(address, asked).headers["Location"] == f"/handlingar/{urgent.pk}/?x=1"
    assert Judgement.objects.get().agreed
    for bad in ("https://ond.example/", "//ond.example/", "javascript:alert(1)", ""):
        answer = client.post(address, {**asked, "next": bad})
        assert answer.headers["Location"] == f"/handlingar/{urgent.pk}/"
    # The item is there, and may be judged; the ground is not one any more: said in words, and nothing kept.
    judged = Judgement.objects.count()
    ended = client.post(address, {**asked, "ground": "rule.made_up"})
    assert ended.status_code == 409
    assert "Välj en av grunderna i reglerna." in ended.content.decode()
    assert client.post(address, {**asked, "agreed": "kanske"}).status_code == 400
    assert Judgement.objects.count() == judged
    assert client.get(address).status_code == 405


def test_d20_what_may_not_be_read_cannot_be_judged() -> None:
    """A secret item is not there for somebody without a mandate."""
    channel = factories.channel()
    officer, stranger = factories.officer(channel), factories.officer(factories.channel())
    urgent = item(channel, URGENT)
    taken(urgent)
    secrecy.mark(urgent, ground="osl-21-1", reason="Hälsa", by=officer, now=NOW)
    asked = {"ground": "rule.sensitive", "agreed": "ja"}
    assert as_person(stranger).post(reverse("triage:judge", args=[urgent.pk]), asked).status_code == 404
    assert not Judgement.objects.exists()


def test_d20_the_list_is_in_order_of_time_and_nobody_can_pick_people_by_what_was_found() -> None:
    """No address of ours narrows a list by the kind of finding (lag 2018:218 3 kap. 3 §)."""
    channel = factories.channel()
    officer = factories.officer(channel)
    rows = [item(channel, f"{URGENT} {n}", at=THURSDAY + timedelta(minutes=n)) for n in range(3)]
    taken(*rows)
    client = as_person(officer)
    plain = client.get(reverse("triage:first")).content.decode()
    places = [plain.index(f"/handlingar/{row.pk}/") for row in rows]
    assert places == sorted(places, reverse=True)
    for name in ("slag", "kind", "grund", "ground", "q", "niva", "level"):
        for value in ("health", "sensitive", "personnummer", "rule.sensitive", "4", "hälsa"):
            narrowed = client.get(reverse("triage:first"), {name: value}).content.decode()
            assert all(f"/handlingar/{row.pk}/" in narrowed for row in rows)


def test_what_has_been_judged_leaves_the_list() -> None:
    """Somebody has seen it; and other channels can be looked at one by one."""
    channel, other = factories.channel(), factories.channel()
    officer = factories.officer(channel, other)
    one, two = item(channel, URGENT), item(other, URGENT)
    taken(one, two)
    client = as_person(officer)
    shown = client.get(reverse("triage:first"), {"kanal": channel.pk}).content.decode()
    assert f"/handlingar/{one.pk}/" in shown
    assert f"/handlingar/{two.pk}/" not in shown
    client.post(reverse("triage:judge", args=[one.pk]), {"ground": "rule.sensitive", "agreed": "nej"})
    shown = client.get(reverse("triage:first")).content.decode()
    assert f"/handlingar/{one.pk}/" not in shown
    assert client.get(reverse("triage:first"), {"kanal": "9" * 30}).status_code == 200


def test_the_list_asks_no_more_for_more_rows() -> None:
    """As many questions for twenty rows as for two."""
    channel = factories.channel()
    client = as_person(factories.officer(channel))
    rows = [item(channel, f"{URGENT} {n}", at=THURSDAY + timedelta(minutes=n)) for n in range(20)]

    def asked() -> int:
        client.get(reverse("triage:first"))
        with CaptureQueriesContext(connection) as questions:
            assert client.get(reverse("triage:first")).status_code == 200
        return len(questions)

    taken(*rows[:2])
    few = asked()
    taken(*rows[2:])
    assert asked() == few


def test_the_figures_say_what_is_on_and_why_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """For everybody who is logged in: grounds, counts, lots, and that the language model is off."""
    channel = factories.channel()
    officer = factories.officer(channel)
    monkeypatch.setattr(rules, "lot", lambda _pk: 0)
    plain = item(channel, PLAIN)
    taken(plain)
    client = as_person(officer)
    client.post(reverse("triage:judge", args=[plain.pk]), {"ground": "rule.spam", "agreed": "ja"})
    page = client.get(reverse("triage:page")).content.decode()
    assert "1 av 1 där reglerna inget hittat" in page
    assert "minst 200 av varje slag behövs" in page
    assert "Inget skickas någonstans" in page
    assert "Lärs inte" in page


@pytest.mark.parametrize(
    ("text", "spans", "marked"),
    [
        ("a <b>x</b> c", [(2, 5)], '<mark class="u-hit">&lt;b&gt;</mark>'),
        ("<script>alert(1)</script>", [(1, 4), (3, 9)], "&lt;"),
        ("aa\u202egpj.exe", [(0, 4)], "u-ctl"),
        ("abc", [(-5, 99)], '<mark class="u-hit">abc</mark>'),
        ("abc", [(2, 1), (3, 3)], "abc"),
        ("rad 1\r\nrad 2", [(5, 6)], "rad 2"),
    ],
)
def test_marked_text_is_as_safe_as_any(text: str, spans: list[tuple[int, int]], marked: str) -> None:
    """Whatever a place cuts through, no markup of the text's comes out, and all of the text is there."""
    shown = highlights.said(text, spans)
    assert marked in shown
    rest = shown.replace('<mark class="u-hit">', "").replace("</mark>", "")
    assert "<script" not in rest
    assert "<b>" not in rest


def test_a_marked_text_is_cut_and_says_so() -> None:
    """As a text without marks is."""
    shown = highlights.said("x" * 100, [(2, 4), (95, 99)], limit=10)
    assert shown.count("<mark") == 1
    assert "10" in shown
    assert "100" in shown


def test_the_inbox_says_beside_the_row_why_and_by_lot(monkeypatch: pytest.MonkeyPatch) -> None:
    """The weightiest reason of what was said last, by the newest reading; in the order of the deadline all the same."""
    channel = factories.channel()
    officer = factories.officer(channel)
    monkeypatch.setattr(rules, "lot", lambda _pk: 0)
    case = factories.case(channel, text=URGENT)
    taken(case.last_item)
    page = as_person(officer).get(reverse("inbox:list")).content.decode()
    assert "Personnummer" in page
    assert "Slumpvis" in page
    monkeypatch.setattr(text, "VERSION", "another")
    monkeypatch.setattr(text, "read_many", lambda texts, **_more: ([] for _text in texts))
    taken(case.last_item)
    page = as_person(officer).get(reverse("inbox:list")).content.decode()
    assert "Personnummer" not in page
