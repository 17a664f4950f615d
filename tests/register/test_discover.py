"""Accounts found by the links of a website, by what people write and by colleagues (D2, D12, D16)."""

from __future__ import annotations

import json
import re
from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

import factories
from uppsikt.channels.models import Channel
from uppsikt.kernel.errors import Refused
from uppsikt.net import Client as Net
from uppsikt.net import Limits, NetError
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.register import discover, discover_command, discover_pages, entries
from uppsikt.register.deviation_models import Deviation
from uppsikt.register.discover_accounts import account, same, uses_name
from uppsikt.register.discover_models import Find, Search
from uppsikt.register.life_jobs import LINK
from uppsikt.ui.models import Appearance

NOW = factories.THURSDAY


@pytest.mark.parametrize(
    ("link", "network", "address"),
    [
        ("https://www.facebook.com/AlvstaKommun", "facebook", "https://www.facebook.com/alvstakommun"),
        ("http://m.facebook.com/alvstakommun/?ref=ts", "facebook", "https://www.facebook.com/alvstakommun"),
        ("https://sv-se.facebook.com/alvstakommun/photos/", "facebook", "https://www.facebook.com/alvstakommun"),
        ("https://facebook.com/profile.php?id=100064", "facebook", "https://www.facebook.com/profile.php?id=100064"),
        (
            "https://www.facebook.com/pages/Alvsta/1234567",
            "facebook",
            "https://www.facebook.com/profile.php?id=1234567",
        ),
        ("https://l.facebook.com/l.php?u=https%3A%2F%2Ffb.com%2Fbad", "facebook", "https://www.facebook.com/bad"),
        ("https://www.facebook.com/groups/alvsta", "facebook", "https://www.facebook.com/groups/alvsta"),
        ("https://instagram.com/alvsta.bibliotek?igshid=x", "instagram", "https://www.instagram.com/alvsta.bibliotek/"),
        ("https://twitter.com/alvsta", "x", "https://x.com/alvsta"),
        ("https://x.com/@alvsta", "x", "https://x.com/alvsta"),
        ("https://se.linkedin.com/company/Alvsta/about", "linkedin", "https://www.linkedin.com/company/alvsta/"),
        ("https://youtube.com/@Alvsta/videos", "youtube", "https://www.youtube.com/@alvsta"),
        (
            "https://www.youtube.com/channel/UC1234567890abcdefABCDEF",
            "youtube",
            "https://www.youtube.com/channel/UC1234567890abcdefABCDEF",
        ),
        ("https://www.tiktok.com/@alvsta?lang=sv", "tiktok", "https://www.tiktok.com/@alvsta"),
        ("https://www.threads.com/@alvsta", "threads", "https://www.threads.net/@alvsta"),
        ("https://bsky.app/profile/alvsta.se", "bluesky", "https://bsky.app/profile/alvsta.se"),
        ("https://mastodon.nu/@Alvsta", "mastodon", "https://mastodon.nu/@alvsta"),
        ("https://vimeo.com/alvsta", "vimeo", "https://vimeo.com/alvsta"),
        ("https://open.spotify.com/show/4rOoJ6Egrf8K2IrywzwOMk", "podcast", None),
        ("https://podcasts.apple.com/se/podcast/alvstapodden/id123456", "podcast", None),
    ],
)
def test_d12_an_account_has_one_address_however_it_is_written(link: str, network: str, address: str | None) -> None:
    found = account(link)
    assert found is not None
    assert found.network == network
    assert address is None or found.address == address
    again = account(found.address)
    assert again is not None
    assert again.address == found.address, "its own form leads to itself"
    assert same(link) == found.address


@pytest.mark.parametrize(
    "link",
    [
        "https://www.facebook.com/sharer/sharer.php?u=https://alvsta.example",
        "https://www.facebook.com/alvsta/posts/123",
        "https://twitter.com/intent/tweet?text=x",
        "https://x.com/alvsta/status/1",
        "https://www.instagram.com/p/Cxyz/",
        "https://www.youtube.com/watch?v=abc",
        "https://youtu.be/abc",
        "https://www.linkedin.com/shareArticle?url=x",
        "https://www.linkedin.com/in/eva-ek",
        "https://vimeo.com/123456",
        "https://alvsta.example/@eva",
        "https://facebook.com.evil.example/alvsta",
        "mailto:a@facebook.com",
        "https://[::1",
        "",
    ],
)
def test_d12_a_post_a_button_for_sharing_or_a_strangers_host_is_no_account(link: str) -> None:
    assert account(link) is None


