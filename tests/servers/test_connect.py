"""Connecting a real WordPress by its address, on the command line and in the browser: a clear word for each trouble.

Must show 3 of the first stone; D1, D5. The site lies in a folder of its server, as many blogs do.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings

import factories
from journeys.browser import Tab
from servers import whole, wordpress_server
from servers.hostile_server import HostileServer, plain
from servers.wordpress_server import WordPressServer
from uppsikt.channels import commands as channel_commands
from uppsikt.channels import vault
from uppsikt.channels.models import Channel
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import commands as record_commands

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]
OpenTab = Callable[..., Tab]
Said = Callable[..., subprocess.CompletedProcess[str]]
ROOT = Path(__file__).parents[2]
CONNECTED, FAILED, NEEDS_MORE = 0, 1, 2

# What stands on the page and on the terminal for each way in which the site can be wrong.
PAGES = {
    "html": "webbsida i stället för data",
    "login": "ber om inloggning",
    "maintenance": "stängd för underhåll",
    "limit": "Nätet ber oss vänta",
}
# Those that shut the API, beside which the site's feed stays open.
SHUT = ("html", "login")
READ_ONLY = "Ansluts som flöde, som bara går att läsa"
DOWN = "Webbplatsen svarar inte"
WRONG = "Fel användarnamn eller lösenord"
REVOKED = "Lösenordet har dragits in"
NO_PASSWORDS = "tar inte emot applikationslösenord"


@pytest.fixture(scope="module")
def site() -> Iterator[WordPressServer]:
    wordpress_server.require()
    with WordPressServer(folder="/blogg") as it:
        yield it


@pytest.fixture(autouse=True)
def well(reachable: WordPressServer) -> Iterator[None]:
    whole.empty_queue()
    yield
    reachable.revoke_password()
    reachable.password = reachable.new_password()


@pytest.fixture
def bakery(settings: Settings) -> Iterator[str]:
    """The address of a site that is nothing we know."""
    page = plain("200 OK", b"<!doctype html><title>Bageriet</title><p>Bullar", Content_Type="text/html")
    with HostileServer(fallback=page) as server:
        settings.ALLOW_PRIVATE = settings.ALLOW_PRIVATE | {server.host}
        yield server.url + "/"


@pytest.fixture
def kerstin() -> Person:
    return factories.person(Role.COMMUNICATIONS, name="Kerstin Kommunikatör")


def home(site: WordPressServer) -> str:
    """The site's address as it says it itself."""
    return site.url.rstrip("/")


# -- on the command line --------------------------------------------------------


def uppsikt(*words: str, allow: str) -> subprocess.CompletedProcess[str]:
    """Run `./uppsikt …` as somebody at a Swedish terminal, on the test's database."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE", "LC_ALL", "LC_MESSAGES"}
    }
    environment |= {
        "DATABASE_URL": database, "UPPSIKT_ALLOW_PRIVATE": allow, "LANG": "sv_SE.UTF-8", "PYTHONUTF8": "1",
        "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "uppsikt.cli", *words],
        env=environment, cwd=ROOT, check=False, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL,
    )  # fmt: skip


def all_at_once(*commands: list[str], allow: str) -> list[subprocess.CompletedProcess[str]]:
    """Run commands beside each other: most of a command's time is its start."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda words: uppsikt(*words, allow=allow), commands))


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Said:
    """What `./uppsikt connect` and `pull` do once the program has started, without another start for each answer."""
    monkeypatch.setenv("LC_ALL", "sv_SE.UTF-8")
    runs: dict[str, Callable[..., int]] = {
        "connect": lambda address, *options: channel_commands.connect(address, options),
        "pull": lambda channel=None: record_commands.pull(channel),
    }

    def run(command: str, *words: str) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        code = runs[command](*words)
        return subprocess.CompletedProcess([command, *words], code, *capsys.readouterr())

    return run


def how_to(kerstin: Person, tmp_path: Path, user: str, password: str) -> list[str]:
    """The options that connect, with the password in a file."""
    file = tmp_path / f"password-{len(list(tmp_path.iterdir()))}"
    file.write_text(f"{password}\n", encoding="utf-8")
    unit = str(kerstin.unit)
    return ["--unit", unit, "--responsible", kerstin.email, "--username", user, "--password-file", str(file)]


