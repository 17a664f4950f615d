"""The menu: each sees what the pages' own rules let them use."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from uppsikt.ui import nav


@pytest.fixture(autouse=True)
def menu() -> Iterator[None]:
    """A menu of our own for the test."""
    kept, bell, search = dict(nav._items), list(nav._bell), list(nav._search)
    nav._items.clear()
    nav.register(nav.Item("sliders", "Utseende", "ui:appearance", order=20, count=lambda _request: 3))
    nav.register(nav.Item("star", "Tema", "ui:theme", order=10))
    nav.register_bell("ui:theme", lambda _request: 7)
    nav.register_search("ui:theme")
    yield
    nav._items.clear()
    nav._items.update(kept)
    nav._bell[:], nav._search[:] = bell, search


def ask(rf: RequestFactory, path: str, roles: set[str] | None) -> HttpRequest:
    request: Any = rf.get(path)
    request.user = SimpleNamespace(is_authenticated=roles is not None, roles=frozenset(roles or ()))
    made: HttpRequest = request
    return made


def test_each_sees_what_they_may_use(rf: RequestFactory) -> None:
    assert [entry.label for entry in nav.entries(ask(rf, "/", {"administrator"}))] == ["Tema", "Utseende"]
    assert [entry.label for entry in nav.entries(ask(rf, "/", {"officer"}))] == ["Tema"]
    assert nav.entries(ask(rf, "/", None)) == []


def test_the_line_one_stands_on_is_marked(rf: RequestFactory) -> None:
    entries = nav.entries(ask(rf, "/ui/utseende", {"administrator"}))
    assert [entry.current for entry in entries] == [False, True]
    assert entries[1].count == 3


def test_bell_and_search_are_for_those_who_are_logged_in(rf: RequestFactory) -> None:
    assert nav.bell(ask(rf, "/", {"officer"})) == ("/ui/theme.css", 7)
    assert nav.bell(ask(rf, "/", None)) is None
    assert nav.search_url(ask(rf, "/", {"officer"})) == "/ui/theme.css"
    assert not nav.search_url(ask(rf, "/", None))