@given(st.text(max_size=80), st.sampled_from(["https://www.facebook.com/", "https://x.com/", "http://", ""]))
@settings(max_examples=150, deadline=None)
def test_no_link_breaks_the_reader_and_its_own_form_is_stable(path: str, start: str) -> None:
    found = account(start + path, mine=True)
    if found is not None:
        again = account(found.address, mine=True)
        assert again is not None
        assert again.address == found.address


@pytest.mark.parametrize(
    ("handle", "uses"),
    [
        ("alvsta_kommun", True),
        ("Älvsta.Nyheter", True),
        ("alvstakommunofficial", True),
        ("ÄLVSTA", True),
        ("grannkommunen", False),
        ("alv", False),
        ("lundskommun_vinst", True),
        ("Lund.Nyheter", True),
        ("LundNyheter", True),
        ("lund2026", True),
        ("anna.lundberg", False),
        ("gronlund", False),
    ],
)
def test_d13_a_name_is_known_without_its_marks_and_a_person_is_not_taken_for_a_town(handle: str, uses: bool) -> None:
    assert uses_name(handle, ["Älvsta kommun", "Lunds kommun"]) is uses


PAGES: dict[str, str] = {
    "/": '<a href="/kontakt#karta">K</a><a href="bibliotek/">B</a><a href="/hemligt/">H</a><a href="/fil.pdf">F</a>'
    '<footer><a href="https://www.facebook.com/alvstakommun/">f</a>'
    '<a href="https://www.facebook.com/sharer/sharer.php?u=x">dela</a>'
    '<a rel="me noopener" href="https://social.alvsta.example/@alvsta">m</a></footer>',
    "/kontakt": '<footer><a href="https://sv-se.facebook.com/alvstakommun">f</a></footer>'
    '<a href="https://instagram.com/alvsta.bad/">i</a><a href="http://other.example/">bort</a>',
    "/bibliotek/": '<base href="/bibliotek/filialer/"><a href="../../kontakt">x</a><a href="norr">norr</a>'
    '<area href="//www.youtube.com/@alvstabibliotek">',
    "/bibliotek/filialer/norr": "<a href='http://alvsta.example:99999/'>x</a><a href='http://x.example:port/'>x</a>"
    "<a href='https://blogg.alvsta.example/'>bloggen</a><a href='javascript:alert(1)'>",
    "/hemligt/": '<a href="https://www.tiktok.com/@hemligt">h</a>',
    "/robots.txt": "User-agent: *\nCrawl-delay: ²\nDisallow: http://[\nDisallow: /hemligt/\n",
}


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A small website of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGES.get(self.path.partition("?")[0])
            self.send_response(200 if body is not None else 404)
            kind = "text/plain" if self.path == "/robots.txt" else "text/html; charset=utf-8"
            self.send_header("content-type", kind)
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def net(site: str) -> Net:
    return Net(Limits(allow_private=frozenset({site.split("/")[2]})))


def quiet(_seconds: float) -> None:
    """No rest between pages in a test."""


def test_d16_a_website_is_read_within_its_wishes_and_each_account_is_found_once(site: str) -> None:
    with net(site) as client:
        seen = discover.look(site, client, most=50, sleep=quiet)
    assert {one.address for one, _page in seen.accounts.values()} == {
        "https://www.facebook.com/alvstakommun",
        "https://social.alvsta.example/@alvsta",
        "https://www.instagram.com/alvsta.bad/",
        "https://www.youtube.com/@alvstabibliotek",
    }
    assert seen.accounts["https://www.facebook.com/alvstakommun"][1] == site, "the first page that links to it"
    assert seen.links[same("https://blogg.alvsta.example")].endswith("/bibliotek/filialer/norr")
    assert (seen.walk.read, seen.walk.forbidden, seen.whole) == (4, 1, True)


def test_no_more_pages_are_read_than_allowed_and_a_rest_is_taken_between_them(site: str) -> None:
    rests: list[float] = []
    with net(site) as client:
        seen = discover.look(site, client, most=2, sleep=rests.append)
    assert (seen.walk.read, seen.whole, len(rests)) == (2, False, 1)


def test_a_site_that_does_not_answer_is_told_and_a_private_one_is_not_asked(site: str) -> None:
    with net(site) as client, pytest.raises(NetError):
        discover.look(f"{site}finns-inte", client, most=5, sleep=quiet)
    with Net(Limits()) as client, pytest.raises(NetError) as refused:
        discover.look(site, client, most=5, sleep=quiet)
    assert refused.value.code == "private_address"


