"""What an entry's own address says of it, once it has slid out of its feed: there, gone, not for us, or nothing."""

from __future__ import annotations

import re
from enum import StrEnum
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from uppsikt import net
from uppsikt.connectors import answers
from uppsikt.connectors.feed import keys

_PASSWORD = re.compile(r"<input[^>]{0,500}type=[\"']?password", re.IGNORECASE)
_LOGIN = re.compile(r"/(?:wp-login|login|logga-?in|signin|sign-in|sso|saml|adfs|oauth2?)(?:[./?]|$)", re.IGNORECASE)
_MISSING = re.compile(
    r"\b404\b|not found|inte hittas|hittades inte|hittar inte|kunde inte hitta|finns inte|existerar inte|saknas"
    r"|page missing|no longer (?:exists|available)|har tagits bort|är borttagen",
    re.IGNORECASE,
)
_HEADING = re.compile(r"<h1[^>]{0,300}>(.{0,300}?)</h1", re.IGNORECASE | re.DOTALL)
_FILE = re.compile(r"\.(?:mp3|m4a|m4v|mp4|ogg|oga|opus|wav|flac|mov|webm|avi|pdf|zip|jpe?g|png|gif)$", re.IGNORECASE)
_FRONT: Final = frozenset({"", "/", "/index.html", "/index.php", "/default.aspx", "/sv", "/en"})


class Said(StrEnum):
    """What a page says of the entry whose own it was."""

    THERE = "there"
    GONE = "gone"
    CLOSED = "closed"
    NOTHING = "nothing"


def is_file(address: str) -> bool:
    """Whether an address leads to a sound, film or picture: then its head is asked for, not its hours."""
    return bool(_FILE.search(urlsplit(address).path))


def judge(response: net.Response, home: str) -> Said:
    """What the answer at an entry's own address says.

    Gone is said by 404 and 410 alone. A page that says "not found" with status 200, a way to the front page and a
    login are neither gone nor there: sites do all three when they move, break or close for the night.
    """
    status = response.status
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return Said.GONE
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return Said.CLOSED
    if status == HTTPStatus.NOT_MODIFIED:
        return Said.THERE
    if status != HTTPStatus.OK or _elsewhere(response, home):
        return Said.NOTHING
    text = response.body[:200_000].decode("utf-8", "replace")
    if _PASSWORD.search(text) or _seems_missing(response, text):
        return Said.NOTHING
    return Said.THERE


def _elsewhere(response: net.Response, home: str) -> bool:
    """Whether we were led to the front page or to a login."""
    if not response.redirects or keys.normal(response.url) == keys.normal(response.asked):
        return False
    here = urlsplit(response.url)
    front = here.path.lower().rstrip("/") in _FRONT and not parse_qsl(here.query)
    return front or (bool(home) and keys.normal(response.url) == keys.normal(home)) or bool(_LOGIN.search(here.path))


def _seems_missing(response: net.Response, text: str) -> bool:
    heading = _HEADING.search(text)
    told = f"{answers.title(response.body)} {answers.shown(heading[1]) if heading else ''}"
    return bool(_MISSING.search(told))


def holds(response: net.Response, anchor: str) -> bool:
    """Whether the page has a place of that name, as comments have."""
    text = response.body.decode("utf-8", "replace")
    return bool(re.search(rf"\b(?:id|name)\s*=\s*[\"']?{re.escape(anchor)}[\"'\s>]", text))
