"""What all ways share: the message, the one failure, and the client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from uppsikt.net import Client, Limits, NetError, Response

TOO_MANY = 429
OK = range(200, 300)
GONE = frozenset({404, 410})
# Whoever takes a notice answers with a word, not with a film.
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Message:
    """A notice as it leaves the house. `key` is the delivery's own, the same at each try; `url` is absolute."""

    key: str
    kind: str
    words: str
    url: str
    urgent: bool
    at: datetime


class Undelivered(Exception):
    """It was not taken. `permanent`: another try changes nothing; `gone`: the address is not there any more."""

    def __init__(self, code: str, *, permanent: bool = False, gone: bool = False, after: float | None = None) -> None:
        super().__init__(code)
        self.code = code[:40]
        self.permanent = permanent or gone
        self.gone = gone
        self.after = after


def client() -> Client:
    """A client with short limits: a notice that takes half a minute to hand over is tried again instead."""
    return Client(
        Limits(
            connect=5.0,
            read=10.0,
            write=10.0,
            total=20.0,
            max_bytes=MOST_BYTES,
            max_redirects=0,
            allow_private=settings.ALLOW_PRIVATE,
        )
    )


def lost(error: NetError) -> Undelivered:
    """A failure on the way there."""
    never = error.code in {"bad_address", "private_address", "insecure", "unsafe_redirect", "too_many_redirects"}
    return Undelivered(error.code, permanent=never)


def judge(response: Response, *, gone: frozenset[int] = frozenset()) -> None:
    """What an answer's status says. Raises Undelivered unless it was taken."""
    if response.status in OK:
        return
    code = f"http_{response.status}"
    if response.status in gone:
        raise Undelivered(code, gone=True)
    passing = response.status == TOO_MANY or response.status >= 500  # noqa: PLR2004  # the server's own trouble
    raise Undelivered(code, permanent=not passing, after=response.retry_after)
