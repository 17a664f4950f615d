"""Public pages are written once for each stamp of the list and then handed out as they are (D12).

A page is the same for everybody who asks: nothing in it comes from the one who does. The stamp is asked of the database
at every visit and costs a millisecond, so no page is ever older than what it tells of.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers

from uppsikt.register import directory

# Visitors may search for anything; what was asked for longest ago is let go.
MOST = 300
# For how long a browser or a cache on the way may answer without asking, in seconds.
FRESH = 60
LEVEL = 6
# Whoever says "gzip;q=0" cannot unpack it.
PACKED = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Kept:
    """A page's bytes, plain and packed, and what tells them from others."""

    body: bytes
    packed: bytes
    etag: str


_pages: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
_lock = Lock()


def answer(
    request: HttpRequest, language: str, key: tuple[str, ...], make: Callable[[], str | bytes], kind: str = HTML
) -> HttpResponse:
    """A public page in Swedish or English, from what is kept where nothing has changed since it was written.

    `key` names the page and all that it was asked for; `make` writes it, in the language.
    """
    place = (directory.stamp(), language, *key)
    kept = _found(place) or _keep(place, language, make)
    packed = bool(PACKED.search(request.headers.get("Accept-Encoding", "")))
    response = HttpResponse(kept.packed if packed else kept.body, content_type=kind)
    if packed:
        response["Content-Encoding"] = "gzip"
    response["ETag"] = kept.etag
    response["Cache-Control"] = f"public, max-age={FRESH}"
    response["Content-Language"] = language
    patch_vary_headers(response, ("Accept-Encoding",))
    return get_conditional_response(request, etag=kept.etag, response=response) or response


def _found(place: tuple[str, ...]) -> Kept | None:
    with _lock:
        kept = _pages.get(place)
        if kept is not None:
            _pages.move_to_end(place)
        return kept


def _keep(place: tuple[str, ...], language: str, make: Callable[[], str | bytes]) -> Kept:
    with translation.override(language):
        made = make()
    body = made.encode() if isinstance(made, str) else bytes(made)
    kept = Kept(body, gzip.compress(body, LEVEL, mtime=0), f'W/"{hashlib.sha256(body).hexdigest()[:24]}"')
    with _lock:
        for old in [one for one in _pages if one[0] != place[0]]:
            del _pages[old]
        _pages[place] = kept
        while len(_pages) > MOST:
            _pages.popitem(last=False)
    return kept
