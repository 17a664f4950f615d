"""The public list: what it shows and what it never shows, in all its shapes, and what the public sends (D12, D67, D70).

One world serves many questions: what the list shows hangs on the register alone.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core import signing
from django.db import connection
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pyshacl import validate
from rdflib import RDF, Graph, URIRef, namespace

import factories
from uppsikt.channels import actions as channels
from uppsikt.channels.models import Channel
from uppsikt.inbox.models import Case
from uppsikt.kernel.models import Step
from uppsikt.moderation import knowing
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import deciding
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item
from uppsikt.register import directory, directory_cache, directory_changes, directory_forms, entries
from uppsikt.register.directory_models import ListChange, PublicFacts
from uppsikt.ui.models import Appearance

SHAPES = Path(__file__).with_name("shapes")
NOW = factories.THURSDAY
PLACE = "203.0.113.9"
HOSTILE = "</script><script>alert(1)</script> & \u202e ]]>"
PAGES = ("list", "rules", "guideline", "accessibility", "report", "opinion", "thanks", "embed")


@pytest.fixture
def world(db: None) -> list[Channel]:
    """A municipality with twelve accounts on show, one kept out, one being opened, one of questions handed over."""
    Appearance.objects.create(name="Älvsta kommun")
    facts = {"website": "https://www.alvsta.example", "email": "kommun@alvsta.example", "phone": "0221-100 00"}
    PublicFacts.objects.create(**facts)
    responsible = factories.person(Role.COMMUNICATIONS, name="Rut Hemlig")
    made = [
        factories.channel(name=f"Konto {number:02} {HOSTILE if number == 7 else ''}".strip(), responsible=responsible)
        for number in range(12)
    ]
    for number, row in enumerate(made):
        subject = "library" if number % 3 == 0 else "sports"
        fields = {"subject": subject, "purpose": f"Syfte {number}", "handle": f"@konto{number}"}
        entries.change(row, by=factories.TESTER, now=NOW, languages=["sv", "fi"], **fields)
    hidden = factories.channel(name="Undanhållen", responsible=responsible)
    entries.change(hidden, by=factories.TESTER, now=NOW, listed=False)
    channels.enlist(
        network="facebook",
        name="Öppnas snart",
        address="https://www.facebook.com/snart",
        unit=made[0].unit,
        responsible=responsible,
        central=False,
        by=factories.TESTER,
        now=NOW,
        opening=True,
    )
    Channel.objects.filter(pk=made[5].pk).update(state="paused")
    factories.channel(name="Överlämnade frågor", network="handed_over", responsible=responsible)
    entries.of_all(Channel.objects.all())
    return made


def got(name: str, *args: object, language: str = "sv", query: str = "", **headers: str) -> HttpResponse:
    """A page, asked for by somebody who is not logged in."""
    space = "directory_en" if language == "en" else "directory"
    answer = Client().get(reverse(f"{space}:{name}", args=args) + query, headers=headers)
    assert isinstance(answer, HttpResponse)
    return answer


def feed() -> ElementTree.Element:
    """The feed of changes; our own words, so any parser will do."""
    return ElementTree.fromstring(got("rss", language="en").content)  # noqa: S314


def text_of(answer: HttpResponse) -> str:
    """The page's words."""
    return answer.content.decode()


def test_the_list_shows_live_accounts_alone_and_nobody_of_the_house(world: list[Channel]) -> None:
    for language in ("sv", "en"):
        page = text_of(got("list", language=language))
        assert page.count('<th scope="row">') == len(world)
        for never in ("Undanhållen", "Öppnas snart", "Överlämnade", "Rut Hemlig", "person1@", "csrf", "sessionid"):
            assert never not in page
        assert f'<html lang="{language}"' in page
    assert text_of(got("list", query="?subject=library")).count('<th scope="row">') == 4
    assert text_of(got("list", query="?q=SYFTE+11")).count('<th scope="row">') == 1
    # By what it is about, in the words of the page.
    assert text_of(got("list", query="?q=bibliotek")).count('<th scope="row">') == 4
    assert text_of(got("list", language="en", query="?q=librar")).count('<th scope="row">') == 4
    assert text_of(got("list", query="?network=facebook")).count('<th scope="row">') == 0
    assert got("list", query=f"?q={'å' * 5000}%00%FF&subject=%3Cb%3E").status_code == 200