def test_d1_the_command_recognises_the_site_connects_it_and_has_a_word_for_each_trouble(  # noqa: PLR0915, PLR0917 one long story
    site: WordPressServer, kerstin: Person, bakery: str, settings: Settings, tmp_path: Path, said: Said
) -> None:
    post = site.page_address(site.create_post("Hej", "<p>Hej</p>"))
    allow = " ".join(settings.ALLOW_PRIVATE)
    wrong = how_to(kerstin, tmp_path, site.user, "fel fel fel fel")
    right = how_to(kerstin, tmp_path, site.user, site.password)

    bare = f"{site.host}/blogg"
    front, mistyped = all_at_once(["connect", site.url], ["connect", site.url, *wrong], allow=allow)
    article, schemeless, nobody = (said("connect", address) for address in (post, bare, bakery))
    for done in (front, article, schemeless):
        assert (done.returncode, done.stderr) == (NEEDS_MORE, "")
        assert f"WordPress, Almby kommuns blogg ({home(site)})" in done.stdout
        for word in ("Applikationslösenord: tillåts", "nlägg: ", "ommentarer: "):
            assert word in done.stdout, done.stdout
        for word in ("användarnamn", "applikationslösenord", "enhet", "ansvarig", "./uppsikt connect", "--unit"):
            assert word in done.stdout, done.stdout
    assert nobody.returncode == FAILED
    assert "känner inte igen webbplatsen" in nobody.stderr
    assert mistyped.returncode == FAILED
    assert WRONG in mistyped.stderr
    assert "applikationslösenord" in mistyped.stderr
    assert "Inloggad" not in mistyped.stdout

    site.trouble("no-passwords")
    off = said("connect", site.url, *right)
    assert (off.returncode, NO_PASSWORDS in off.stderr) == (FAILED, True), off.stderr
    # A shut way in is told of in words. The feed is open and may be chosen; who gives a login has not chosen it.
    for kind in SHUT:
        site.trouble(kind)
        done, login = said("connect", site.url), said("connect", site.url, *right)
        assert (done.returncode, PAGES[kind] in done.stderr) == (NEEDS_MORE, True), done.stderr
        assert (login.returncode, PAGES[kind] in login.stderr) == (FAILED, True), login.stderr
        assert READ_ONLY in done.stdout, done.stdout
        assert "Traceback" not in done.stderr + login.stderr
    site.trouble("")
    inner, garbled = all_at_once(["connect", site.url], ["connect", "http://[::1"], allow="127.0.0.1:1")
    assert (inner.returncode, garbled.returncode) == (FAILED, FAILED)
    assert "internt nät" in inner.stderr
    assert "UPPSIKT_ALLOW_PRIVATE" in inner.stderr
    assert "går inte att läsa" in garbled.stderr
    assert Channel.objects.count() == 0, "nothing is taken in before it works"

    done = uppsikt("connect", post, *right, allow=allow)
    assert (done.returncode, done.stderr) == (CONNECTED, "")
    assert "Inloggad hos nätet som redaktion" in done.stdout
    assert site.password not in done.stdout
    channel = Channel.objects.get()
    assert (channel.network, channel.address, channel.responsible) == ("wordpress", home(site), kerstin)

    again, read = all_at_once(["connect", site.url, *right], ["pull"], allow=allow)
    assert (again.returncode, "redan ansluten" in again.stderr) == (FAILED, True)
    assert (read.returncode, read.stderr) == (0, "")
    assert "Almby kommuns blogg" in read.stdout

    # It worked, and then somebody withdrew the password: that is another word than a wrong one.
    site.revoke_password()
    done = said("pull", str(channel.pk))
    assert (done.returncode, REVOKED in done.stderr) == (1, True), done.stderr
    site.stop_web()
    try:
        off, unread = said("connect", site.url), said("pull")
    finally:
        site.start_web()
    assert (off.returncode, DOWN in off.stderr) == (FAILED, True), off.stderr
    assert (unread.returncode, DOWN in unread.stderr) == (1, True), unread.stderr


# -- in the browser -------------------------------------------------------------


def look_at(page: Page, address: str) -> None:
    """The first step."""
    page.locator("#id_address").fill(address)
    page.get_by_role("button", name="Se efter").click()
    page.wait_for_load_state("load")


def told(page: Page, words: str) -> None:
    """The page says what is wrong and what to do, in a box that screen readers read out."""
    box = page.locator('main [role="alert"]')
    expect(box).to_contain_text(words)
    assert len(box.inner_text()) > len(words) + 20


def type_in(page: Page, password: str, *, user: str = "redaktion", name: str = "Vår blogg") -> None:
    """The second step."""
    page.locator("#id_name").fill(name)
    page.locator("#id_reason").fill("Bloggen har funnits sedan 2019")
    page.locator("#id_username").fill(user)
    page.locator("#id_application_password").fill(password)
    page.get_by_role("button", name="Prova uppgifterna").click()
    page.wait_for_load_state("load")


