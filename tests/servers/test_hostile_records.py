"""What a hostile site says, through the whole system: taken in or refused with a clear word, never shown unescaped,
and the channel is never stuck. Must show 8 of the first stone; D1, D18, D40, D71.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

import factories
from inbox.support import run
from journeys.browser import Tab
from servers import odd_wordpress as odd
from servers import whole
from servers.hostile_server import Answer, plain
from servers.odd_wordpress import OddWordPress, comment
from uppsikt.channels import connecting, words
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Trouble
from uppsikt.inbox import jobs
from uppsikt.inbox.models import Case
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import actions as policy
from uppsikt.records.models import Item, Misread, Version

pytestmark = pytest.mark.server
OpenTab = Callable[..., Tab]

# Should any of it run, a dialog opens, and the page knows.
RUN = "window.pwned=1;alert('uppsikt')"
SCRIPT = f"<script>{RUN}</script>"
PICTURE = f'<img src=x onerror="{RUN}">'
BREAKOUT = f"\"'></textarea></title></style>--></script>{SCRIPT}{PICTURE}{{{{7*7}}}}{{% debug %}}"
BIDI = "\u202egnp.exe\u202c \u2066\u2067isolerat\u2069\u2069 \u200f\u061c"
ACTIVE = re.compile(r"<script>window|<img src=x|<b onclick|href=\"?\s*(?:javascript|data):", re.IGNORECASE)


@pytest.fixture
def site(settings: Settings) -> Iterator[OddWordPress]:
    made = OddWordPress()
    settings.ALLOW_PRIVATE = frozenset({made.host})
    with made.server:
        yield made


def connected(site: OddWordPress) -> Channel:
    """The site as a channel whose history has been read."""
    return factories.channel(
        network="wordpress", name="Den elaka bloggen", address=site.url, settings=site.settings, now=timezone.now(),
        secrets={"username": "redaktion", "application_password": "hemligt"},
    )  # fmt: skip


def reader(channel: Channel) -> Person:
    """Somebody who may see every page that shows what was said."""
    who = factories.person(Role.COMMUNICATIONS, Role.REGISTRAR, name="Eva Ek", unit=channel.unit)
    factories.mandate(who, None)
    return who


def taken_in(channel: Channel) -> None:
    """The inbox hears of all that there is."""
    keys = list(Item.objects.filter(channel=channel).values_list("pk", flat=True))
    run(jobs.taken_in, channel_id=channel.pk, item_ids=keys, first=False)


def client_of(who: Person) -> Client:
    client = Client()
    client.force_login(who)
    return client


def get(client: Client, address: str) -> str:
    """A page, which must be there and hold nothing of the site's that a browser would act on."""
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    page = answer.content.decode()
    found = ACTIVE.search(page)
    assert found is None, (address, page[max(0, found.start() - 200) : found.end() + 200] if found else "")
    assert "\x00" not in page
    assert "hemligt" not in page
    return page


# -- answers --------------------------------------------------------------------

