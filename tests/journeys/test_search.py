"""A registrar's way through the records: search, keep it, write it to a file, mark what is secret (D18, D20)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from journeys import record_rooms
from journeys.browser import Tab
from journeys.test_accessible import somebody
from uppsikt.records import exporting
from uppsikt.records.models import Export, Item

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenTab = Callable[..., Tab]


def test_d18_a_search_is_made_kept_and_fetched_as_a_file(open_tab: OpenTab) -> None:
    """By the keyboard: words, a name for them, the file with its progress, without loading the page again."""
    me = somebody("registrar")
    record_rooms.kept_searches()
    page = open_tab(person=me).open("/handlingar/")
    page.locator("main").focus()
    page.keyboard.press("f")
    page.keyboard.type("plog*")
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_count(2)
    expect(page.get_by_role("status").first).to_have_text("2 handlingar")
    page.locator("main").focus()
    page.keyboard.press("j")
    expect(page.locator("[data-item]").first).to_be_focused()
    page.keyboard.press("s")
    page.keyboard.type("Plogning")
    page.keyboard.press("Enter")
    expect(page.locator("#u-toast, .u-messages").first).to_contain_text("Plogning")
    expect(page.get_by_role("link", name="Plogning", exact=True)).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="Beställ filen").click()
    expect(page.locator("#exports")).to_contain_text("Väntar på sin tur")
    exporting.write(Export.objects.get().pk, now=timezone.now())
    expect(page.locator("#exports")).to_contain_text("Klar att hämta", timeout=20_000)
    with page.expect_download() as coming:
        page.get_by_role("link", name="Hämta", exact=True).click()
    file = Path(coming.value.path()).read_bytes()
    assert file.startswith(b"\xef\xbb\xbf")
    assert file.decode().count("plog") == 2


def test_d20_a_record_is_marked_and_is_then_not_there_for_others(open_tab: OpenTab) -> None:
    """Marked with law and reason, seen by the one who may, gone for the auditor, open again afterwards."""
    me, auditor = somebody("registrar"), somebody("auditor")
    (pk,) = record_rooms.open_post()
    page = open_tab(person=me).open(f"/handlingar/{pk}/")
    page.get_by_role("link", name="Sekretessmarkera").click()
    page.get_by_label("Bestämmelse som skyddar").select_option("osl-26-1")
    page.get_by_label("Varför").fill("Om ett ärende hos socialtjänsten.")
    page.get_by_role("button", name="Sekretessmarkera").click()
    expect(page.get_by_text("OSL 26 kap. 1 §").first).to_be_visible()
    assert Item.objects.get(pk=pk).secret
    other = open_tab(person=auditor)
    other.open(f"/handlingar/{pk}/")
    expect(other.page.locator("h1")).to_have_text(re.compile("finns inte", re.IGNORECASE))
    page.get_by_role("link", name="Häv sekretess").click()
    page.get_by_label("Varför").fill("Redan känt.")
    page.get_by_role("button", name="Häv markeringen").click()
    expect(page.get_by_role("link", name="Sekretessmarkera")).to_be_visible()
    other.open(f"/handlingar/{pk}/")
    expect(other.page.locator("h1")).to_have_text(f"Handling {pk}")
