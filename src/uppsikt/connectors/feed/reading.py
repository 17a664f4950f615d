"""An entry as the records take it: one thing said, with its words, its times where they can be believed, its files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from uppsikt.connectors import words
from uppsikt.connectors.base import Captured, CapturedActor, CapturedAttachment, Direction, Kind
from uppsikt.connectors.feed import dates, keys
from uppsikt.connectors.feed.documents import Document, Entry

LONGEST_NAME: Final = 300
_REPLY_LINE = re.compile(
    r"\s*(?:<p>)?\s*[^<]{1,60}<a\s[^>]{0,40}href=\"([^\"<>]{1,2000}#comment-[0-9]{1,12})\"[^>]{0,200}>[^<]{0,300}</a>\s*\."
    r"\s*(?:</p>)?\s*"
)


@dataclass(frozen=True, slots=True)
class Whose:
    """What one feed is to us: posts, or comments on posts.

    `author` is whose the posts are that do not say. `own_names` are the names that the authority comments by, made
    alike by `words.squash`. `posts` maps posts' pages (see `page_of`) to their keys; `under` is the one post whose
    comments these are, where that is known.
    """

    kind: Kind
    site: str
    author: str = ""
    own_names: frozenset[str] = frozenset()
    posts: Mapping[str, str] = field(default_factory=dict)
    post_keys: frozenset[str] = frozenset()
    under: str = ""


def captured(key: str, entry: Entry, document: Document, whose: Whose) -> Captured:
    """The reading of one entry."""
    remarks = set(entry.remarks)
    base = entry.link or entry.base or document.raw.url
    base = entry.base if entry.base != document.raw.url and entry.base else base
    if whose.kind is Kind.COMMENT:
        _take_off_reply_line(entry)
        remarks |= entry.remarks
    markup, said = words.clean(entry.html)
    plain, more = words.clean(entry.plain)
    remarks |= said | more
    page = words.read(markup, base) if markup else words.Page(plain.strip())
    times = {"published": entry.published, "edited": entry.edited}
    read = {name: dates.read(written, document.raw.fetched_at) for name, written in times.items()}
    remarks |= {f"{why}:{name}" if name == "edited" else why for name, (_, why) in read.items() if why}
    if not entry.published and read["edited"][0]:
        remarks.add("date_of_change")  # it was published then or before
    comment = whose.kind is Kind.COMMENT
    thread = _post_of(entry, whose) if comment else key
    published, edited = read["published"][0], read["edited"][0]
    files = _files(entry, page, comment=comment)
    return Captured(
        native_id=key,
        kind=whose.kind,
        direction=_direction(entry, whose),
        raw=document.raw,
        place=entry.place,
        text=page.text,
        author=_author(entry, whose),
        html=markup,
        # Comments have none of their own: what feeds call their title is made up, and differs between two feeds.
        title="" if comment else words.clean(entry.title)[0],
        address=entry.link or (files[0].address if files else ""),
        published_at=published or (edited if not entry.published else None),
        edited_at=edited if edited and published and edited != published else None,
        parent_id=(_parent(entry, whose) or thread) if comment else "",
        thread_id=thread or key,
        post_id=thread,
        attachments=files,
        missing=frozenset(_missing(entry, page)),
        remarks=tuple(sorted(remarks)),
        reading=_activity(key, entry, document),
    )


def _direction(entry: Entry, whose: Whose) -> Direction:
    own = whose.kind is not Kind.COMMENT or words.squash(entry.author) in whose.own_names
    return Direction.DRAWN_UP if own else Direction.RECEIVED


def _author(entry: Entry, whose: Whose) -> CapturedActor:
    name = words.clean(entry.author, cap=LONGEST_NAME)[0]
    if not name and whose.kind is not Kind.COMMENT:
        return CapturedActor("site", whose.author[:LONGEST_NAME])
    if not name:
        return CapturedActor("", "")
    return CapturedActor(f"name/{words.fingerprint(name)[:32]}", name, address=entry.author_address)


def _post_of(entry: Entry, whose: Whose) -> str:
    """The key of the post that a comment stands under."""
    if whose.under:
        return whose.under
    for address in (entry.replies_to_address, entry.link):
        if address and (key := whose.posts.get(page_of(address))):
            return key
    answered = keys.of(Kind.POST, Entry("", id=entry.replies_to)) if entry.replies_to else ""
    if answered in whose.post_keys:
        return answered
    page = (entry.link or entry.replies_to_address).partition("#")[0]
    return keys.of(Kind.POST, Entry("", link=page)) if page else ""


def page_of(address: str) -> str:
    """What stands for the page that an address leads to, whatever place on it."""
    return keys.short(keys.normal(address.partition("#")[0]))


def _take_off_reply_line(entry: Entry) -> None:
    """WordPress puts "In reply to NAME." before an answer in its feeds, in the site's language: nobody wrote it."""
    found = _REPLY_LINE.match(entry.html[:3000])
    address = words.unescape(found[1]) if found else ""
    if found and page_of(address) == page_of(entry.link):
        entry.replies_to_address = entry.replies_to_address or address
        entry.html = entry.html[found.end() :]
        entry.remarks.add("reply_line")


def _parent(entry: Entry, whose: Whose) -> str:
    """The comment that this one answers, or "" where it answers the post or nobody knows."""
    own, above = (one.partition("#")[2] for one in (entry.link, entry.replies_to_address))
    if not entry.replies_to and own and above and entry.id.endswith(f"#{own}"):
        return keys.of(Kind.COMMENT, Entry("", id=entry.id.removesuffix(own) + above))
    if not entry.replies_to:
        return ""
    as_post = keys.of(Kind.POST, Entry("", id=entry.replies_to))
    if as_post == whose.under or as_post in whose.post_keys:
        return ""
    told = f"{entry.replies_to} {entry.replies_to_address}".lower()
    return keys.of(Kind.COMMENT, Entry("", id=entry.replies_to)) if "comment" in told else ""


def _files(entry: Entry, page: words.Page, *, comment: bool) -> tuple[CapturedAttachment, ...]:
    """What the entry carries, and what its text shows. A comment's pictures are links, as its words are."""
    found: dict[str, CapturedAttachment] = {}
    for one in entry.files:
        name = one.name or one.address.rpartition("/")[2].partition("?")[0]
        found[one.address] = CapturedAttachment(one.address, one.media_type, name[:LONGEST_NAME], one.alt)
    for file in page.files if not comment else ():
        if file.tag != "a":
            name = file.address.rpartition("/")[2].partition("?")[0]
            found.setdefault(file.address, CapturedAttachment(file.address, "", name[:LONGEST_NAME], file.alt))
    return tuple(found.values())[: words.MOST_FILES]


def _missing(entry: Entry, page: words.Page) -> set[str]:
    told = {"id": entry.id, "link": entry.link, "text": page.text, "author": entry.author, "published": entry.published}
    return {name for name, value in told.items() if not value}


def _activity(key: str, entry: Entry, document: Document) -> dict[str, Any]:
    """The reading as ActivityStreams names things, and what only the feed knows."""
    kinds = {one.media_type.partition("/")[0] for one in entry.files}
    kind = "Video" if "video" in kinds else "Audio" if "audio" in kinds else "Note" if not entry.title else "Article"
    written = {"published": entry.published, "updated": entry.edited}
    told = {
        "url": entry.link,
        "feed": document.kind,
        "written": {name: value for name, value in written.items() if value},
        "titled": entry.title,
        "comments": {"feed": entry.comments_feed} if entry.comments_feed else {},
        **entry.more,
    }
    return {"type": kind, "id": key} | {name: value for name, value in told.items() if value}
