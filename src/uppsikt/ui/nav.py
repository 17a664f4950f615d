"""What stands in the side menu, the bell and the search field. Rooms above register theirs when Django starts.

The look lies under every room that has pages, so it is told of them instead of importing them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_urlconf, resolve, reverse
from django.utils.functional import Promise

from uppsikt.ui.access import HasRoles, Rule

Count = Callable[[HttpRequest], int]


@dataclass(frozen=True)
class Item:
    """A line in the menu. `label` is lazily translated; `count` gives the number beside it.

    It shows to those whom the view itself lets in, so the rule is stated once.
    """

    icon: str
    label: str | Promise
    url_name: str
    order: int = 50
    count: Count | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line in the menu as one person sees it on one page."""

    icon: str
    label: str
    url: str
    count: int
    current: bool


_items: dict[str, Item] = {}
_bell: list[tuple[str, Count]] = []
_search: list[str] = []
_account: list[str] = []
_palette: list[str] = []


def register(item: Item) -> None:
    """Put a line in the menu; one per address."""
    _items[item.url_name] = item


def register_bell(url_name: str, count: Count) -> None:
    """The page that the bell opens, and how many unread it shows."""
    _bell[:] = [(url_name, count)]


def register_search(url_name: str) -> None:
    """The page that takes what is written in the search field, as `?q=`."""
    _search[:] = [url_name]


def register_account(url_name: str) -> None:
    """The page where one decides about oneself."""
    _account[:] = [url_name]


def register_palette(url_name: str) -> None:
    """What the palette (Ctrl K) asks for what is written in it, as `?q=`."""
    _palette[:] = [url_name]


def entries(request: HttpRequest) -> list[Entry]:
    """The menu for this person on this page, in order."""
    if not request.user.is_authenticated:
        return []
    roles = cast("HasRoles", request.user).roles
    rows = [
        (item, reverse(item.url_name)) for item in sorted(_items.values(), key=lambda item: (item.order, item.url_name))
    ]
    rows = [(item, url) for item, url in rows if _rule(url).lets_in(roles)]
    # The longest address that begins the page's own is where one is: /inkorg/12/ belongs to /inkorg/, not to /.
    here = max((url for _item, url in rows if _within(request.path, url)), key=len, default=None)
    return [
        Entry(item.icon, str(item.label), url, item.count(request) if item.count else 0, url == here)
        for item, url in rows
    ]


def _rule(url: str) -> Rule:
    return _rule_in(url, get_urlconf() or settings.ROOT_URLCONF)


@lru_cache(maxsize=256)
def _rule_in(url: str, urlconf: str) -> Rule:
    """The menu asks for the same addresses on every page."""
    rule: Rule = resolve(url, urlconf).func.access  # type: ignore[attr-defined]  # every view has one; a test sees to it
    return rule


def lets_in(request: HttpRequest, url: str) -> bool:
    """Whether the page at this address lets the person in."""
    return _rule(url).lets_in(cast("HasRoles", request.user).roles if request.user.is_authenticated else None)


def _within(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


def bell(request: HttpRequest) -> tuple[str, int] | None:
    """The bell's address and count, or None when nobody is logged in or no room has registered one."""
    if not _bell or not request.user.is_authenticated:
        return None
    url_name, count = _bell[0]
    return reverse(url_name), count(request)


def search_url(request: HttpRequest) -> str:
    """Where the search field leads, or "" when there is none, or none that this person may use."""
    if not _search or not request.user.is_authenticated:
        return ""
    url = reverse(_search[0])
    return url if _rule(url).lets_in(cast("HasRoles", request.user).roles) else ""


def account_url(request: HttpRequest) -> str:
    """Where one decides about oneself, or "" when there is no such page."""
    return reverse(_account[0]) if _account and request.user.is_authenticated else ""


def palette_url(request: HttpRequest) -> str:
    """What the palette asks, or "" for visitors."""
    return reverse(_palette[0]) if _palette and request.user.is_authenticated else ""
