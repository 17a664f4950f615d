"""From a page to evidence that others can replay, validate and verify, each with a program of its own (must show 3)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page

from capture import making, replaying
from capture.site import Site
from uppsikt.capture import package, page, verifying
from uppsikt.capture.limits import Limits
from uppsikt.capture.pool import Pool
from uppsikt.capture.signing import Signer
from uppsikt.capture.stamping import Authority

REAL = ("lazy", "post")


def test_pages_are_captured_closed_verified_validated_and_replayed(
    *, tmp_path: Path, key: Signer, authority: Authority, chromium: Browser, browsers: Pool, site: Site, limits: Limits
) -> None:
    """Comments that came as one scrolled, and an answer to a posted question; beside them a page of a site long gone.

    The player holds the collections and nothing else, and no site answers any more for what was captured.
    """
    for name in REAL:
        out = tmp_path / name
        report = page.capture(f"{site.url}/{name}", out=out, allow=[site.address], pool=browsers, limits=limits)
        assert report.state == "whole", report.why
        package.pack(out, facts={"item": name}, signer=key, authority=authority)
        found = verifying.examine(out, trusted=authority.trusted)
        assert (found.faults, found.state, found.stamp_proved) == ([], "whole", True)
    taken, said = replaying.valid(tmp_path / "post/page.wacz")
    assert taken, said
    making.closed(tmp_path / "made", key)
    asked = len(site.asked)
    with replaying.player(tmp_path, *(tmp_path / name / "page.wacz" for name in (*REAL, "made"))) as begin:
        tab = chromium.new_page()
        try:
            replays_real(tab, begin, site)
            replays_made(tab, begin)
        finally:
            tab.close()
    assert site.asked[asked:] == [], "what was shown came out of the collections"


def replays_real(tab: Page, begin: str, site: Site) -> None:
    """What scripts fetched by a question, and what came as one scrolled."""
    tab.goto(f"{begin}/2026/{site.url}/post")
    shown = tab.frame_locator("#replay_iframe")
    shown.locator("#t", has_text="svar").wait_for(timeout=20_000)
    assert shown.locator("#t").inner_text() == 'svar {"post":7}'
    tab.goto(f"{begin}/2026/{site.url}/lazy")
    shown.locator("#k").scroll_into_view_if_needed(timeout=20_000)
    for number in range(3):
        shown.locator("p", has_text=f"Kommentar {number} syns").wait_for(timeout=20_000)
        shown.locator("#k").scroll_into_view_if_needed(timeout=20_000)


def replays_made(tab: Page, begin: str) -> None:
    """Look, script and a posted question with a list in it; and what the collection does not hold is not there."""
    tab.goto(f"{begin}/20261122115930/{making.PAGE}")
    shown = tab.frame_locator("#replay_iframe")
    shown.locator("li:nth-child(2)").wait_for(timeout=20_000)
    assert shown.locator("li").all_inner_texts() == making.COMMENTS
    assert shown.locator("h1").evaluate("one => getComputedStyle(one).color") == "rgb(1, 2, 3)"
    answer = tab.goto(f"{begin}/20261122115930mp_/http://exempel.test/annat")
    assert answer is not None and answer.status == 404