def test_the_list_is_the_same_in_every_shape(world: list[Channel]) -> None:
    names = {row.name for row in world}
    facts = json.loads(text_of(got("json")))
    assert {row["name"] for row in facts["channels"]} == names
    assert facts["municipality"] == "Älvsta kommun"
    rows = list(csv.DictReader(io.StringIO(text_of(got("csv")))))
    assert {row["name"] for row in rows} == names
    for shape in ("json", "csv", "dcat"):
        assert got(shape)["Access-Control-Allow-Origin"] == "*"
    assert directory_changes.note(now=NOW) == len(world)
    assert len(feed().findall(".//item")) == len(world)
    assert text_of(got("embed")).count("<li>") == len(world)
    # The list may stand in a frame on any site, and the rest may not.
    framed, page = got("embed"), got("list")
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_what_changes_is_written_down_once_and_told(world: list[Channel]) -> None:
    directory_changes.note(now=NOW)
    assert directory_changes.note(now=NOW) == 0
    Channel.objects.filter(pk=world[0].pk).update(name="Nytt namn\ufffe")
    Channel.objects.filter(pk=world[1].pk).update(state="closed")
    assert directory_changes.note(now=NOW + timedelta(hours=1)) == 2
    newest = {change.what: change for change in directory_changes.latest()[:2]}
    assert newest["changed"].facts["name"] == "Nytt namn\ufffe"
    assert newest["changed"].before["name"] == "Konto 00"
    assert newest["removed"].channel_id == world[1].pk
    titles = [line.text or "" for line in feed().iter("title")]
    assert any("Nytt namn" in title for title in titles)
    assert [line.text for line in feed().iter("description")][1:] == ["Name: Nytt namn"]
    assert ListChange.objects.count() == len(world) + 2


