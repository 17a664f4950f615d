"""A round over 500 new items by keyboard alone: nothing moves, evidence comes first, all has been shown (D25, D43).

Times are reported and never asked for; keys are counted and held to a budget.
"""

from __future__ import annotations

import dataclasses
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

import factories
from journeys.browser import Tab
from journeys.keyboard import Keyboard
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Can
from uppsikt.moderation.models import Removal
from uppsikt.organisation.models import Person
from uppsikt.oversight import watching
from uppsikt.oversight.models import Deed, Round, Shown
from uppsikt.records.models import Item
from uppsikt.triage import reading, taking

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
OpenTab = Callable[..., Tab]
MANY = 500
# Official test number, number reserved for fiction.
URGENT = "Gun på Björkvägen 12 har personnummer 860930-9888, ring henne på 070-1740605."
# What has had the focus so many milliseconds has been seen (sweep.js asks for 150).
MOMENT = 200
# What stands where on the screen: the rows in order, and where the focused one is.
STANDS = """() => {
  const rows = [...document.querySelectorAll("#rundan [data-seen]")];
  const at = document.activeElement.closest("[data-seen]");
  const box = at && at.getBoundingClientRect();
  return {rows: rows.map((row) => row.dataset.seen), at: at && at.dataset.seen,
    visible: !!box && box.top >= -1 && box.bottom <= innerHeight + 1, top: box && box.top};
}"""