ANSWERS: dict[str, tuple[Answer | bytes, str]] = {
    "200 MB": (odd.flood, "too_large"),
    "200 MB, announced": (odd.announced_flood, "too_large"),
    "200 MB, packed": (odd.packed_flood, "too_large"),
    "a slow drip": (odd.drip, "too_slow"),
    "a redirect into a private network": (plain("302 Found", Location="http://10.0.0.1/wp-json/"), "private_address"),
    "a redirect to the cloud's own": (plain("302 Found", Location="http://169.254.169.254/latest/"), "private_address"),
    "a redirect to another port": (plain("302 Found", Location="http://127.0.0.1:9/"), "private_address"),
    "a redirect to a file": (plain("302 Found", Location="file:///etc/passwd"), "unsafe_redirect"),
    "a redirect in a ring": (plain("302 Found", Location="?"), "too_many_redirects"),
    "nothing": (odd.silence, "site_down"),
    "half an answer": (odd.cut_off, "broken_answer"),
    "a page": (plain("200 OK", f"<title>{BREAKOUT}</title>{SCRIPT}".encode()), "not_json"),
    "bytes": (plain("200 OK", b"\xff\xfe\x00\x80" * 500), "not_json"),
    "depth": (plain("200 OK", b"[" * 300_000), "not_json"),
    "another shape": (plain("200 OK", b'{"a":{"b":"c"}}'), "wrong_shape"),
    "an error with NUL": (plain("400 Bad", json.dumps({"code": "x\x00\ud800" + SCRIPT}).encode()), "rejected"),
    "a wait of three hundred years": (plain("429 Slow", b"{}", Retry_After="9" * 11), "rate_limited"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ANSWERS)
def test_d40_a_hostile_answer_is_told_in_words_and_what_comes_after_it_is_read(name: str, site: OddWordPress) -> None:
    policy.change_rule(
        key="network.total_seconds", value=5, by=factories.TESTER, now=timezone.now(), reason="Provet väntar inte."
    )
    answer, code = ANSWERS[name]
    channel = connected(site)
    client = client_of(reader(channel))
    assert whole.pull(channel).trouble is None
    site.wrong["comments"] = answer
    site.lists["comments"] = [comment(1, "Är jag framme?")]
    pulled = whole.pull(channel)
    assert pulled.trouble is not None
    assert (pulled.trouble.code, channel.trouble_code) == (code, code)
    assert channel.next_pull_at is not None
    assert channel.next_pull_at <= timezone.now() + timedelta(days=1)
    page = get(client, f"/kanaler/{channel.pk}/")
    assert words.trouble(code).title in page
    # It goes on being wrong: what else the site has is read meanwhile.
    site.lists["posts"] = [odd.post(4), odd.post(5, "Ett till")]
    if "200 MB" not in name and "drip" not in name:
        whole.pull(channel)
        assert whole.item(channel, "post/5")
    del site.wrong["comments"]
    assert whole.pull(channel).trouble is None
    assert whole.item(channel, "comment/1").version.text == "Är jag framme?"  # type: ignore[union-attr]
    assert whole.item(channel, "post/5")
    assert words.trouble(code).title not in get(client, f"/kanaler/{channel.pk}/").partition('id="trail"')[0]


@pytest.mark.django_db
def test_d18_d40_edits_and_deletions_are_seen_though_a_list_is_broken(site: OddWordPress) -> None:
    site.lists["comments"] = [comment(1, "Före"), comment(2, "Försvinner")]
    channel = connected(site)
    whole.pull(channel)
    site.wrong["posts"] = ANSWERS["a page"][0]
    site.lists["comments"] = [comment(1, "Efter")]
    for _ in range(2):
        Item.objects.filter(channel=channel).update(next_check_at=timezone.now())
        assert whole.pull(channel).trouble is not None
    assert whole.item(channel, "comment/1").version.text == "Efter"  # type: ignore[union-attr]
    assert whole.item(channel, "comment/2").gone_seen_at is not None


@pytest.mark.django_db
def test_d40_an_item_too_large_to_take_is_stepped_over_and_told(site: OddWordPress) -> None:
    giant = json.dumps(comment(50, "x" * 20 * odd.MIB)).encode()
    site.lists["comments"] = [*(comment(number) for number in range(1, 50)), (50, giant), comment(51)]
    channel = connected(site)
    assert whole.pull(channel).trouble is None
    got = set(Item.objects.filter(channel=channel, kind="comment").values_list("native_id", flat=True))
    assert got == {f"comment/{number}" for number in range(1, 52)} - {"comment/50"}
    assert Misread.objects.filter(why="too_large").exists()
    site.lists["comments"].append(comment(52, "Efter"))
    assert whole.pull(channel).trouble is None
    assert whole.item(channel, "comment/52")


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["", "wp-json"], ids=["front", "api"])
@pytest.mark.parametrize("name", ["200 MB", "a redirect into a private network", "half an answer"])
def test_d1_connecting_to_a_hostile_site_ends_with_a_word(name: str, where: str, site: OddWordPress) -> None:
    site.wrong[where] = ANSWERS[name][0]
    client = client_of(factories.person(Role.COMMUNICATIONS))
    answer = client.post("/kanaler/anslut/", {"address": site.url})
    page = answer.content.decode()
    assert answer.status_code == 200
    with pytest.raises(Trouble) as caught:
        connecting.recognise(site.url)
    assert words.trouble(caught.value.code).title in page
    assert not ACTIVE.search(page)
    assert f'value="{site.url}"' in page


@pytest.mark.django_db
def test_d1_a_site_with_a_hostile_name_is_shown_and_connected_harmlessly(site: OddWordPress) -> None:
    site.name = f"{BIDI}{BREAKOUT}" + "n" * 5000
    who = factories.person(Role.COMMUNICATIONS)
    client = client_of(who)
    page = client.post("/kanaler/anslut/", {"address": site.url}).content.decode()
    assert not ACTIVE.search(page)
    sealed = re.search(r'name="found" value="([^"]+)"', page)
    assert sealed, page
    fields = {
        "step": "try", "found": sealed[1], "name": site.name[:160], "unit": who.unit_id, "responsible": who.email,
        "username": "redaktion", "application_password": "hemligt", "reason": "Öppen sedan 2019",
    }  # fmt: skip
    page = client.post("/kanaler/anslut/", fields).content.decode()
    assert not ACTIVE.search(page)
    tried = re.search(r'name="tried" value="([^"]+)"', page)
    assert tried, page
    assert client.post("/kanaler/anslut/", {"step": "save", "tried": tried[1]}).status_code == 302
    channel = Channel.objects.get()
    for address in (f"/kanaler/{channel.pk}/", "/kanaler/", "/", "/handlingar/", "/inkorg/"):
        get(client, address)