@given(st.binary(max_size=300), st.sampled_from(["text/html; charset=utf-8", "text/html; charset=nonsense", ""]))
@settings(max_examples=100, deadline=None)
def test_no_page_breaks_the_reader(body: bytes, kind: str) -> None:
    for start in (b"", b"<a href='", b"<base href='http://[", b"<!--<![", b"<a href=http://x/"):
        page = discover_pages.links_of(start + body, kind, "https://alvsta.example/")
        assert all(link.address.startswith(("http://", "https://")) for link in page.links)


@pytest.fixture
def called(db: None) -> Person:
    """The municipality has a name, and a communications unit."""
    Appearance.objects.update_or_create(pk=1, defaults={"name": "Älvsta kommun"})
    return factories.person(Role.COMMUNICATIONS)


def searched(site: str, settings: Any, *, by: Person | None = None) -> Search:
    settings.ALLOW_PRIVATE = frozenset({site.split("/")[2]})
    search = discover.begin(site, by=by, now=NOW)
    discover.run(search, clock=lambda: NOW, sleep=quiet)
    search.refresh_from_db()
    return search


def open_codes() -> set[tuple[str, str]]:
    return set(Deviation.objects.filter(state__in=["found", "taken"]).values_list("code", "mark"))


def test_d2_d12_what_nobody_registered_is_put_before_the_communications_unit_and_ends_when_it_is_taken_in(
    site: str, called: Person, settings: Any
) -> None:
    ours = factories.channel(network="instagram", address="https://www.instagram.com/alvsta.bad/")
    blog = factories.channel(network="wordpress", address="https://blogg.alvsta.example")
    discover.begin(site, by=called, now=NOW - timedelta(hours=1))
    with pytest.raises(Refused) as refused:
        discover.begin(site, by=called, now=NOW)
    assert refused.value.code == "under_way"
    Search.objects.update(at=NOW - timedelta(days=1))
    search = searched(site, settings, by=called)
    assert (search.state, search.pages, search.accounts, search.fresh) == ("done", 4, 4, 3)
    assert entries.of(ours).linked_from.endswith("/kontakt")
    assert entries.of(blog).linked_from.endswith("/norr")
    assert {row.address for row in Find.objects.filter(state="new")} == {
        "https://www.facebook.com/alvstakommun",
        "https://social.alvsta.example/@alvsta",
        "https://www.youtube.com/@alvstabibliotek",
    }
    assert {code for code, _mark in open_codes()} == {"life.unregistered"}
    again = searched(site, settings)
    assert (again.fresh, Find.objects.count(), len(open_codes())) == (0, 3, 3)
    page = Find.objects.get(network="facebook")
    channel = discover.enlist(page, name="Älvsta", unit=ours.unit, responsible=ours.responsible, by=called, now=NOW)
    page.refresh_from_db()
    assert (page.state, page.channel, channel.state) == ("taken_in", channel, "live")
    assert entries.of(channel).linked_from == site
    assert ("life.unregistered", page.address) not in open_codes()
    tube = Find.objects.get(network="youtube")
    discover.not_ours(tube, reason="Föreningens egen", by=called, now=NOW)
    assert ("life.unregistered", tube.address) not in open_codes()
    with pytest.raises(Refused):
        discover.impersonates(tube, reason="  ", by=called, now=NOW)


def test_d16_a_link_that_is_gone_is_gone_once_the_whole_site_was_read(site: str, called: Person, settings: Any) -> None:
    channel = factories.channel(network="x", address="https://x.com/alvsta")
    entries.change(channel, by=factories.TESTER, now=NOW, linked_from=f"{site}gammal")
    elsewhere = factories.channel(network="x", address="https://x.com/alvsta2")
    entries.change(elsewhere, by=factories.TESTER, now=NOW, linked_from="https://intranet.example/")
    searched(site, settings)
    assert entries.of(channel).linked_from == ""
    assert entries.of(elsewhere).linked_from == "https://intranet.example/"


