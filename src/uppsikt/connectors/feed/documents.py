"""What a feed says, whatever its format: plain values, read but not yet judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from uppsikt.connectors import words
from uppsikt.connectors.base import RawResponse

LONGEST_LINE: Final = 2000
LONGEST_ID: Final = 2000
MOST_KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class File:
    """A sound, film or picture that an entry carries; `address` as written, maybe relative."""

    address: str
    media_type: str = ""
    name: str = ""
    alt: str = ""


@dataclass(slots=True)
class Entry:
    """One entry as its feed writes it. Addresses are whole; dates are as written, and read later.

    `place` says where in the bytes it stands: a JSON pointer, or an XPath in XML. `count` is how many comments
    the feed says the entry has, None where it does not say. `more` is what is kept beside the words.
    """

    place: str
    id: str = ""
    link: str = ""
    title: str = ""
    html: str = ""
    plain: str = ""
    base: str = ""
    author: str = ""
    author_address: str = ""
    published: str = ""
    edited: str = ""
    files: list[File] = field(default_factory=list)
    replies_to: str = ""
    replies_to_address: str = ""
    comments_feed: str = ""
    count: int | None = None
    more: dict[str, Any] = field(default_factory=dict)
    remarks: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Document:
    """One answer read as a feed.

    `rest` is how many seconds the feed asks to be left alone after a reading. `following` is the address of the
    next older page. `bad` are places of what could not be read as an entry, with a word for why.
    """

    raw: RawResponse
    kind: str
    title: str = ""
    home: str = ""
    description: str = ""
    author: str = ""
    generator: str = ""
    picture: str = ""
    following: str = ""
    rest: float = 0.0
    entries: list[Entry] = field(default_factory=list)
    bad: list[tuple[str, str]] = field(default_factory=list)
    remarks: set[str] = field(default_factory=set)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def by_wordpress(self) -> bool:
        """Whether WordPress made it: then its older pages are asked for by number."""
        return "wordpress" in self.generator.lower()


def line(value: Any, *, cap: int = LONGEST_LINE) -> str:
    """A short text on one line, fit to keep; "" for all that is no text."""
    if not isinstance(value, str):
        return ""
    return " ".join(words.clean(value, cap=cap)[0].split())


def kept(value: Any, depth: int = 4) -> Any:
    """A stranger's values made fit for a database: cleaned, and cut where they are many or deep."""
    if isinstance(value, str):
        return line(value)
    if value is None or isinstance(value, bool | int | float):
        return value if not isinstance(value, int) or abs(value) < 2**53 else str(value)[:40]
    if depth and isinstance(value, Mapping):
        return {line(str(name))[:60]: kept(one, depth - 1) for name, one in list(value.items())[:MOST_KEPT]}
    if depth and isinstance(value, list | tuple):
        return [kept(one, depth - 1) for one in value[:MOST_KEPT]]
    return None
