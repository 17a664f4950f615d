"""Refusals without the page around them, for tests that ask for so many that drawing it would be most of their time.

The pages for 403 and 404 say the same whatever was asked for (see `uppsikt.ui.views`); other tests look at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import HttpResponse

from uppsikt import urls


def bare(status: int) -> object:
    """A page that is its status alone."""
    return lambda _request, exception: HttpResponse(f"{status}", status=status)


@contextmanager
def bare_pages() -> Iterator[None]:
    """While it lasts, "you may not" and "there is no such thing" are said so."""
    real = urls.handler403, urls.handler404
    urls.handler403, urls.handler404 = bare(403), bare(404)  # type: ignore[assignment]  # Django takes names and functions
    try:
        yield
    finally:
        urls.handler403, urls.handler404 = real
