"""A page that only reads asks once; what is changed is never read from what was kept."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from uppsikt.kernel.once import once, reading
from uppsikt.ui.middleware import AskOnceMiddleware


def test_what_is_asked_twice_in_a_reading_is_asked_once_and_forgotten_after_it() -> None:
    asked: list[int] = []

    def ask() -> int:
        asked.append(1)
        return len(asked)

    assert (once("a", ask), once("a", ask)) == (1, 2), "outside a reading nothing is kept"
    with reading():
        assert (once("a", ask), once("b", ask), once("a", ask)) == (3, 4, 3)
        with reading():
            assert once("a", ask) == 5
        assert once("a", ask) == 3
    assert once("a", ask) == 6


@pytest.mark.parametrize(("method", "kept"), [("get", True), ("head", True), ("post", False), ("delete", False)])
def test_only_a_page_that_changes_nothing_keeps(method: str, kept: bool) -> None:
    answers = iter(range(10))
    seen: list[int] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.extend([once("a", lambda: next(answers)), once("a", lambda: next(answers))])
        return HttpResponse()

    AskOnceMiddleware(view)(getattr(RequestFactory(), method)("/"))
    assert (seen[0] == seen[1]) is kept
    assert once("a", lambda: 99) == 99
