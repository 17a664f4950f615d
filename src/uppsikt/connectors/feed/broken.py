"""Feeds that are no XML even when mended: feedparser reads them as browsers read pages, within limits.

feedparser knows twenty years of broken feeds. It is asked only for these: it keeps one of several like elements, does
not say where an entry stands, and takes time that grows with the square of the number of subjects and of open tags.
"""

from __future__ import annotations

import io
import re
import warnings
from typing import Any, Final

import feedparser

from uppsikt.connectors import words
from uppsikt.connectors.feed.documents import Document, Entry, File, line

LARGEST: Final = 4_000_000
MOST_SUBJECTS: Final = 2000
MOST_UNCLOSED: Final = 10_000
_SUBJECT = re.compile(r"<(?:\w+:)?(?:category|subject|keywords|contributor)\b", re.IGNORECASE)
_KEYWORDS = re.compile(r"<(?:\w+:)?keywords\b[^>]*>([^<]*)", re.IGNORECASE)
_DECLARATION = re.compile(r"<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>", re.IGNORECASE)
CLOSED = re.compile(r"</\s*(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_OPENED = re.compile(r"<(?!br|hr|img|input|meta|link|source|wbr|col)[a-z]", re.IGNORECASE)
_BEGUN = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)


def read(text: str, document: Document) -> bool:
    """Put the entries that can be made out into the document; False where there is nothing to make out.

    An entry that was never closed is not read: half a text would look like an edit.
    """
    begun = len(_BEGUN.findall(text))
    if not begun or len(text) > LARGEST or _too_much(text):
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        told = feedparser.parse(
            io.BytesIO(_DECLARATION.sub("", text).encode()),
            response_headers={"content-type": "application/xml; charset=utf-8", "content-location": document.raw.url},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
    closed = len(CLOSED.findall(text))
    about = told.get("feed", {})
    document.title = document.title or line(about.get("title"))
    document.home = document.home or words.web_address(about.get("link"), document.raw.url)
    document.generator = document.generator or line(about.get("generator"))
    for number, one in enumerate(told["entries"]):
        place = f"//item[{number + 1}]"
        if number < closed:
            document.entries.append(_entry(one, place, document.raw.url))
        else:
            document.bad.append((place, "cut_off"))
    document.remarks.add("broken_xml")
    return bool(document.entries or document.bad)


def _too_much(text: str) -> bool:
    """Whether the text is of the kind that holds feedparser up: subjects or open tags by the thousand."""
    subjects = len(_SUBJECT.findall(text)) + sum(said.count(",") for said in _KEYWORDS.findall(text))
    return subjects > MOST_SUBJECTS or len(_OPENED.findall(text)) - text.count("</") > MOST_UNCLOSED


def _entry(told: Any, place: str, base: str) -> Entry:
    entry = Entry(place, base=base)
    entry.id, entry.link = line(dict.get(told, "id")), words.web_address(dict.get(told, "link"), base)
    entry.title = line(words.read(str(dict.get(told, "title") or "")[:10_000], base).text)
    content = dict.get(told, "content") or []
    full = next((str(one.get("value") or "") for one in content if one.get("value")), "")
    entry.html = full or str(dict.get(told, "summary") or "")
    entry.author = line(dict.get(told, "author"), cap=300)
    entry.published = line(dict.get(told, "published"))
    entry.edited = line(dict.get(told, "updated"))
    for one in (dict.get(told, "links") or [])[:200]:
        address = words.web_address(one.get("href"), base)
        if one.get("rel") == "enclosure" and address:
            entry.files.append(File(address, line(one.get("type"), cap=120)))
    entry.comments_feed = words.web_address(dict.get(told, "wfw_commentrss"), base)
    entry.remarks.add("broken_xml")
    return entry
