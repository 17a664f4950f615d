"""JSON Feed 1 and 1.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from uppsikt.connectors import words
from uppsikt.connectors.base import RawResponse
from uppsikt.connectors.feed.documents import Document, Entry, File, kept, line

VERSION = "https://jsonfeed.org/version/1"


def is_feed(told: Any) -> bool:
    """Whether an answer in JSON is a feed; some leave the version out, none the items."""
    if not isinstance(told, Mapping) or not isinstance(told.get("items"), list):
        return False
    version = told.get("version")
    return isinstance(version, str) and version.startswith((VERSION, VERSION.replace("https", "http")))


def read(told: Mapping[str, Any], raw: RawResponse) -> Document:
    """The document that an answer is."""
    made = Document(raw, "json")
    made.title, made.description = line(told.get("title")), line(told.get("description"))
    made.home = words.web_address(told.get("home_page_url"), raw.url)
    made.following = words.web_address(told.get("next_url"), raw.url)
    made.picture = words.web_address(told.get("icon") or told.get("favicon"), raw.url)
    made.author = _author(told)[0]
    made.more = {name: kept(told[name]) for name in ("language", "expired", "hubs") if name in told}
    for number, item in enumerate(told["items"]):
        place = f"/items/{number}"
        if isinstance(item, Mapping):
            made.entries.append(_entry(item, place, raw.url))
        else:
            made.bad.append((place, "not_an_entry"))
    return made


def _entry(item: Mapping[str, Any], place: str, base: str) -> Entry:
    entry = Entry(place, base=base)
    entry.id = _id(item.get("id"))
    entry.link = words.web_address(item.get("url"), base)
    entry.title = line(item.get("title"))
    entry.html, entry.plain = _text(item.get("content_html")), _text(item.get("content_text"))
    if not (entry.html or entry.plain):
        entry.plain = _text(item.get("summary"))
    entry.author, entry.author_address = _author(item)
    entry.published, entry.edited = line(item.get("date_published")), line(item.get("date_modified"))
    entry.files = list(_files(item, base))[: words.MOST_FILES]
    entry.more = {
        name: kept(item[name])
        for name in ("tags", "external_url", "language", "summary", "attachments")
        if item.get(name)
    }
    return entry


def _id(value: Any) -> str:
    """The id as text; a number is taken for the text of it, as the specification asks."""
    return line(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _author(told: Mapping[str, Any]) -> tuple[str, str]:
    listed = told.get("authors")
    first = listed[0] if isinstance(listed, list) and listed else told.get("author")
    if not isinstance(first, Mapping):
        return "", ""
    return line(first.get("name"), cap=300), words.web_address(first.get("url"))


def _files(item: Mapping[str, Any], base: str) -> Iterator[File]:
    seen: set[str] = set()
    listed = item.get("attachments")
    for one in listed if isinstance(listed, list) else []:
        address = words.web_address(one.get("url"), base) if isinstance(one, Mapping) else ""
        if address and address not in seen:
            seen.add(address)
            yield File(address, line(one.get("mime_type"), cap=120), line(one.get("title"), cap=300))
    for name in ("image", "banner_image"):
        if (address := words.web_address(item.get(name), base)) and address not in seen:
            seen.add(address)
            yield File(address, "", "")
