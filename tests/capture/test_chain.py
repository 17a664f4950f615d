"""From a page to evidence that others can replay, validate and verify, each with a program of its own (must show 3)."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from capture import replaying
from capture import site as pages
from uppsikt.capture import package, page, verifying
from uppsikt.capture.limits import Limits
from uppsikt.capture.pool import Pool
from uppsikt.capture.signing import Signer
from uppsikt.capture.stamping import Authority

LIMITS = Limits(width=400, height=900, total=120)


def test_a_real_page_is_captured_closed_verified_validated_and_replayed(
    tmp_path: Path, key: Signer, authority: Authority, chromium: Browser
) -> None:
    """Comments that came as one scrolled, and an answer to a posted question, with the site itself gone."""
    pool = Pool()
    with pages.serving() as site:
        for path in ("/lazy", "/post"):
            out = tmp_path / path.strip("/")
            report = page.capture(site.url + path, out=out, allow=[site.address], pool=pool, limits=LIMITS)
            assert report.state == "whole", report.why
            package.pack(out, facts={"item": path}, signer=key, authority=authority)
    pool.close()
    for name in ("lazy", "post"):
        found = verifying.examine(tmp_path / name, trusted=authority.trusted)
        assert (found.faults, found.state, found.stamp_proved) == ([], "whole", True)
        taken, said = replaying.valid(tmp_path / name / "page.wacz")
        assert taken, said
    with replaying.player(tmp_path, tmp_path / "lazy/page.wacz", tmp_path / "post/page.wacz") as begin:
        tab = chromium.new_page()
        try:
            tab.goto(f"{begin}/2026/{site.url}/post")
            shown = tab.frame_locator("#replay_iframe")
            shown.locator("#t", has_text="svar").wait_for(timeout=20_000)
            assert shown.locator("#t").inner_text() == 'svar {"post":7}'
            tab.goto(f"{begin}/2026/{site.url}/lazy")
            shown.locator("#k").scroll_into_view_if_needed(timeout=20_000)
            for number in range(3):
                shown.locator("p", has_text=f"Kommentar {number} syns").wait_for(timeout=20_000)
                shown.locator("#k").scroll_into_view_if_needed(timeout=20_000)
        finally:
            tab.close()
