"""From an answer to a document, or to the word for why it is none."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from uppsikt.connectors import answers, words
from uppsikt.connectors.base import Permanent, RawResponse, Trouble
from uppsikt.connectors.feed import broken, encoding, json_feed, rss_atom
from uppsikt.connectors.feed.documents import Document
from uppsikt.connectors.feed.tree import USUAL, Broken, Reader, Unsafe

_ROOT = re.compile(r"<(?![?!])([^\s/>]{1,60})")
_ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel"})
_PASSWORD = re.compile(r"<input[^>]{0,500}type=[\"']?password", re.IGNORECASE)
_ENTITY = re.compile(r"<!(?:ENTITY|ATTLIST)", re.IGNORECASE)


def read(raw: RawResponse) -> Document:
    """Read a feed of any kind.

    Raises Permanent: "not_feed" for anything else, "login_wall" for a page that asks for a password, "unsafe_feed"
    for XML that declares entities, "broken_feed" where nothing can be made out.
    """
    if raw.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _json(raw)
    text, remarks = encoding.decode(raw.body, raw.headers.get("content-type", ""))
    root = _ROOT.search(text[:50_000])
    if _ENTITY.search(text[: root.start() if root else 50_000]):
        raise Permanent("unsafe_feed")
    if root is None or root[1].lower().rpartition(":")[2] not in _ROOTS:
        raise not_feed(raw)
    document = Document(raw, "")
    document.remarks |= remarks
    if not _strictly(text, document):
        mended = encoding.mend(text, USUAL)
        if _strictly(mended, document):
            document.remarks.add("mended_xml")
        else:
            _loosely(mended, document)
    for entry in document.entries:
        entry.remarks |= document.remarks
    return document


def _json(raw: RawResponse) -> Document:
    try:
        told, noisy = answers.decode(raw.body)
    except ValueError:
        raise Permanent("broken_feed", why="json") from None
    if not json_feed.is_feed(told):
        raise not_feed(raw)
    document = json_feed.read(told, raw)
    document.remarks |= {"noise"} if noisy else set()
    return document


def _strictly(text: str, document: Document) -> bool:
    """Read it as XML; False where it is none, and nothing has then been read."""
    reader = Reader(document.raw.url)
    document.entries = []
    try:
        document.entries = list(rss_atom.entries(reader.read(text)))
    except Unsafe:
        raise Permanent("unsafe_feed") from None
    except Broken:
        return False
    rss_atom.head(reader, document.raw, document)
    return True


def _loosely(text: str, document: Document) -> None:
    """Read what is no XML as far as it goes: what closed before it broke, else whatever feedparser makes of it."""
    reader = Reader(document.raw.url)
    found = []
    try:
        for entry in rss_atom.entries(reader.read(text)):
            found.append(entry)
    except Unsafe:
        raise Permanent("unsafe_feed") from None
    except Broken:
        found += rss_atom.entries(reader.rest())
    rss_atom.head(reader, document.raw, document)
    document.kind = document.kind or "rss"
    if _merely_cut(text, len(found)):
        document.remarks.add("cut_off")
        document.entries = found
        if reader.unfinished:
            document.bad.append((reader.unfinished, "cut_off"))
    elif not broken.read(text, document):
        raise Permanent("broken_feed", why="xml")


def _merely_cut(text: str, found: int) -> bool:
    """Whether all entries that close were read, so that only the end is missing."""
    return found > 0 and found == len(broken.CLOSED.findall(text))


def not_feed(raw: RawResponse) -> Trouble:
    """A page where a feed was due."""
    text = raw.body[:200_000].decode("utf-8", "replace")
    facts = {"title": answers.title(raw.body), "status": str(raw.status)}
    login = raw.status == HTTPStatus.UNAUTHORIZED or _PASSWORD.search(text) or "wp-login.php" in raw.url
    return Permanent("login_wall" if login else "not_feed", **facts)


def is_page(raw: RawResponse) -> bool:
    """Whether an answer is a web page."""
    beginning = words.clean(raw.body[:2000].decode("utf-8", "replace"))[0].lstrip("\ufeff \t\r\n").lower()
    return (
        beginning.startswith(("<!doctype html", "<html")) or "text/html" in raw.headers.get("content-type", "").lower()
    )