def test_a_page_is_kept_until_something_in_it_is_another(world: list[Channel]) -> None:
    """Whatever is shown changes the stamp; what is not shown leaves it as it is."""
    first = got("list")
    assert first["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in first.get("Vary", "")
    assert not first.cookies
    again = got("list", **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Channel.objects.filter(pk=world[0].pk).update(pulled_at=NOW, trouble_code="x")
    assert got("list", **{"If-None-Match": first["ETag"]}).status_code == 304
    seen = {directory.stamp()}

    def is_new() -> None:
        now = directory.stamp()
        assert now not in seen
        seen.add(now)

    Channel.objects.filter(pk=world[0].pk).update(name="Annat namn")
    is_new()
    assert "Annat namn" in text_of(got("list", **{"If-None-Match": first["ETag"]}))
    entries.change(world[1], by=factories.TESTER, now=NOW, purpose="Något annat")
    is_new()
    entries.change(world[1], by=factories.TESTER, now=NOW, listed=False)
    is_new()
    PublicFacts.objects.update(phone="0221-200 00")
    is_new()
    Appearance.objects.update(colour="#222222")
    is_new()
    world[2].unit.name = "Ny enhet"
    world[2].unit.save()
    is_new()
    spam = policy.ground("rule.spam")
    assert spam is not None
    assert "Samma sak om och om igen" in text_of(got("rules"))
    deciding.end_ground(ground=spam, by=factories.TESTER, now=NOW, reason="Prov")
    is_new()
    assert "Samma sak om och om igen" not in text_of(got("rules"))


def test_a_page_that_is_kept_costs_one_question_and_what_visitors_ask_for_fills_no_memory(
    world: list[Channel], monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: object
) -> None:
    got("list")
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture
        got("list")
    monkeypatch.setattr(directory_cache, "MOST", 4)
    for number in range(8):
        got("list", query=f"?q=ord{number}")
    assert len(directory_cache._pages) <= directory_cache.MOST


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_is_light_and_runs_no_script(world: list[Channel], language: str) -> None:
    """Under 100 KB packed with its style sheets, whatever the browser asks for; no script but data."""
    for name in PAGES:
        answer = got(name, language=language)
        page = text_of(answer)
        assert answer.status_code == 200
        assert not re.findall(r"<script(?! type=\"application/ld\+json\")|\son\w+=|javascript:|style=", page)
        sheets = re.findall(r'rel="stylesheet" href="([^"]+)"', page)
        weight = len(gzip.compress(answer.content))
        for sheet in sheets:
            file = Path(settings.SOURCE / "web" / sheet.lstrip("/"))
            weight += len(gzip.compress(file.read_bytes() if file.is_file() else Client().get(sheet).content))
        assert len(sheets) == 4
        assert weight < 100_000, (name, weight)
    packed = got("list", language=language, **{"Accept-Encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == got("list", language=language).content
    assert "Content-Encoding" not in got("list", language=language, **{"Accept-Encoding": "br, gzip;q=0"})


def test_an_account_has_its_whole_text_in_four_languages(world: list[Channel]) -> None:
    row = world[3]
    for code, words in {
        "sv": "allmän handling",
        "sv-latt": "Det betyder att vi sparar det",
        "en": "public record",
        "fi": "julkinen asiakirja",
        "xx": "allmän handling",
    }.items():
        assert words in text_of(got("channel", row.pk, query=f"?sprak={code}"))
    assert Client().get(f"/k/{row.pk}").headers["Location"] == reverse("directory:channel", args=[row.pk])
    hidden = Channel.objects.get(name="Undanhållen")
    for key in (hidden.pk, 999_999, 10**25):
        answer = got("channel", key)
        assert answer.status_code == 404
        assert f'href="{reverse("directory:list")}"' in text_of(answer) and "Undanhållen" not in text_of(answer)
    for code in ("sv-latt", "en", "fi"):
        rules = text_of(got("rules", query=f"?sprak={code}"))
        assert rules.count("<li>") >= 18


def test_hostile_names_stay_words(world: list[Channel]) -> None:
    page = text_of(got("list"))
    assert "<script>alert" not in page
    graph = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0])
    assert any(
        HOSTILE in json.dumps(part, ensure_ascii=False) or "alert(1)" in json.dumps(part) for part in graph["@graph"]
    )
    assert "<script>alert" not in text_of(got("embed"))
    directory_changes.note(now=NOW)
    assert any("alert(1)" in (line.text or "") for line in feed().iter("title"))
    # An address of another kind than the web's comes from somewhere else than our forms; it is no link.
    Channel.objects.filter(pk=world[7].pk).update(address="javascript:alert(1)")
    for page in (got("list"), got("embed"), got("channel", world[7].pk), got("json")):
        assert page.status_code == 200
        assert "javascript:" not in text_of(page)


def test_the_list_in_the_words_of_schema_org(world: list[Channel]) -> None:
    """Every type and property is one of schema.org's, and the shapes that we pinned hold."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text_of(got("list")), re.S)
    graph = Graph().parse(data=found[0], format="json-ld")
    assert len(graph) > 100
    terms = {term for _s, term, _o in graph} | {kind for kind in graph.objects(None, RDF.type)}
    assert {str(term) for term in terms if term != RDF.type and term not in namespace.SDO} == set()
    assert_conforms(graph, "schema_org.ttl")
    one = next(iter(graph.subjects(RDF.type, namespace.SDO.ListItem)))
    graph.remove((one, namespace.SDO.position, None))
    assert not conforms(graph, "schema_org.ttl")[0]


def test_the_list_as_an_open_data_set(world: list[Channel]) -> None:
    """DCAT-AP-SE 3.0.1: what is mandatory is there, and a description that lacks any of it is seen."""
    directory_changes.note(now=NOW)
    graph = Graph().parse(data=got("dcat").content, format="xml")
    assert_conforms(graph, "dcat_ap_se.ttl")
    mandatory = [
        (s, p)
        for s, p, _o in graph
        if str(p).rsplit("/", 1)[-1].rsplit("#", 1)[-1]
        in {"title", "publisher", "license", "accessURL", "fn", "name", "dataset"}
    ]
    assert len(mandatory) >= 8
    for subject, predicate in sorted(set(mandatory)):
        lacking = Graph().parse(data=got("dcat").content, format="xml")
        lacking.remove((subject, predicate, None))
        distribution = predicate == URIRef("http://purl.org/dc/terms/license") and "#katalog" not in str(subject)
        assert conforms(lacking, "dcat_ap_se.ttl")[0] is distribution, predicate


def conforms(graph: Graph, shapes: str) -> tuple[bool, str]:
    """Whether a graph holds to our shapes, and why not."""
    fine, _report, words = validate(graph, shacl_graph=str(SHAPES / shapes), advanced=False)
    return bool(fine), str(words)


def assert_conforms(graph: Graph, shapes: str) -> None:
    """It holds to the shapes."""
    fine, words = conforms(graph, shapes)
    assert fine, words


def begun(seconds: float) -> str:
    """What a form that was opened so long ago holds."""
    with pytest.MonkeyPatch.context() as patch:
        real = signing.time.time()
        patch.setattr(signing.time, "time", lambda: real - seconds)
        return signing.dumps("", salt=directory_forms.SALT)


def sent(name: str, **fields: str) -> HttpResponse:
    """What comes of sending a form, filled in at a person's pace."""
    answer = Client().post(
        reverse(f"directory:{name}"), {"begun": begun(30), "text": "Så här får ni inte ha det!", **fields}
    )
    assert isinstance(answer, HttpResponse)
    return answer


def test_what_the_public_sends_lands_as_a_case(world: list[Channel]) -> None:
    # However old it is: what was written years ago is still there to be read.
    spoken = factories.item(world[2], text="Hot", at=factories.THURSDAY - timedelta(days=1200))
    answer = sent("report", channel=str(world[2].pk), link=spoken.address, contact="maria@example.org")
    assert answer.status_code == 302
    case = Case.objects.get()
    assert case.due_at > case.received_at
    said = case.last_item.version
    assert said is not None
    kept = f"/handlingar/{spoken.pk}/"
    for words in ("Anmälan", "Konto 02", spoken.address, kept, "maria@example.org", "Så här får ni inte ha det!"):
        assert words in said.text
    # The item is known from then on, whenever one of us read it (lag 1998:112, 4 a §).
    [told] = Step.objects.filter(kind="records.item", thing_id=spoken.pk, name="reported")
    assert knowing.of(spoken, now=told.at + timedelta(days=2)) == (told.at, "report")
    assert sent("opinion", channel=str(world[2].pk)).status_code == 302
    assert Case.objects.count() == 2
    assert Step.objects.filter(name="reported").count() == 1
    # The account that was chosen may be wrong, and browsers add to an address.
    assert sent("report", channel=str(world[3].pk), link=f"{spoken.address}/?fbclid=x1&utm_source=z").status_code == 302
    assert sent("report", link="https://elsewhere.example/1").status_code == 302
    assert Step.objects.filter(name="reported", thing_id=spoken.pk).count() == 2
    assert not Step.objects.filter(facts__icontains=PLACE).exists()
    found = Item.objects.filter(~Q(address=""), address__in=[spoken.address, "https://elsewhere.example/1"])
    with connection.cursor() as cursor:
        # Of so few rows all would be read: what matters is that they need not be.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
    assert "item_address" in found.explain()


def test_what_is_wrongly_or_ill_sent_opens_no_case(world: list[Channel]) -> None:
    wrong: list[tuple[dict[str, str], int]] = [
        ({"website": "http://spam.example"}, 302),
        ({"begun": ""}, 422),
        ({"begun": "forged"}, 422),
        ({"text": ""}, 422),
        ({"text": "x" * 5000}, 422),
        ({"contact": "inte en adress"}, 422),
        ({"channel": "999999"}, 422),
        ({"channel": "'; DROP TABLE"}, 422),
        ({"link": "javascript:alert(1)"}, 422),
        ({"text": "<script>alert(1)</script>\0\u202e"}, 422),
    ]
    for fields, status in wrong:
        answer = sent("report", **fields)
        assert (answer.status_code, Case.objects.count()) == (status, 0), fields
        assert "<script>alert" not in text_of(answer)
    assert sent("report", text="<script>alert(1)</script>\u202e").status_code == 302
    assert Case.objects.count() == 1


def test_a_form_that_is_sent_at_once_or_after_days_is_shown_again_with_its_words(world: list[Channel]) -> None:
    for seconds in (0.5, 13 * 3600):
        answer = sent("opinion", begun=begun(seconds), text="Mina ord")
        assert answer.status_code == 422
        assert "Mina ord" in text_of(answer)


def test_one_place_sends_only_so_much_and_the_place_is_not_kept(world: list[Channel]) -> None:
    statuses = [sent("opinion", text=f"Nummer {number}").status_code for number in range(7)]
    assert statuses == [302] * 5 + [409] * 2
    assert Case.objects.count() == 5


def test_two_clicks_send_once_and_a_form_filled_in_anew_is_another_message(world: list[Channel]) -> None:
    opened = begun(30)
    for _click in range(2):
        assert sent("opinion", begun=opened, text="Mer cykelväg!").status_code == 302
    assert Case.objects.count() == 1
    assert sent("opinion", begun=opened, text="Mer cykelväg och belysning!").status_code == 302
    assert Case.objects.count() == 2
    # Whoever is away, the channel is there already.
    Person.objects.update(unit=None)
    assert sent("opinion", text="En till").status_code == 302


def test_a_form_leads_to_somebody_or_says_that_it_does_not(db: None) -> None:
    answer = sent("opinion")
    assert answer.status_code == 409
    assert Case.objects.count() == 0
