"""Asking for feeds: only what has changed, as seldom as they wish, and telling what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final

from uppsikt import net
from uppsikt.connectors import answers
from uppsikt.connectors.base import Gone, Permanent, RawResponse
from uppsikt.connectors.feed import parsing
from uppsikt.connectors.feed.documents import Document
from uppsikt.connectors.feed.keys import Memory

ACCEPT: Final = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9,"
    " text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
# A server that wrongly says "nothing new" is believed so long.
BELIEVE_UNCHANGED: Final = timedelta(hours=6)
# A feed that asks to be left alone for weeks would hide questions that the law wants answered (D35).
LONGEST_REST: Final = timedelta(hours=24)


@dataclass(slots=True)
class Feed:
    """One feed as the cursor keeps it.

    `etag` and `modified` are what the last whole answer bore, at `whole`; `rest_until` is when it may be asked again.
    `older` is the address of the next page of its history, `seen` the pages that have been read (as `keys.short`), so
    that a ring ends; `history` says whether the history is still being read, `until` at which keys (as `keys.short`)
    a gap is filled. `moved` is where it has moved for good, `wish` how many seconds it wishes between two readings.
    """

    address: str
    etag: str = ""
    modified: str = ""
    whole: str = ""
    rest_until: str = ""
    older: str = ""
    seen: list[str] = field(default_factory=list)
    history: bool = True
    moved: str = ""
    wish: float = 0.0
    until: list[str] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)

    @classmethod
    def of(cls, address: str, told: Any) -> Feed:
        """From the cursor; a feed of another address begins anew."""
        told = told if isinstance(told, Mapping) else {}
        if told.get("address") != address:
            return cls(address)
        made = cls(address)
        for name in ("etag", "modified", "whole", "rest_until", "older", "moved"):
            setattr(made, name, str(told.get(name, "")))
        made.seen, made.history = [str(one) for one in told.get("seen", [])], bool(told.get("history", True))
        made.wish, made.until = float(told.get("wish", 0)), [str(one) for one in told.get("until", [])]
        made.memory = Memory.of(told.get("memory"))
        return made

    def kept(self) -> dict[str, Any]:
        """For the cursor."""
        names = ("address", "etag", "modified", "whole", "rest_until", "older", "history", "moved", "wish")
        lists = {"seen": list(self.seen), "until": list(self.until), "memory": self.memory.kept()}
        return {name: getattr(self, name) for name in names} | lists

    def resting(self, now: datetime) -> bool:
        """Whether the feed has asked to be left alone until later."""
        return bool(self.rest_until) and datetime.fromisoformat(self.rest_until) > now

    def rest(self, now: datetime) -> None:
        """Leave it alone for as long as it wishes."""
        self.rest_until = (now + min(timedelta(seconds=self.wish), LONGEST_REST)).isoformat() if self.wish else ""

    def conditions(self, now: datetime) -> dict[str, str]:
        """The headers that ask only for what is new; none when that has been believed for long enough."""
        if not self.whole or datetime.fromisoformat(self.whole) + BELIEVE_UNCHANGED <= now:
            return {}
        asked = {"if-none-match": self.etag, "if-modified-since": self.modified}
        return {name: value for name, value in asked.items() if value}

    def answered(self, raw: RawResponse, now: datetime) -> None:
        """Note what a whole answer bore."""
        self.etag, self.modified = raw.headers.get("etag", "")[:500], raw.headers.get("last-modified", "")[:100]
        self.whole = now.isoformat()


@dataclass(frozen=True, slots=True)
class Asker:
    """Asks over the one client."""

    client: net.Client

    def get(self, address: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> net.Response:
        """Any answer. Raises Trouble for none."""
        try:
            return self.client.request(method, address, headers={"accept": ACCEPT, **(headers or {})})
        except net.NetError as error:
            raise answers.from_net(error) from error

    def feed(self, address: str, headers: Mapping[str, str] | None = None) -> tuple[Document | None, net.Response]:
        """The feed at an address, or None for "not modified". Raises Trouble; Gone for 410."""
        response = self.get(address, headers)
        if response.status == HTTPStatus.NOT_MODIFIED:
            return None, response
        raise_for(response)
        return parsing.read(answers.keep(response)), response


def raise_for(response: net.Response) -> None:
    """Raise the Trouble that a status tells of a feed."""
    if trouble := answers.by_status(response):
        raise trouble
    facts = {"status": str(response.status)}
    if response.status == HTTPStatus.GONE:
        raise Gone("not_found", **facts)
    if response.status == HTTPStatus.NOT_FOUND:
        raise Permanent("not_found", **facts)
    if response.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise Permanent("login_wall", **facts)
    if response.status >= HTTPStatus.MULTIPLE_CHOICES:
        raise Permanent("rejected", **facts)