def test_d13_an_account_that_bears_our_name_and_is_not_ours_is_a_deviation_until_it_is_gone(called: Person) -> None:
    text = "Kolla www.instagram.com/alvstakommun_vinst! Och https://x.com/grannen, facebook.com/alvsta.lotteri."
    found = discover.read_text(text, "javascript:alert(1)", now=NOW)
    assert {row.found_on for row in found} == {""}, "a network may say any link"
    assert [row.address for row in found] == [
        "https://www.instagram.com/alvstakommun_vinst/",
        "https://www.facebook.com/alvsta.lotteri",
    ]
    assert discover.read_text(text, "", now=NOW) == [], "twice is once"
    marks = {mark for code, mark in open_codes() if code == "life.impersonation"}
    assert marks == {row.address for row in found}
    row = discover.impersonates(found[0], reason="Ber om kortnummer", by=called, now=NOW)
    assert ("life.impersonation", row.address) in open_codes()
    discover.gone(row, reason="Nätet har stängt kontot", by=called, now=NOW)
    assert ("life.impersonation", row.address) not in open_codes()
    later = discover.read_text(text, "", now=NOW + timedelta(days=30))
    assert [row.address for row in later] == [found[0].address], "it is there again"
    assert ("life.impersonation", found[0].address) in open_codes()


def test_an_account_that_is_ours_already_or_is_none_cannot_be_reported(called: Person) -> None:
    factories.channel(network="facebook", address="https://www.facebook.com/alvsta")
    for typed, code in (
        ("https://m.facebook.com/Alvsta/", "registered"),
        ("alvsta.example/nyheter", "no_account"),
        ("  ", "bad_address"),
        ("https://alvsta.example:99999/", "bad_address"),
        ("http://", "bad_address"),
    ):
        with pytest.raises(Refused) as refused:
            discover.report(typed, by=called, now=NOW)
        assert refused.value.code == code, typed
    discover.report("instagram.com/alvsta_fejk", by=called, now=NOW)
    with pytest.raises(Refused) as refused:
        discover.report("https://www.instagram.com/Alvsta_fejk/", by=called, now=NOW)
    assert refused.value.code == "known"


@pytest.mark.django_db
def test_without_a_name_nothing_that_people_write_is_suspected() -> None:
    Appearance.objects.all().delete()
    assert discover.read_text("https://x.com/alvsta", "", now=NOW) == []


@pytest.mark.parametrize("text", ["www.instagram.com/alvsta", "https://x.com/alvsta", "se facebook.com/alvsta"])
def test_the_query_lets_through_every_text_that_may_hold_an_address(text: str) -> None:
    assert re.search(LINK, text)
    assert discover.WRITTEN.search(text)


def test_the_pages_let_the_communications_unit_judge_what_was_found(called: Person) -> None:
    client = Client()
    client.force_login(called)
    factories.channel(unit=factories.municipality().unit)
    answer = client.post(reverse("register:report_find"), {"account": "instagram.com/alvsta_nytt"})
    row = Find.objects.get()
    assert answer.url == reverse("register:find", args=[row.pk])
    page = client.get(reverse("register:finds")).content.decode()
    assert "alvsta_nytt" in page
    assert "Bär kommunens namn" in page
    judged: Callable[..., Any] = lambda **more: client.post(reverse("register:judge_find", args=[row.pk]), more)  # noqa: E731
    assert judged(bedomning="inte-vart", reason="").status_code == 422
    assert judged(bedomning="annat", reason="x").status_code == 422
    assert judged(bedomning="inte-vart", reason="Ett fanklubbskonto").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reason, row.judged_by) == ("not_ours", "Ett fanklubbskonto", called)
    unit = factories.municipality().unit
    form = {"name": "Älvsta nytt", "unit": unit.pk, "responsible": called.email}
    answer = client.post(reverse("register:take_in_find", args=[row.pk]), form)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert Channel.objects.get(address=row.address).name == "Älvsta nytt"
    assert client.post(reverse("register:search_site"), {"address": "::"}).status_code == 422
    assert json.dumps(list(Search.objects.values_list("address", flat=True))) == "[]"


def test_d12_from_the_terminal_each_account_is_told_with_whether_it_is_registered(
    site: str, called: Person, settings: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALLOW_PRIVATE = frozenset({site.split("/")[2]})
    monkeypatch.setattr(discover_pages, "REST", 0.0)
    ours = factories.channel(network="facebook", address="https://www.facebook.com/alvstakommun")
    with pytest.raises(Refused):
        discover_command.run(Namespace(address="", json=False, pages=0))
    assert discover_command.run(Namespace(address=site, json=True, pages=0)) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["pages"], told["whole"], len(told["accounts"])) == (4, True, 4)
    assert [row["channel"] for row in told["accounts"]] == [None, None, None, ours.pk]
    assert Find.objects.filter(state="new").count() == 3
    assert discover_command.run(Namespace(address=site, json=False, pages=1)) == 1
    said = capsys.readouterr().out
    assert "www.facebook.com/alvstakommun" in said
    with pytest.raises(Refused):
        discover_command.run(Namespace(address=f"{site}finns-inte", json=False, pages=0))
