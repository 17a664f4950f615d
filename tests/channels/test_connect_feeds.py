"""Connecting a feed by its address or by a page that names it, in the browser's forms and at the terminal (D1, D5)."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from django.utils import timezone
from pytest_django import Settings

import factories
from channels.test_connect_pages import Visit
from servers.feed_server import FeedServer
from servers.hostile_server import Asked, HostileServer, plain
from uppsikt.channels import commands, vault
from uppsikt.channels.models import Channel
from uppsikt.connectors import registry
from uppsikt.connectors.base import Permanent, Recognition, Trouble
from uppsikt.net import Client, Limits
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import pulling
from uppsikt.records.models import Item


@pytest.fixture
def site(settings: Settings) -> Iterator[FeedServer]:
    with FeedServer() as made:
        settings.ALLOW_PRIVATE = frozenset({made.host})
        made.comment(made.publish(), "När öppnar badet?")
        yield made


@pytest.fixture
def visit(db: None) -> Visit:
    return Visit(factories.person(Role.COMMUNICATIONS))


def recognise(site: FeedServer, address: str) -> Recognition:
    return registry.recognise(address, Client(Limits(allow_private=frozenset({site.host}))))


@pytest.mark.parametrize("kind", ["rss2", "rss1", "rss091", "atom", "atom03", "json", "podcast", "video"])
def test_d1_a_feed_is_recognised_by_its_own_address(kind: str, site: FeedServer) -> None:
    found = recognise(site, site.feed(kind))
    assert found.network == "feed"
    assert found.name.startswith("Älvsta")
    assert (found.settings["feed"], found.settings["comments"]) == (site.feed(kind), site.comments)
    assert found.found["entries"] == "1"
    assert [(need.name, need.optional) for need in found.needs] == [("own_name", True)]


def test_d1_a_page_leads_to_its_feeds_and_the_others_can_be_chosen(site: FeedServer) -> None:
    found = recognise(site, site.host)
    assert (found.settings["feed"], found.settings["comments"]) == (site.feed(), site.comments)
    assert found.others == (("Atom", site.feed("atom")),)
    found = recognise(site, site.comments)
    assert (found.settings["feed"], found.settings["comments"]) == (site.feed(), site.comments), "joined with the posts"


@pytest.mark.parametrize(
    ("head", "feed"),
    [
        ("<html><body><a href='/json' type='application/feed+json'>Följ oss</a>", "json"),
        ("<html><body><p>Inget här", ""),
    ],
)
def test_d1_feeds_are_found_in_links_and_nowhere_else_with_few_requests(head: str, feed: str, site: FeedServer) -> None:
    site.head = head
    if feed:
        assert recognise(site, site.url).settings["feed"] == site.feed(feed)
        return
    with pytest.raises(Permanent) as told:
        recognise(site, site.url)
    assert told.value.code == "not_recognised"
    assert len(site.server.asked) < 15


def test_d1_a_feed_lies_where_feeds_usually_do(site: FeedServer) -> None:
    site.head = "<html><body><p>Inget här"
    site.server.answers["/feed.xml"] = site.answer(Asked("GET", "/rss2", {}, b""))
    assert recognise(site, site.url).settings["feed"] == site.url + "feed.xml"


def test_d1_a_wordpress_whose_api_is_shut_is_read_by_its_feed() -> None:
    def answer(asked: Asked, connection: socket.socket) -> None:
        page = plain("200 OK", SHUT, Content_Type="text/html")
        connection.sendall(feeds.answer(asked) if asked.path in ("/rss2", "/comments/feed") else page)

    with HostileServer(fallback=answer) as server, FeedServer() as feeds:
        feeds.publish()
        client = Client(Limits(allow_private=frozenset({server.host, feeds.host})))
        found = registry.recognise(server.url, client)
        assert (found.network, found.found["instead_of"]) == ("feed", "wordpress")
        assert found.found["shut_by"] == "not_json", "the trouble is told: the feed is a choice, and a lesser one"
        server.fallback = plain("200 OK", SHUT.replace(b"/rss2", b"/x"), Content_Type="text/html")
        with pytest.raises(Trouble) as told:
            registry.recognise(server.url, client)
        assert told.value.code == "not_json", "where there is no feed either, the first trouble is told"


SHUT = (
    b"<!doctype html><title>Blogg</title><link rel='https://api.w.org/' href='/wp-json/'>"
    b"<link rel=alternate type='application/rss+xml' href='/rss2'>"
)


def test_d5_a_feed_is_connected_in_three_steps_and_read(visit: Visit, site: FeedServer) -> None:
    page = visit.post(address=site.url)
    assert "Webbflöde" in page
    assert "Sidan har fler flöden" in page
    assert site.feed("atom") in page
    page = visit.post(address=site.feed("atom"))
    assert "Sidan har fler flöden" not in page
    page = visit.post(**visit.details(name="Bloggen", own_name="Älvsta kommun"))
    assert "bara läsa" in page
    assert "men kan inte svara" in page
    assert "Kanalen är ansluten" in visit.post(step="save", tried=visit.sealed("tried"))
    channel = Channel.objects.get()
    assert (channel.network, channel.address) == ("feed", site.feed("atom"))
    assert vault.secrets_of(channel) == {"own_name": "Älvsta kommun"}
    pulled = pulling.pull(channel, clock=timezone.now)
    assert (pulled.new, pulled.trouble) == (2, None)
    rows = Item.objects.order_by("kind").values_list("kind", "direction", "can")
    assert list(rows) == [("comment", "received", []), ("post", "drawn_up", [])]
    assert "redan ansluten" in visit.post(address=site.feed("atom"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><rss/>', "kan skada den som läser det"),
        (b"<rss><channel" + b"<" * 999, "trasigt och går inte att läsa"),
    ],
)
def test_d5_a_feed_that_cannot_be_read_is_said_to_be_so(
    answer: bytes, words: str, visit: Visit, site: FeedServer
) -> None:
    site.server.answers["/odd"] = plain("200 OK", answer, Content_Type="application/rss+xml")
    page = visit.post(address=f"{site.url}odd")
    assert words in page
    assert f"{site.url}odd" in page


def test_d5_a_feed_is_connected_at_the_terminal(db: None, site: FeedServer, capsys: pytest.CaptureFixture[str]) -> None:
    who: Person = factories.person(Role.COMMUNICATIONS)
    assert commands.connect(site.url) == commands.NEEDS_MORE
    told = capsys.readouterr().out
    assert site.feed("atom") in told
    assert "feed" in told.lower() or "flöde" in told
    options = ["--unit", who.unit.name if who.unit else "", "--responsible", who.email, "--own-name", "Redaktionen"]
    assert commands.connect(site.url, options) == commands.DONE
    assert vault.secrets_of(Channel.objects.get()) == {"own_name": "Redaktionen"}
