"""Trouble made to order, for tests and training, and the limit on how often one may ask."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

from practice.errors import Refusal
from practice.web import Request, Response, as_page

KINDS = ("down", "slow", "drip", "error", "html", "nonsense", "rate_limit", "drop_after")


@dataclass(slots=True)
class Trouble:
    """One sort of trouble, `count` times (None: until taken away), for addresses that start with `path`.

    down: the connection breaks. slow: the answer waits `seconds`. drip: it comes a byte
    at a time. error: HTTP 500. html: a page where JSON was asked for. nonsense: JSON of
    the wrong shape. rate_limit: 429 with Retry-After `seconds`. drop_after: what was asked
    is done, but the answer is lost.
    """

    kind: str
    path: str = "/api/"
    method: str = ""
    count: int | None = None
    seconds: float = 1.0


@dataclass(slots=True)
class Troubles:
    """The troubles in force; kept in memory, gone with a restart."""

    _list: list[Trouble] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def add(self, trouble: Trouble) -> None:
        """Put one more in force."""
        with self._turn:
            self._list.append(trouble)

    def clear(self) -> None:
        """Take all away."""
        with self._turn:
            self._list.clear()

    def meet(self, request: Request) -> Trouble | None:
        """The trouble that this request runs into, counted."""
        with self._turn:
            for trouble in self._list:
                if request.path.startswith(trouble.path) and trouble.method in ("", request.method):
                    if trouble.count is not None:
                        trouble.count -= 1
                        if trouble.count <= 0:
                            self._list.remove(trouble)
                    return trouble
        return None


def instead(trouble: Trouble) -> Response | None:
    """What is answered instead of the real thing; None when the real thing is done first. Raises Refusal."""
    if trouble.kind == "slow":
        time.sleep(trouble.seconds)
        return None
    if trouble.kind == "down":
        return Response(drop=True)
    if trouble.kind == "html":
        return as_page("<!doctype html><title>Underhåll</title><p>Övningsnätet vilar en stund.</p>")
    if trouble.kind == "nonsense":
        return Response(body=b'{"items": "many", "next": 7}')
    if trouble.kind == "error":
        raise Refusal(500, "broken", "Något gick fel här.")
    if trouble.kind == "rate_limit":
        raise Refusal(429, "rate_limited", "För många frågor.", Retry_After=f"{max(1, round(trouble.seconds))}")
    return None


def afterwards(trouble: Trouble, response: Response) -> Response:
    """What becomes of the real answer."""
    if trouble.kind == "drop_after":
        return Response(drop=True)
    if trouble.kind == "drip":
        response.drip = trouble.seconds
    return response


@dataclass(slots=True)
class Limiter:
    """At most `per_minute` requests a minute and key, by real time; 0 sets no limit."""

    per_minute: int
    _seen: dict[str, tuple[int, int]] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def count(self, key: str) -> None:
        """Count one request. Raises Refusal 429 with Retry-After."""
        if not self.per_minute:
            return
        now = time.monotonic()
        with self._turn:
            minute, number = self._seen.get(key, (int(now // 60), 0))
            if minute != int(now // 60):
                minute, number = int(now // 60), 0
            self._seen[key] = (minute, number + 1)
        if number >= self.per_minute:
            wait = max(1, round(60 - now % 60))
            raise Refusal(429, "rate_limited", "För många frågor.", Retry_After=str(wait))
