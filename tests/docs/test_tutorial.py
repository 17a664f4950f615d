"""The tutorial, followed to the letter in a fresh clone and a real browser."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from docs.follow import Reader, Terminal

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "tutorial" / "fem-minuter.md"
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    """A folder that PostgreSQL's account can pass through, and a terminal that speaks English."""
    place = Path(tempfile.mkdtemp(prefix="uppsikt-test-"))
    place.chmod(0o711)
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("UPPSIKT_", "DATABASE_", "DJANGO_"))
    }
    made = Terminal(ROOT, place, {**kept, "UPPSIKT_DATA": str(place / "data"), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"})
    yield made
    made.stop()
    shutil.rmtree(place)


def test_the_tutorial_can_be_followed_to_the_letter(terminal: Terminal, chromium: Browser) -> None:
    """D35–D37: from a question to an answer that is on the network, found again as a record (D18)."""
    expect.set_options(timeout=20_000)
    page = chromium.new_page(locale="sv-SE", viewport={"width": 1366, "height": 900})
    try:
        assert Reader(terminal, page).follow(PAGE) > 15
    finally:
        expect.set_options(timeout=5_000)  # as it is by itself: the other tests' too
        page.close()


def test_a_step_that_cannot_be_followed_is_a_fault(terminal: Terminal, chromium: Browser) -> None:
    page = chromium.new_page()
    with pytest.raises(AssertionError, match="cannot be followed"):
        Reader(terminal, page).do("Gör något trevligt.")
    page.close()
