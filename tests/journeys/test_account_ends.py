"""In the browser: an account lies still, is talked of, and is closed; another is handed over, lacking everything once
(D6, D51-D57). The account's pages are a real website's, the capture and the deed are real."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

import factories
from journeys.browser import Tab
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Direction, Kind
from uppsikt.kernel import blobs
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item
from uppsikt.register import captures, stillness
from uppsikt.register.closing_models import Capture, CaptureFile, Closing, Transfer

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
OpenTab = Callable[..., Tab]
BODY = (
    b"<!doctype html><html lang=sv><title>Skolbloggen</title><h1>Skolbloggen</h1><p>Nu stanger vi bloggen.</p></html>"
)


class Site:
    """A blog that is there until it is taken away."""

    def __init__(self) -> None:
        site = self
        self.there = True

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shown = site.there and self.path in {"/", "/inlagg"}
                self.send_response(200 if shown else 410)
                self.send_header("content-type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(BODY if shown else b"Borta")

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    made = Site()
    settings.ALLOW_PRIVATE = frozenset({made.address.split("/")[2]})
    yield made
    made.server.shutdown()


@pytest.fixture
def channel(site: Site) -> Channel:
    """The blog, connected long ago, silent for a season."""
    now = timezone.now()
    made = factories.channel(
        network="wordpress", name="Skolbloggen", address=site.address, now=now - timedelta(days=400)
    )
    said(made, "Hej", days=100)
    return made


def said(channel: Channel, text: str, *, days: int = 0) -> None:
    """A post of ours on the network, as it was read from there; old ones have no page there any more."""
    at = timezone.now() - timedelta(days=days)
    made = factories.item(channel, text=text, at=at, now=at, direction=Direction.DRAWN_UP, kind=Kind.POST)
    Item.objects.filter(pk=made.pk).update(address=f"{channel.address}{'gammalt' if days else 'inlagg'}")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def refused(page: Page, words: str) -> None:
    """The page says what was refused, and stays."""
    expect(page.get_by_role("alert").first).to_contain_text(words)


def take_picture(kind: type[Closing] | type[Transfer]) -> dict[str, Any]:
    """What the worker does; what came of the newest posts' own pages."""
    captures.take(Capture.objects.get().pk, clock=timezone.now)
    row = Capture.objects.get()
    assert (row.state, row.sort) == ("kept", "whole"), row.trouble_code
    names = set(CaptureFile.objects.values_list("name", flat=True))
    assert {"page.wacz", "manifest.json", "manifest.sig", "screenshot-001.png", "standing.json"} <= names
    assert kind.objects.get().capture == row
    posts: dict[str, Any] = row.report["posts"]
    assert [name for name in names if name.startswith("posts/") and name.endswith("page.warc.gz")] == [
        f"{post['folder']}/page.warc.gz" for post in posts["pages"] if post["folder"]
    ]
    return posts


def test_d51_d52_an_account_lies_still_is_talked_of_proposed_and_closed(
    open_tab: OpenTab, channel: Channel, site: Site
) -> None:
    boss = factories.person(Role.MANAGER, name="Chef")
    unit = factories.person(Role.COMMUNICATIONS, name="Kommunikatör")
    stillness.watch(now=timezone.now())
    officer = open_tab(person=channel.responsible)
    page = officer.open(reverse("register:account", args=[channel.pk]))
    expect(page.get_by_text("Ligger still")).to_be_visible()
    page.get_by_role("link", name="Visa aktiviteten").click()
    press(page, "Anteckna samtalet")
    page.get_by_label("Vad ni kom fram till").fill("Ett inlägg i veckan, eller så stänger vi.")
    press(page, "Anteckna samtalet")
    expect(page.get_by_text("Ni har talats vid")).to_be_visible()
    stillness.watch(now=timezone.now() + timedelta(days=62))
    page.reload()
    page.get_by_role("link", name="Föreslå att kontot avslutas").click()
    page.get_by_label("Varför ska kontot avslutas?").fill("Ingen hinner.")
    press(page, "Föreslå att kontot avslutas")
    closing = Closing.objects.get()
    address = reverse("register:closing", args=[closing.pk])

    manager = open_tab(person=boss).open(address)
    press(manager, "Godkänn att kontot avslutas")
    refused(manager, "Kommunikationsenheten har inte svarat än")
    press_unit = open_tab(person=unit).open(address)
    press(press_unit, "Inget att invända")
    press(manager, "Godkänn att kontot avslutas")
    page.goto(page.url.split("/konton/")[0] + address)
    press(page, "Avsluta kontot här")
    for words in ("sista inlägget", "den sista ögonblicksbilden", "att kontot är borta på nätet"):
        refused(page, words)
    page.get_by_role("textbox", name="Inlägget").fill("Nu stänger vi bloggen.")
    press(page, "Spara utkastet")
    press(page, "Det är publicerat")
    refused(page, "har inte synts på nätet än")
    said(channel, "Nu stänger vi bloggen.")
    press(page, "Det är publicerat")
    press(page, "Ta ögonblicksbilden nu")
    posts = take_picture(Closing)
    assert [post["state"] for post in posts["pages"]] == ["whole", "not_found"]
    page.reload()
    expect(page.get_by_text("1 av 2 gick att öppna")).to_be_visible()
    press(page, "Kontrollera att det är borta")
    refused(page, "Kontot syns fortfarande på sin adress")
    assert not officer.axe()
    site.there = False
    press(page, "Kontrollera att det är borta")
    expect(page.get_by_text("Adressen svarar att kontot inte finns.")).to_be_visible()
    press(page, "Avsluta kontot här")
    expect(page.get_by_role("main")).to_contain_text("avslutade kontot")
    channel.refresh_from_db()
    assert (channel.state, Closing.objects.get().state) == ("closed", "closed")


