"""A browser, a server on loopback, and people who are logged in to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any, cast

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from journeys import browser as driver
from uppsikt.organisation.models import Person

# Playwright's sync interface runs an event loop in this thread, and Django then takes every query for one made inside
# async code. Ours are not: the test waits for each.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

OpenTab = Callable[..., driver.Tab]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all journeys."""
    with sync_playwright() as playwright:
        browser = driver.launch(playwright)
        yield browser
        browser.close()


def session_cookies(person: Person) -> dict[str, str]:
    """The cookies of somebody who has just logged in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return {settings.SESSION_COOKIE_NAME: cast("str", session.session_key)}


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures go: the folder that UPPSIKT_SHOTS names, to look at them, else one that is thrown away."""
    named = os.environ.get("UPPSIKT_SHOTS")
    folder = Path(named) if named else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def open_tab(chromium: Browser, live_server: LiveServer, shots: Path) -> Iterator[OpenTab]:
    """Opens browser tabs: `open_tab(person=p, size="narrow", scheme="dark", language="en", scripts=True)`.

    Each is a browser of its own, so two people can work at once. Script errors fail the test at its end.
    """
    with ExitStack() as stack:

        def opened(*, person: Person | None = None, language: str = "sv", **choices: Any) -> driver.Tab:
            cookies = session_cookies(person) if person else {}
            if language != "sv":
                cookies[settings.LANGUAGE_COOKIE_NAME] = language
            made: AbstractContextManager[driver.Tab] = driver.tab(
                chromium, live_server.url, shots, cookies=cookies, language=language, **choices
            )
            return stack.enter_context(made)

        yield opened
