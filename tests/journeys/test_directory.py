"""The public list in a real browser with scripts switched off: found, read, and written to (D12, D67, D70)."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from journeys import directory_rooms
from journeys.fixtures import OpenTab
from uppsikt.inbox.models import Case
from uppsikt.organisation.rules import Role
from uppsikt.register import directory_forms

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_citizen_finds_an_account_reads_it_and_reports_what_is_there(
    open_tab: OpenTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The test is a program, and quicker than people are.
    monkeypatch.setattr(directory_forms, "SOONEST", timedelta(0))
    factories.person(Role.COMMUNICATIONS)
    directory_rooms.accounts()
    tab = open_tab(scripts=False, size="narrow")
    page = tab.open("/vara-kanaler/")
    page.get_by_label("Sök").fill("kultur 3")
    page.get_by_role("button", name="Visa").click()
    assert page.get_by_role("row").count() == 2
    page.get_by_role("link", name="Om kontot").click()
    page.get_by_role("link", name="Suomi").click()
    assert "julkinen asiakirja" in page.locator("main").inner_text()
    page.get_by_role("link", name="Anmäl kränkande eller olagligt innehåll på kontot").click()
    assert page.get_by_label("Vilket konto gäller det?").locator("option:checked").inner_text().startswith("Bibliotek")
    page.get_by_role("button", name="Skicka anmälan").click()
    # The browser itself, or the page, says that words are missing; nothing was opened.
    assert not Case.objects.exists()
    page.get_by_label("Vad är det som är kränkande eller olagligt?").fill("Någon hotar bibliotekarien.")
    page.get_by_role("button", name="Skicka anmälan").click()
    page.get_by_role("heading", name="Tack").wait_for()
    case = Case.objects.get()
    assert case.last_item.version is not None
    assert "hotar bibliotekarien" in case.last_item.version.text
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="Thank you").wait_for()