# -- items ----------------------------------------------------------------------


def distinct_words(length: int) -> str:
    """So many characters of words of which no two are the same: an index of words has a limit of its own."""
    return " ".join(f"ord{number:x}å" for number in range(length // 8))[:length]


def bomb() -> str:
    """Markup that makes many a parser work for minutes."""
    dice = random.Random(8)
    torn = "".join(dice.choice(["<", ">", '"', "'", "=", "<p ", "<!--", "&#", "<a href=", " "]) for _ in range(30_000))
    return "<div>" * 60_000 + "<a href='" * 20_000 + torn + "<b x=" * 20_000


def hostile_comments() -> list[Any]:
    """A hostile comment of each sort, with a good one first and last."""
    said = "\x00".join(["När", "plogas", "gatan?"])
    texts = [
        said, BIDI + " vänd text " + BIDI, SCRIPT, PICTURE, BREAKOUT, "å" * 1_000_000, distinct_words(1_500_000),
        "x" * 1_500_000, bomb(), "\ud83d halv \udc00", "\x1b[31mröd\x07\x9b", "\r\n" * 50_000, "\u0301" * 50_000,
        "😀" * 100_000, "", " ", "\u2028\u2029\ufeff\ufffe\uffff",
    ]  # fmt: skip
    rows: list[Any] = [comment(100, "Den första goda")]
    rows += [comment(101 + number, text) for number, text in enumerate(texts)]
    rows += [
        comment(130, author_name=SCRIPT + "n" * 10_000), comment(131, author_name=BIDI + BREAKOUT),
        comment(132, author_name=""), comment(133, author_url="javascript:" + RUN, link="javascript:" + RUN),
        comment(134, link="https://almby.example/" + BREAKOUT + "y" * 1500), comment(135, author_name={"a": 1}),
        comment(140, date_gmt="2099-01-01T00:00:00"), comment(141, date_gmt="0001-01-01T00:00:00"),
        comment(142, date_gmt="8999-12-31T23:59:59"), comment(143, date_gmt="1971-01-01T00:00:00"),
        comment(144, date_gmt="1996-02-29T23:59:59"), comment(145, date_gmt="-001-11-30T00:00:00"),
        comment(146, date_gmt="9999-12-31T23:59:59"), comment(147, date_gmt="2026-10-25T00:30:00"),
        comment(150, parent=151), comment(151, parent=150), comment(152, parent=152), comment(153, parent=2**62),
        comment(154, post=2**62), comment(155, status=SCRIPT), comment(156, _links={"up": [{"post_type": SCRIPT}]}),
        comment(2**62, "Ett stort nummer"), comment(2**63, "Ett för stort"), comment(-5, "Ett negativt"),
        comment(0, "Noll"), comment(3, "Text") | {"id": "157"}, comment(3) | {"id": True}, comment(3) | {"id": 1.5},
        None, [], "x", 7,
        (158, b'{"id": ' + b"9" * 10_000 + b', "content": {"rendered": "x"}}'),
        (159, json.dumps(comment(159)).encode().replace(b"Hej", b"\xff\xfe\xc3\x28 latin \xe5")),
        (160, json.dumps(comment(160)).encode().replace(b'"Hej"', b'"\\ud800 \\udc00 \\u0000"')),
        comment(199, "Den sista goda"),
    ]  # fmt: skip
    return rows


READABLE = 2 + 17 + 6 + 8 + 7 + 1 + 2
UNREADABLE = {"no_id", "no_object"}


def read_hostile(site: OddWordPress) -> Channel:
    """The site with all of that, pulled."""
    title = f"{BIDI}{BREAKOUT}" + "t" * 2000
    site.lists["posts"] = [odd.post(4, title, content={"rendered": PICTURE + SCRIPT + "<p>Inlägg</p>"})]
    site.headers = [b'ETag: "\xe5\x80' + b"e" * 300 + b'"', b"Server: <script>\xff"]
    site.lists["comments"] = hostile_comments()
    channel = connected(site)
    pulled = whole.pull(channel)
    assert (pulled.trouble, channel.trouble_code) == (None, "")
    return channel


@pytest.mark.django_db
def test_d18_d40_hostile_items_are_taken_in_kept_as_they_came_and_shown_harmlessly(site: OddWordPress) -> None:
    channel = read_hostile(site)
    items = list(Item.objects.filter(channel=channel, kind="comment").order_by("pk"))
    assert len(items) == READABLE
    assert {"comment/100", "comment/199", f"comment/{2**62}"} <= {row.native_id for row in items}
    assert set(Misread.objects.values_list("why", flat=True)) == UNREADABLE
    assert Misread.objects.count() == 12
    for row in items:
        assert row.at <= row.captured_at + timedelta(minutes=10), "no clock of theirs puts an item ahead of all others"
        assert len(row.actor.name) <= 300
    assert whole.item(channel, "comment/101").version.text == "Närplogasgatan?"  # type: ignore[union-attr]
    assert len(whole.item(channel, "comment/107").version.text) > 1_499_900  # type: ignore[union-attr]
    assert whole.item(channel, "comment/140").published_at.year == 2099  # type: ignore[union-attr]

    # They are changed under our hands too, and looked at again.
    site.lists["comments"][6] = comment(106, "ä" * 1_000_000)
    site.lists["comments"][4] = comment(104, BREAKOUT + BIDI)
    whole.look(channel, 60 * 25)
    whole.look(channel, 60 * 50)
    assert whole.item(channel, "comment/106").versions_count == 2

    taken_in(channel)
    assert Case.objects.count() > 30
    who = reader(channel)
    client = client_of(who)
    for page in (
        "/",
        "/inkorg/",
        f"/inkorg/?kanal={channel.pk}",
        "/handlingar/",
        f"/kanaler/{channel.pk}/",
        "/kanaler/",
    ):
        get(client, page)
    for case in Case.objects.all():
        get(client, f"/inkorg/{case.pk}/")
    for row in Item.objects.filter(channel=channel):
        get(client, f"/handlingar/{row.pk}/")
    for version in Version.objects.filter(item__channel=channel, item__native_id__in=["comment/104", "comment/160"]):
        answer = client.get(f"/handlingar/{version.item_id}/original/{version.number}/")
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert not answer["Content-Type"].startswith("text/html")
    for sought in (
        "gatan",
        "ord1a",
        SCRIPT,
        BIDI,
        "x" * 5000,
        "'\"<>&|!():*",
        "\ud800".encode("utf-8", "replace"),
        "a\x00b",
    ):
        answer = client.get("/handlingar/", {"q": sought})
        assert answer.status_code == 200, sought
        assert not ACTIVE.search(answer.content.decode())
    assert "comment/199" in str(whole.item(channel, "comment/199"))

    # And the channel goes on.
    site.lists["comments"].append(comment(2**62 + 1, "Nu är jag här"))
    assert whole.pull(channel).trouble is None
    assert whole.item(channel, f"comment/{2**62 + 1}")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_d18_nothing_that_a_stranger_wrote_runs_in_a_browser(site: OddWordPress, open_tab: OpenTab) -> None:
    whole.empty_queue()
    channel = read_hostile(site)
    whole.work()
    who = reader(channel)
    tab = open_tab(person=who)
    dialogs: list[str] = []
    tab.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    nasty = [f"comment/{number}" for number in (102, 103, 104, 105, 107, 109, 130, 131, 134, 140)]
    rows = {row.native_id: row for row in Item.objects.filter(channel=channel)}
    addresses = ["/", "/inkorg/", "/handlingar/", f"/kanaler/{channel.pk}/", "/handlingar/?q=gatan"]
    addresses += [f"/handlingar/{rows[key].pk}/" for key in nasty]
    addresses += [f"/inkorg/{case.pk}/" for case in Case.objects.filter(last_item__native_id__in=nasty)]
    assert len(addresses) == 5 + 2 * len(nasty)
    for address in addresses:
        page = tab.open(address)
        assert page.evaluate("window.pwned") is None, address
        assert page.locator("main").count() == 1
        assert tab.overflow() == [], address
    tab.open(f"/inkorg/{Case.objects.get(last_item__native_id='comment/105').pk}/")
    tab.shot("hostile-case", full=True)
    tab.open(f"/handlingar/{rows['comment/131'].pk}/")
    tab.shot("hostile-record", full=True)
    phone = open_tab(person=who, size="narrow")
    for key in ("comment/105", "comment/130"):
        for address in (f"/handlingar/{rows[key].pk}/", f"/inkorg/{Case.objects.get(last_item=rows[key]).pk}/"):
            phone.open(address)
            assert phone.overflow() == [], address
    assert dialogs == []