def test_d53_d57_an_account_is_handed_over_only_when_each_thing_is_there(open_tab: OpenTab, channel: Channel) -> None:
    # No program tells how this account looks, so the person's word is taken for what its page shows.
    Channel.objects.filter(pk=channel.pk).update(connected_at=None, caught_up_at=None)
    who: Person = factories.person(Role.COMMUNICATIONS, name="Kommunikatör")
    tab = open_tab(person=who)
    page = tab.open(reverse("register:begin_transfer", args=[channel.pk]))
    page.get_by_label("Vem tar över kontot?").fill("Älvsta skolors vänner")
    page.get_by_label("Varför överlåts kontot?").fill("Föreningen vill fortsätta.")
    press(page, "Börja förbereda")

    def lacks(words: str) -> None:
        press(page, "Överlåt kontot nu")
        refused(page, words)
        assert Channel.objects.get(pk=channel.pk).state == "live"

    lacks("nämndens beslut med nummer och datum")
    page.get_by_label("Beslutets nummer").fill("KS 2026/114 § 27")
    page.get_by_label("Beslutat den").fill("2026-03-02")
    page.get_by_label("Nämnd").select_option(label="Kommunstyrelsen")
    press(page, "Spara beslutet")
    lacks("att sidan säger vem som äger kontot")
    press(page, "Det står där")
    lacks("ur profilbilden")
    press(page, "Den är borta ur profilbilden")
    lacks("ur omslagsbilden")
    press(page, "Den är borta ur omslaget")
    lacks("att namnet är kontrollerat")
    press(page, "Namnet stämmer på nätet")
    refused(page, "Skriv först vad kontot ska heta")
    page.get_by_label("Nytt namn").fill("Skolvännerna i Älvsta")
    press(page, "Spara namnet")
    press(page, "Namnet stämmer på nätet")
    lacks("inlägget till följarna")
    page.get_by_role("textbox", name="Inlägget").fill("Föreningen tar över.")
    press(page, "Spara utkastet")
    press(page, "Det är publicerat")
    lacks("den sista ögonblicksbilden")
    press(page, "Skriv handlingen")
    refused(page, "den sista ögonblicksbilden")
    press(page, "Ta ögonblicksbilden nu")
    assert take_picture(Transfer)["kept"] == 0
    lacks("överlåtelsehandlingen")
    press(page, "Skriv handlingen")
    expect(page.get_by_role("link", name="Hämta som PDF")).to_be_visible()
    row = Transfer.objects.get()
    assert blobs.read(str(row.deed_id)).startswith(b"%PDF-")
    assert not tab.axe()
    press(page, "Överlåt kontot nu")
    expect(page.get_by_role("main")).to_contain_text("Sedan dess läses och skickas inget.")
    channel.refresh_from_db()
    assert (channel.state, channel.next_pull_at, Transfer.objects.get().state) == ("closed", None, "transferred")
