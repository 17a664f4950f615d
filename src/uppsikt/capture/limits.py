"""How much of a page we put up with: time, bytes, requests, height, addresses."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one capture. Times in seconds, sizes in bytes or pixels.

    What passes a limit is cut there and told in the report; the capture goes on with what came. Only `total` ends it.
    `max_body` bounds one answer, `max_document` the page's own HTML (a browser needs many times its size to show it),
    `max_bytes` all answers together, as they were sent. `height` is that of the window, `max_height` how far down a
    page is followed, `tile` that of one picture: Chromium draws nothing, and says nothing, in pictures that are much
    taller. `allow_private` opens single servers in private networks, as exact `host:port`.
    """

    total: float = 240.0
    connect: float = 15.0
    load: float = 45.0
    settle: float = 12.0
    scroll: float = 90.0
    max_bytes: int = 400 * MIB
    max_body: int = 150 * MIB
    max_document: int = 20 * MIB
    max_requests: int = 3000
    width: int = 1366
    height: int = 900
    max_height: int = 250_000
    tile: int = 15_000
    allow_private: frozenset[str] = frozenset()
