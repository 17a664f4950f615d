"""What one channel remembers between two pulls: its feeds, how many comments each post had, which page is whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from uppsikt.connectors.base import JSON, Kind
from uppsikt.connectors.feed import keys
from uppsikt.connectors.feed.asking import Feed
from uppsikt.connectors.feed.documents import Entry
from uppsikt.connectors.feed.reading import page_of

MOST_POSTS: Final = 2000


@dataclass(slots=True)
class State:
    """Feeds by what they hold; `counts` of comments by post (as `keys.short`), `pages` from page to post."""

    feeds: dict[Kind, Feed]
    counts: dict[str, int] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, cursor: JSON, addresses: Mapping[Kind, str]) -> State:
        """From the cursor."""
        feeds = {kind: Feed.of(address, cursor.get(kind.value)) for kind, address in addresses.items() if address}
        return cls(feeds, dict(cursor.get("counts") or {}), dict(cursor.get("pages") or {}))

    def kept(self) -> dict[str, Any]:
        """For the cursor."""
        told: dict[str, Any] = {kind.value: feed.kept() for kind, feed in self.feeds.items()}
        return told | {"counts": dict(self.counts), "pages": dict(self.pages)}

    def met(self, keyed: Sequence[tuple[str, Entry]]) -> None:
        """Note on which pages posts stand, so that comments find them."""
        for key, entry in keyed:
            if entry.link:
                self.pages[page_of(entry.link)] = key
        self.pages = dict(list(self.pages.items())[-MOST_POSTS:])

    def counted(self, key: str, count: int) -> None:
        """Note how many comments a post had when they were read."""
        self.counts[keys.short(key)] = count
        self.counts = dict(list(self.counts.items())[-MOST_POSTS:])
