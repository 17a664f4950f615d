"""From what the HTTP client says to what a connector says: raw answers, JSON, and the few kinds of trouble."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, NoReturn

from uppsikt import net
from uppsikt.connectors import base, words

SHOWN: Final = 160
MOST_DIGITS: Final = 40
_LATER: Final = frozenset({"site_down", "timeout", "too_slow", "broken_answer"})
_KEPT_HEADERS: Final = frozenset(
    {"content-type", "content-length", "date", "etag", "last-modified", "link", "location", "retry-after", "server"}
)
# What PHP prints before an answer when a site shows its errors to the world.
_NOISE = re.compile(r"(?:Warning|Notice|Deprecated|Fatal error|Parse error)(?:</b>)?\s*:", re.IGNORECASE)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{0,300})", re.IGNORECASE)
_PASSWORD_FIELD = re.compile(r"<input[^>]{0,500}type=[\"']?password", re.IGNORECASE)
_MAINTENANCE = re.compile(r"maintenance|underhåll", re.IGNORECASE)


def from_net(error: net.NetError) -> base.Trouble:
    """The trouble that a request without an answer is. What may pass by itself is `Retry`."""
    facts = {name: value[:SHOWN] for name, value in error.facts.items()}
    if error.code in _LATER:
        return base.Retry(error.code, after=None, **facts)
    return base.Permanent(error.code, **facts)


def keep(response: net.Response) -> base.RawResponse:
    """The answer as it is kept: the headers that say something of it, and the body word for word."""
    headers = {
        name: value for name, value in response.headers.items() if name in _KEPT_HEADERS or name.startswith("x-wp-")
    }
    return base.RawResponse(response.url, response.status, response.fetched_at, response.body, headers)


def decode(body: bytes) -> tuple[Any, bool]:
    """Read JSON; the second value says whether noise stood before it. Raises ValueError.

    A byte order mark and PHP's warnings are stepped over: a careless site is still a site.
    """
    text = body.decode("utf-8-sig", "replace").strip()
    try:
        return _json(text), False
    except ValueError:
        head = text[:20_000]
        if not _NOISE.search(head):
            raise
        for start in re.finditer(r"^[\[{]|(?<=>)[\[{]", head, re.MULTILINE):
            try:
                return _json(text[start.start() :]), True
            except ValueError:
                continue
        raise


def _json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number, parse_int=_whole)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _whole(digits: str) -> int | str:
    """A number longer than any that a network counts with stays text: Python would refuse the whole answer."""
    return int(digits) if len(digits) <= MOST_DIGITS else digits


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def error_code(body: bytes) -> tuple[str, str]:
    """The code and the message of an error told in JSON, or two empty texts."""
    try:
        told, _ = decode(body)
    except ValueError:
        return "", ""
    if not isinstance(told, Mapping):
        return "", ""
    code, message = told.get("code"), told.get("message")
    return (code if isinstance(code, str) else "")[:SHOWN], shown(message if isinstance(message, str) else "")


def shown(text: str) -> str:
    """A few words of a stranger's text, fit to be shown as a fact."""
    said = words.read(words.clean(text, cap=2000)[0]).text
    return re.sub(r"\s+", " ", said)[:SHOWN]


def title(body: bytes) -> str:
    """What a page that came instead of an answer calls itself."""
    found = _TITLE.search(body[:20_000].decode("utf-8", "replace"))
    return shown(found.group(1)) if found else ""


def by_status(response: net.Response) -> base.Trouble | None:
    """The trouble that a status alone tells, whatever network it is; None when it tells none."""
    status, facts = response.status, {"status": str(response.status)}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return base.Quota("rate_limited", after=response.retry_after, **facts)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        text = response.body[:4000].decode("utf-8", "replace")
        code = "maintenance" if _MAINTENANCE.search(text) else "site_down"
        return base.Retry(code, after=response.retry_after, **facts)
    return None


def not_json(response: net.Response) -> base.Trouble:
    """A page, or nothing readable, where JSON was due: a login, a firewall, or no API at all."""
    text = response.body[:200_000].decode("utf-8", "replace")
    facts = {"title": title(response.body), "status": str(response.status)}
    asked_to_log_in = (
        response.status == HTTPStatus.UNAUTHORIZED or _PASSWORD_FIELD.search(text) or "wp-login.php" in response.url
    )
    return base.Permanent("login_wall" if asked_to_log_in else "not_json", **facts)
