"""Every page, light and dark, wide and narrow: axe-core finds nothing, nothing must be scrolled sideways (D66)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from journeys import browser as driver
from journeys.browser import Tab
from journeys.fixtures import session_cookies
from journeys.pages import PAGES, Page
from uppsikt.organisation.models import Person, RoleGrant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def somebody(role: str) -> Person:
    """A person with one role for all units."""
    person = Person.objects.create_user(f"{role}@alvsta.example", name="Eva Ek", title="Handläggare")
    RoleGrant.objects.create(person=person, role=role, since=timezone.now())
    return person


@pytest.fixture(scope="module")
def window(chromium: Browser, live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """One window for all pages, so that each need not fetch style, script and fonts anew."""
    folder = os.environ.get("UPPSIKT_SHOTS") or tmp_path_factory.mktemp("shots")
    with driver.tab(chromium, live_server.url, Path(folder)) as tab:
        # Each page comes with axe: to send it half a megabyte, page by page, takes longer than axe itself.
        tab.page.context.add_init_script(path=driver.AXE)
        yield tab


@pytest.fixture
def show(window: Tab) -> Iterator[Callable[[Page], Tab]]:
    """Shows a page to somebody with the page's role, in the window."""

    def shown(page: Page) -> Tab:
        person = somebody(page.role) if page.role else None
        for name, value in (session_cookies(person) if person else {}).items():
            window.page.context.add_cookies([{"name": name, "value": value, "url": window.address}])
        window.look(size="wide", scheme="light")
        answer = window.page.goto(window.address + page.address(), wait_until="load")
        assert answer
        assert answer.status == page.status
        if page.then:
            page.then(window.page)
        return window

    yield shown
    window.page.goto("about:blank")  # asks the server nothing while the next test's database is made
    window.page.context.clear_cookies()
    errors, window.errors = window.errors, []
    assert not errors, errors


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_d66_page_is_accessible(page: Page, show: Callable[[Page], Tab]) -> None:
    tab, wrong = show(page), []
    assert tab.page.title()
    for size in driver.SIZES:
        document: int | None = None
        for scheme in ("light", "dark"):
            tab.look(size=size, scheme=scheme)
            if "UPPSIKT_SHOTS" in os.environ:
                tab.shot(f"{str(page).replace(':', '-')}-{size}-{scheme}", full=True)
            # Where dark shows the same document in the same places, all that can have changed is the colours.
            before, document = document, tab.signature()
            only = driver.COLOURS if before == document else ()
            wrong += [f"{size} {scheme}: {line}" for line in (*tab.axe(only=only), *tab.overflow())]
    assert not wrong, "\n".join(wrong)