@dataclasses.dataclass
class Times:
    """How long each sort of action took, in milliseconds."""

    taken: dict[str, list[float]] = dataclasses.field(default_factory=lambda: defaultdict(list))

    @contextmanager
    def of(self, what: str) -> Iterator[None]:
        """The time of what happens inside."""
        start = time.perf_counter()
        yield
        self.taken[what].append(1000 * (time.perf_counter() - start))

    def report(self) -> dict[str, dict[str, float]]:
        """How many, the median and p95 of each."""
        told = {}
        for what, each in self.taken.items():
            row = sorted(each)
            told[what] = {
                "n": len(row),
                "median": round(row[len(row) // 2]),
                "p95": round(row[min(len(row) - 1, int(0.95 * len(row)))]),
            }
        return told


@pytest.fixture
def channel() -> Channel:
    now = timezone.now()
    made = factories.channel(name="Älvsta kommun", now=now - timedelta(days=3))
    factories.disposal_decision()
    watching.watch(made, now=now - timedelta(days=3))
    return made


@pytest.fixture
def eva(channel: Channel) -> Person:
    made = factories.officer(channel, name="Eva Ek")
    factories.mandate(made, channel, Act.ANSWER, Act.HIDE, Act.REMOVE)
    return made


@pytest.fixture
def news(channel: Channel) -> list[Item]:
    """Five hundred comments, two of them urgent, in the midst."""
    now = timezone.now()
    texts = [f"Kommentar nummer {number}: när plogas Kvarngatan egentligen?" for number in range(MANY)]
    texts[200], texts[350] = URGENT, f"{URGENT} Gör något!"
    can = frozenset({Can.REPLY, Can.HIDE, Can.REMOVE})
    readings = [
        dataclasses.replace(
            factories.captured(text=text, at=now - timedelta(minutes=MANY + 5 - number), author=f"Maria {number % 40}"),
            can=can,
        )
        for number, text in enumerate(texts)
    ]
    rows = factories.items(channel, readings, now=now - timedelta(minutes=1))
    taking.take(reading.newest_of(row.pk for row in rows), after=None, now=now)
    return rows


def stands(page: Page) -> dict[str, Any]:
    told: dict[str, Any] = page.evaluate(STANDS)
    return told


def walk(page: Page, times: Times, first: dict[str, Any]) -> list[str]:
    """Down through the list to its end, one key at a time; returns the rows in the order in which they were met.

    What has been passed never changes its order, and the focused row is always whole on the screen.
    """
    met, known = [first["at"]], first["rows"]
    while len(met) < MANY:
        pressed = time.perf_counter()
        with times.of("j"):
            page.keyboard.press("j")
            told = stands(page)
        if told["at"] == met[-1]:
            # The next rows are on their way: nobody is carried anywhere meanwhile.
            assert told["top"] is not None
            page.wait_for_function(
                "n => document.querySelectorAll('#rundan [data-seen]').length > n", arg=len(told["rows"])
            )
            continue
        met.append(told["at"])
        assert told["visible"], f"row {len(met)} is not whole on the screen"
        assert told["rows"][: len(known)] == known, "rows that were there have moved"
        known = told["rows"]
        # Nobody reads faster than this, and a key held down is no reading.
        page.wait_for_timeout(max(0, 30 - 1000 * (time.perf_counter() - pressed)))
    return met


def test_a_round_over_500_items_by_keyboard(open_tab: OpenTab, channel: Channel, eva: Person, news: list[Item]) -> None:
    times, tab = Times(), open_tab(person=eva)
    page = tab.open("/uppsikt/")
    keys = Keyboard(page)
    with keys.within(1, "begin the round"), times.of("begin"):
        keys.press("b")
        expect(page).to_have_url(re.compile(r"/uppsikt/runda/\d+/$"))
        page.wait_for_load_state("load")
    expect(page.get_by_text(f"{MANY} nya")).to_be_visible()
    expect(page.locator("[data-item]").first).to_be_focused()
    start = stands(page)
    urgent = [str(news[200].pk), str(news[350].pk)]
    assert start["rows"][:2] == urgent, "the most urgent first"
    # The first of its reasons: by its key an item may also be one that is looked at by chance.
    expect(page.locator("[data-seen]").first.locator(".u-why .ds-tag").first).to_have_text("Personnummer")

    with keys.within(2, "sign too early"):
        keys.press("s", "Control+Enter")
        expect(page.locator(".u-messages")).to_contain_text("inte visade än")
        page.wait_for_load_state("load")
    assert Round.objects.get().state == "open"
    tab.open(re.sub(r"\?.*", "", page.url.removeprefix(tab.address)))
    expect(page.locator("[data-item]").first).to_be_focused()

    remove(page, keys, times, urgent[0])
    assert tab.axe() == []

    met = walk(page, times, stands(page))
    assert len(set(met)) == MANY, "each once"
    assert met[:2] == urgent

    for _turn in range(10):
        with times.of("k"):
            page.keyboard.press("k")
            stands(page)
        beside(page, times)
    marked = stands(page)["at"]
    keys.press("x")
    assert stands(page)["at"] == marked, "marking keeps the focus"
    tab.shot("round-500")

    while page.locator("#kvar").get_attribute("data-left") != "0":
        # What went by too quickly is found by one key.
        keys.press("n")
        page.wait_for_timeout(MOMENT)
    with keys.within(2, "sign"), times.of("sign"):
        keys.press("s", "Control+Enter")
        expect(page.locator(".u-messages")).to_contain_text("Rundan är signerad.")
    signed = Round.objects.get()
    assert (signed.state, signed.result) == ("signed", "acted")
    assert Shown.objects.filter(round=signed).count() == MANY
    assert set(Deed.objects.values_list("item_id", "what")) == {(int(urgent[0]), "removed"), (int(marked), "remarked")}
    print(json.dumps({"keys": keys.spent, "milliseconds": times.report()}, ensure_ascii=False, indent=1))


def remove(page: Page, keys: Keyboard, times: Times, key: str) -> None:
    """Removing what stands first, with evidence: at most four keys; the focus comes back to where it was."""
    before = stands(page)
    assert before["at"] == key
    with keys.within(4, "remove with evidence"), times.of("remove"):
        keys.press("t")
        expect(page.locator("#avgor form[data-grounds]")).to_be_visible()
        ground = page.locator("#avgor input[name=ground]:checked")
        if ground.count() == 0:
            keys.press("1")
        keys.press("Control+Enter")
        expect(page.locator("#avgor")).not_to_be_visible()
        expect(page.locator("[data-panel]")).to_contain_text(re.compile("bevis", re.IGNORECASE))
    made = Removal.objects.get()
    assert (str(made.item_id), made.act) == (key, "remove")
    assert made.state in {"decided", "preserving"}, "nothing has left the building before the evidence is kept"
    assert made.evidence is not None
    assert made.intent is None
    after = stands(page)
    assert (after["rows"], after["at"]) == (before["rows"], key)
    assert abs(after["top"] - before["top"]) < 1, "nothing jumped"


def beside(page: Page, times: Times) -> None:
    """An item opens beside the list; the list and the focus stay."""
    before = stands(page)
    with times.of("o"):
        page.keyboard.press("o")
        expect(page.locator(f'[data-panel="{before["at"]}"]')).to_be_visible()
    after = stands(page)
    assert (after["rows"], after["at"]) == (before["rows"], before["at"])
    assert abs(after["top"] - before["top"]) < 1, "nothing jumped"