@pytest.mark.browser
def test_d5_the_site_is_connected_in_the_browser_and_nothing_typed_is_lost_on_the_way(  # noqa: PLR0915 one long story
    site: WordPressServer, kerstin: Person, bakery: str, open_tab: OpenTab
) -> None:
    tab = open_tab(person=kerstin)
    page = tab.open("/kanaler/anslut/")
    secret = site.password

    # What goes wrong with the address is told above it, and the address stays.
    for address, words in (
        (bakery, "känner inte igen webbplatsen"),
        ("http://127.0.0.1:9/blogg", "internt nät"),
        ("ftp://almby.example", "går inte att läsa"),
    ):
        look_at(page, address)
        told(page, words)
        expect(page.locator("#id_address")).to_have_value(address)
    for kind, words in PAGES.items():
        site.trouble(kind)
        look_at(page, site.url)
        told(page, words)
        if kind in SHUT:
            # The site's feed is open: the page says what is shut and offers to read, which is the person's choice.
            expect(page.locator("main")).to_contain_text(READ_ONLY)
            page.get_by_role("link", name="Annan adress").click()
        else:
            expect(page.locator("#id_address")).to_have_value(site.url)
    site.trouble("")
    site.stop_web()
    look_at(page, site.url)
    told(page, DOWN)
    site.start_web()
    expect(page.locator("#id_address")).to_have_value(site.url)
    tab.shot("connect-trouble")

    look_at(page, f"{site.host}/blogg")
    expect(page.get_by_role("heading", name="Almby kommuns blogg")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Applikationslösenord")
    expect(page.locator("main")).to_contain_text(home(site))

    # What goes wrong with the password is told too, and all but the password stays.
    page.locator("#id_central").check()
    for setting, password, words in (
        ("", "fel fel fel", WRONG), ("no-passwords", secret, NO_PASSWORDS), ("html", secret, PAGES["html"]),
        ("maintenance", secret, PAGES["maintenance"]),
    ):  # fmt: skip
        site.trouble(setting)
        type_in(page, password)
        told(page, words)
        expect(page.locator("#id_name")).to_have_value("Vår blogg")
        expect(page.locator("#id_username")).to_have_value("redaktion")
        expect(page.locator("#id_responsible")).to_have_value(kerstin.email)
        expect(page.locator("#id_central")).to_be_checked()
        expect(page.locator("#id_application_password")).to_have_value("")
        assert password not in page.content()
    site.trouble("")
    site.stop_web()
    type_in(page, secret)
    told(page, DOWN)
    site.start_web()
    expect(page.locator("#id_name")).to_have_value("Vår blogg")
    assert Channel.objects.count() == 0
    tab.shot("connect-needs", full=True)
    assert tab.axe() == []

    type_in(page, secret)
    expect(page.locator("main")).to_contain_text("redaktion")
    assert secret not in page.content()
    page.get_by_role("button", name="Anslut", exact=True).click()
    expect(page.locator(".u-messages")).to_contain_text("Kanalen är ansluten")
    channel = Channel.objects.get()
    assert (channel.name, channel.address, channel.central) == ("Vår blogg", home(site), True)
    assert vault.secrets_of(channel) == {"username": "redaktion", "application_password": secret}
    whole.work()
    channel.refresh_from_db()
    assert channel.caught_up_at is not None
    page.reload()
    expect(page.locator("main")).to_contain_text("hela är läst")

    # The password is withdrawn: the page says so, and a new one mends it.
    site.revoke_password()
    whole.pull(channel)
    page.reload()
    expect(page.locator("#channel-state")).to_contain_text(REVOKED)
    page.locator("#channel-state").get_by_role("link", name="Anslut igen").click()
    page.locator("#id_username").fill("redaktion")
    page.locator("#id_application_password").fill(secret)
    page.get_by_role("button", name="Prova och byt").click()
    told(page, WRONG)
    expect(page.locator("#id_username")).to_have_value("redaktion")
    fresh = site.new_password()
    page.locator("#id_application_password").fill(fresh)
    page.get_by_role("button", name="Prova och byt").click()
    expect(page.locator(".u-messages")).to_contain_text("Ansluten igen som redaktion")
    expect(page.locator("#channel-state")).not_to_contain_text(REVOKED)
    assert whole.pull(channel).trouble is None


def test_d5_the_channels_page_says_in_words_what_each_trouble_is_and_that_it_is_over(
    site: WordPressServer, kerstin: Person
) -> None:
    channel = whole.connect(site, responsible=kerstin)
    client = Client()
    client.force_login(kerstin)

    def page() -> str:
        answer = client.get(f"/kanaler/{channel.pk}/")
        assert answer.status_code == 200
        return answer.content.decode().partition('id="trail"')[0]

    assert whole.pull(channel).trouble is None
    assert not [words for words in (*PAGES.values(), DOWN, REVOKED) if words in page()]
    for kind, words in PAGES.items():
        site.trouble(kind)
        assert whole.pull(channel).trouble is not None
        assert words in page()
        assert channel.next_pull_at is not None
    assert "Just a moment..." not in page(), "only the newest trouble is told"
    site.trouble("")
    site.stop_web()
    whole.pull(channel)
    site.start_web()
    assert DOWN in page()
    assert "försök" in page()
    assert whole.pull(channel).trouble is None
    assert DOWN not in page()
    site.revoke_password()
    whole.pull(channel)
    assert REVOKED in page()
    assert site.password not in page()
