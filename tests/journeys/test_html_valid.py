"""The public pages are sound HTML: html-validate finds nothing wrong, in both languages (D66; lag 2018:1937)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page

from journeys import directory_rooms
from uppsikt.channels.models import Channel

PROGRAM = Path(__file__).parent / "vendor" / "html-validate.min.js"
# What is a matter of taste, or rests on our own addresses alone: sheets are served by ourselves.
RULES = {
    "doctype-style": ["error", {"style": "lowercase"}],
    # A table that scrolls by itself is a region with a name; the look takes a <section> for a part of the page.
    "prefer-native-element": ["error", {"exclude": ["region"]}],
    "void-style": "off",
    "attribute-boolean-style": "off",
    "attribute-empty-style": "off",
    "require-sri": "off",
    "long-title": "off",
    "no-trailing-whitespace": "off",
}
PAGES = ("list", "report", "opinion", "thanks", "rules", "guideline", "accessibility", "embed")


@pytest.fixture
def checker(chromium: Browser) -> Iterator[Page]:
    """A blank page in which the program runs."""
    page = chromium.new_page()
    page.add_script_tag(content=PROGRAM.read_text(encoding="utf-8"))
    yield page
    page.close()


def faults(checker: Page, text: str) -> list[str]:
    """What html-validate says of a document."""
    found: list[str] = checker.evaluate("([text, rules]) => htmlFaults(text, rules)", [text, RULES])
    return found


@pytest.mark.browser
@pytest.mark.django_db
def test_every_public_page_is_sound_html(checker: Page) -> None:
    directory_rooms.accounts()
    channel = Channel.objects.first()
    assert channel is not None
    broken = '<!doctype html><html lang="sv"><head><title>x</title></head><body><p><div></div></p></body></html>'
    assert any("close-order" in line for line in faults(checker, broken))
    for space in ("directory", "directory_en"):
        addresses = [reverse(f"{space}:{name}") for name in PAGES]
        addresses += [reverse(f"{space}:channel", args=[key]) for key in (channel.pk, channel.pk + 1000)]
        for address in addresses:
            assert faults(checker, Client().get(address).content.decode()) == [], address
    unsent = Client().post(reverse("directory:report"), {"text": ""})
    assert faults(checker, unsent.content.decode()) == []
