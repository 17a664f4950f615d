"""XML as small trees, one for each entry, from a parser that believes nothing it is told about entities.

Python's expat, with every declaration refused that makes a small text large or fetches another: what is left of XML
is tags, attributes and words. Entries are handed over when they close, so a feed of thousands is never held whole,
and one that breaks off gives all that came before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urljoin
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

DEEPEST: Final = 150
MOST_INSIDE: Final = 20_000
ATOM: Final = "http://www.w3.org/2005/Atom"
# Namespaces by what feeds call them; addresses without their scheme, case and last slash.
NAMESPACES: Final = {
    "": "", "www.w3.org/2005/atom": "", "purl.org/atom/ns#": "", "purl.org/rss/1.0": "", "purl.org/net/rss1.1#": "",
    "my.netscape.com/rdf/simple/0.9": "", "channel.netscape.com/rdf/simple/0.9": "", "backend.userland.com/rss": "",
    "backend.userland.com/rss2": "", "blogs.law.harvard.edu/tech/rss": "",
    "my.netscape.com/publish/formats/rss-0.91.dtd": "", "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/terms": "dcterms", "purl.org/rss/1.0/modules/content": "content",
    "purl.org/rss/1.0/modules/slash": "slash", "wellformedweb.org/commentapi": "wfw",
    "search.yahoo.com/mrss": "media", "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "podcastindex.org/namespace/1.0": "podcast",
    "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "purl.org/syndication/thread/1.0": "thr", "purl.org/rss/1.0/modules/syndication": "sy",
    "purl.org/syndication/history/1.0": "fh", "www.w3.org/1999/xhtml": "xhtml",
    "www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf", "www.w3.org/xml/1998/namespace": "xml",
    "www.youtube.com/xml/schemas/2015": "yt",
}  # fmt: skip  # a table, read as one
USUAL: Final = {  # for prefixes that a feed uses and forgot to declare
    "atom": ATOM, "dc": "http://purl.org/dc/elements/1.1/", "content": "http://purl.org/rss/1.0/modules/content/",
    "slash": "http://purl.org/rss/1.0/modules/slash/", "wfw": "http://wellformedweb.org/CommentAPI/",
    "media": "http://search.yahoo.com/mrss/", "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0", "thr": "http://purl.org/syndication/thread/1.0",
    "sy": "http://purl.org/rss/1.0/modules/syndication/", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "yt": "http://www.youtube.com/xml/schemas/2015", "dcterms": "http://purl.org/dc/terms/",
}  # fmt: skip  # a table, read as one
_ENTRIES: Final = frozenset({"item", "entry"})


class Broken(Exception):
    """The text is no XML from some place on; what stood before it has been handed over."""


class Unsafe(Exception):
    """The text declares entities or default attributes: what blows up, or fetches, when it is read."""


@dataclass(slots=True)
class Node:
    """An element: its name with the usual prefix ("media:group"), what stands in it in order, and its base address."""

    name: str
    attrs: Mapping[str, str] = field(default_factory=dict)
    parts: list[str | Node] = field(default_factory=list)
    base: str = ""

    def children(self, *names: str) -> Iterator[Node]:
        """Elements straight below with one of these names, or all."""
        return (one for one in self.parts if isinstance(one, Node) and (not names or one.name in names))

    def child(self, *names: str) -> Node | None:
        """The first element below with the first of these names that is there."""
        return next((one for name in names for one in self.children(name)), None)

    def text(self, *names: str) -> str:
        """The words of an element below, or "" where there is none; of this one itself where none is named."""
        if names:
            found = [said for name in names for one in self.children(name) if (said := one.text())]
            return found[0] if found else ""
        return "".join(self._words()).strip()

    def _words(self) -> Iterator[str]:
        for one in self.parts:
            if isinstance(one, str):
                yield one
            else:
                yield from one._words()

    def markup(self) -> str:
        """What stands inside, as HTML."""
        return "".join(escape(one) if isinstance(one, str) else one._outer() for one in self.parts)

    def _outer(self) -> str:
        tag = self.name.removeprefix("xhtml:")
        given = "".join(f" {name}={quoteattr(value)}" for name, value in self.attrs.items())
        return f"<{tag}{given}>{self.markup()}</{tag}>"


@dataclass(slots=True)
class Found:
    """An entry on its way out: its tree, where it stands, and whether something in it was too much to keep."""

    node: Node
    place: str
    cut: bool


class Reader:
    """Reads one document. `head` grows as it is read: what the feed says of itself, without its entries."""

    def __init__(self, base: str) -> None:
        self.head = Node("", base=base)
        self._open: list[Node] = []
        self._path: list[str] = []
        self._counts: list[dict[str, int]] = [{}]
        self._entry: int | None = None
        self._inside, self._over, self._cut = 0, 0, False
        self._done: list[Found] = []
        self._parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._said
        self._parser.EntityDeclHandler = self._refuse
        self._parser.AttlistDeclHandler = self._refuse
        self._parser.UnparsedEntityDeclHandler = self._refuse
        self._parser.NotationDeclHandler = self._refuse

    def read(self, text: str) -> Iterator[Found]:
        """The entries, in order. Raises Broken and Unsafe."""
        data = text.encode("utf-8", "replace")
        step = 1 << 16
        for start in range(0, len(data), step):
            self._feed(data[start : start + step], last=False)
            yield from self._taken()
        self._feed(b"", last=True)
        yield from self._taken()

    def _taken(self) -> list[Found]:
        done, self._done = self._done, []
        return done

    @property
    def unfinished(self) -> str:
        """The place of an entry that was begun and never closed, or ""."""
        return self._place(self._entry) if self._entry is not None else ""

    def rest(self) -> list[Found]:
        """Entries that closed before the text broke."""
        return self._taken()

    def _feed(self, data: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            raise Broken(expat.ErrorString(error.code)) from None

    def _refuse(self, *_declared: object) -> None:
        raise Unsafe

    def _start(self, name: str, flat: list[str]) -> None:
        self._inside += 1
        # What is too deep or too much is not kept, nor what stands below it; its words are.
        if self._over or len(self._open) >= DEEPEST or self._inside > MOST_INSIDE:
            self._over += 1
            self._cut = True
            return
        short = _short(name)
        self._path.append(self._step(short))
        self._counts.append({})
        attrs = {_short(flat[at]): flat[at + 1] for at in range(0, len(flat), 2)}
        begins = self._entry is None and short in _ENTRIES
        if begins:
            self._entry, self._inside, self._cut = len(self._path), 0, False
        above = self._open[-1] if self._open else self.head
        own = attrs.get("xml:base", "")
        node = Node(short, attrs, base=_joined(above.base, own) if own else above.base)
        if not begins:
            above.parts.append(node)
        self._open.append(node)

    def _step(self, short: str) -> str:
        number = self._counts[-1][short] = self._counts[-1].get(short, 0) + 1
        return f"{short}[{number}]"

    def _place(self, depth: int) -> str:
        return "/" + "/".join(self._path[:depth])

    def _end(self, _name: str) -> None:
        if self._over:
            self._over -= 1
            return
        node = self._open.pop()
        if self._entry == len(self._path):
            self._done.append(Found(node, self._place(self._entry), self._cut))
            self._entry, self._inside = None, 0
        self._path.pop()
        self._counts.pop()

    def _said(self, words: str) -> None:
        if self._open:
            self._open[-1].parts.append(words)


def _joined(base: str, more: str) -> str:
    try:
        return urljoin(base, more)
    except ValueError:
        return base


def _short(name: str) -> str:
    """ "http://search.yahoo.com/mrss/ group" as "media:group"; what lies in a strange namespace as "?:name"."""
    space, _, local = name.rpartition(" ")
    if not space:
        return local
    key = space.lower().removeprefix("https://").removeprefix("http://").rstrip("/")
    prefix = NAMESPACES.get(key, "?")
    return f"{prefix}:{local}" if prefix else local
