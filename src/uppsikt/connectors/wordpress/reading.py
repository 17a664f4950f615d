"""One post or comment as WordPress shows it, read with care: a field may be missing, wrong or hostile."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from uppsikt.connectors import words
from uppsikt.connectors.base import (
    Can,
    Captured,
    CapturedActor,
    CapturedAttachment,
    Direction,
    Kind,
    RawResponse,
    Visibility,
)
from uppsikt.connectors.wordpress.api import number

_COMMENT_SHOWN: Final = {
    "approved": Visibility.VISIBLE,
    "hold": Visibility.HELD,
    "spam": Visibility.HIDDEN,
    "trash": Visibility.GONE,
    "post-trashed": Visibility.GONE,  # its post lies in the bin
}
_AVATAR = re.compile(r"/avatar/([0-9a-f]{32,64})")


@dataclass(frozen=True, slots=True)
class Me:
    """Whom our credentials make us: number 0 is nobody."""

    id: int = 0
    name: str = ""
    capabilities: frozenset[str] = frozenset()

    @property
    def moderates(self) -> bool:
        """May see and settle every comment."""
        return "moderate_comments" in self.capabilities

    def may_take_away(self, kind: Kind, author: int) -> bool:
        """May make a published post or page of that author's a draft, and put it in the bin."""
        own = f"{kind.value}s"
        asked = {f"edit_published_{own}", f"delete_published_{own}"}
        if author != self.id:
            asked |= {f"edit_others_{own}", f"delete_others_{own}"}
        return self.id != 0 and asked <= self.capabilities


@dataclass(slots=True)
class Source:
    """What one reading rests on: the answer, the site's address, and who we are there."""

    raw: RawResponse
    site: str
    me: Me
    remarks: frozenset[str] = frozenset()


@dataclass(slots=True)
class Family:
    """Which comment stands under which, as far as known, and which users write for the site.

    `parents` maps a comment's number to its parent's, 0 for none, and None where the site
    does not show us the comment.
    """

    parents: dict[int, int | None] = field(default_factory=dict)
    staff: set[int] = field(default_factory=set)
    asked_users: set[int] = field(default_factory=set)

    def root(self, own: int) -> tuple[int, bool]:
        """The comment that began the talk, and whether the whole way up to it could be seen."""
        seen: set[int] = set()
        while own not in seen:
            seen.add(own)
            parent = self.parents.get(own)
            if not parent:
                return own, parent == 0
            own = parent
        return min(seen), False

    def unknown(self) -> list[int]:
        """Parents that nobody has asked for yet."""
        return sorted({parent for parent in self.parents.values() if parent and parent not in self.parents})


class Fields:
    """Reads fields of an item, noting what was missing or odd instead of stumbling over it."""

    def __init__(self, item: Mapping[str, Any], source: Source) -> None:
        self.item, self.source = item, source
        self.missing: set[str] = set()
        self.remarks: set[str] = set(source.remarks)

    def text(self, name: str, *, cap: int = words.LONGEST, form: str = "rendered") -> str:
        """A text, bare or as {"rendered": …}."""
        value = self.item.get(name)
        if isinstance(value, Mapping):
            value = value.get(form)
        if not isinstance(value, str):
            if form == "rendered":
                self.missing.add(name)
            return ""
        cleaned, remarks = words.clean(value, cap=cap)
        self.remarks |= remarks
        return cleaned

    def plain(self, name: str) -> str:
        """A short text without markup."""
        return re.sub(r"\s+", " ", words.read(self.text(name, cap=10_000)).text)[:1000]

    def time(self, name: str) -> datetime | None:
        """A time that WordPress writes as UTC without saying so. None for what is no time."""
        value = self.item.get(name)
        try:
            at = datetime.fromisoformat(value if isinstance(value, str) else "").replace(tzinfo=UTC)
        except ValueError:
            at = None
        if at is None or not 1970 < at.year < 9000:  # noqa: PLR2004 - outside, no clock was ever set
            self.missing.add(name)
            return None
        if at > self.source.raw.fetched_at + timedelta(days=1):
            self.remarks.add("clock_ahead")
        return at

    def address(self, name: str) -> str:
        """A web address, or ""."""
        return words.web_address(self.item.get(name), self.source.site)

    def embedded(self, name: str) -> Mapping[str, Any]:
        """The first of what was sent along under a name, or nothing."""
        sent = self.item.get("_embedded")
        first = sent.get(name) if isinstance(sent, Mapping) else None
        one = first[0] if isinstance(first, list) and first else None
        return one if isinstance(one, Mapping) and "code" not in one else {}


def _number_of(item: Any) -> int:
    if not isinstance(item, Mapping):
        raise ValueError("no_object")  # noqa: TRY004 - the answer is at fault, not our code
    if not (own := number(item.get("id"))):
        raise ValueError("no_id")
    return own


def read_post(kind: Kind, place: str, item: Any, source: Source) -> Captured:
    """Read a post or a page. Raises ValueError where it is none or has no number."""
    own = _number_of(item)
    fields, me = Fields(item, source), source.me
    native_id = f"{kind.value}/{own}"
    page = words.read(markup := fields.text("content"), source.site)
    content = item.get("content")
    if isinstance(content, Mapping) and content.get("protected") is True:
        fields.remarks.add("password_protected")
    status = item.get("status", "publish")
    shown = Visibility.VISIBLE if status == "publish" else Visibility.HIDDEN
    if status == "trash":
        shown = Visibility.GONE
        fields.remarks.add("trashed")
    elif status != "publish":
        fields.remarks.add("unpublished")
    published, edited = fields.time("date_gmt"), fields.time("modified_gmt")
    author, address = number(item.get("author")), fields.address("link")
    name = words.clean(str(fields.embedded("author").get("name") or ""), cap=300)[0]
    can = {Can.REPLY} if me.id and item.get("comment_status") == "open" else set()
    if me.may_take_away(kind, author):
        can |= {Can.HIDE, Can.REMOVE}
    return Captured(
        native_id=native_id,
        kind=kind,
        direction=Direction.DRAWN_UP,
        raw=source.raw,
        place=place,
        text=page.text,
        author=CapturedActor(f"user/{author}" if author else "site", name),
        html=markup,
        title=fields.plain("title"),
        address=address,
        published_at=published,
        edited_at=edited if edited != published else None,
        thread_id=native_id,
        post_id=native_id,
        visibility=shown,
        attachments=_files(fields, page),
        can=frozenset(can),
        missing=frozenset(fields.missing),
        remarks=tuple(sorted(fields.remarks)),
        reading=_activity("Article", native_id, address, published, edited),
    )


def _files(fields: Fields, page: words.Page) -> tuple[CapturedAttachment, ...]:
    """The chosen picture, what the text shows, and what it links to among the site's own uploads."""
    found: dict[str, CapturedAttachment] = {}
    picture = fields.embedded("wp:featuredmedia")
    if address := words.web_address(picture.get("source_url"), fields.source.site):
        kind, alt = (words.clean(str(picture.get(name) or ""), cap=2000)[0] for name in ("mime_type", "alt_text"))
        found[address] = CapturedAttachment(address, kind[:120], address.rpartition("/")[2][:300], alt)
    for file in page.files:
        if file.tag != "a" or "/wp-content/uploads/" in file.address:
            name = file.address.rpartition("/")[2][:300]
            found.setdefault(file.address, CapturedAttachment(file.address, "", name, file.alt))
    return tuple(found.values())


def read_comment(place: str, item: Any, source: Source, family: Family) -> Captured:
    """Read a comment. Raises ValueError where it is none or has no number."""
    own = _number_of(item)
    fields, me = Fields(item, source), source.me
    text = words.read(markup := fields.text("content"), source.site).text
    author, parent = number(item.get("author")), number(item.get("parent"))
    status = str(item.get("status") or ("approved" if not me.moderates else ""))
    if (shown := _COMMENT_SHOWN.get(status)) is None:
        fields.missing.add("status")
    if shown is Visibility.GONE or status == "spam":
        fields.remarks.add("spam" if status == "spam" else "trashed")
    ours = author != 0 and (author == me.id or author in family.staff)
    if author and not ours:
        fields.remarks.add("site_user")
    root, whole = family.root(own)
    if not whole:
        fields.remarks.add("parent_unseen")
    post_id, published = _said_under(item), fields.time("date_gmt")
    parent_id, address = f"comment/{parent}" if parent else post_id, fields.address("link")
    can = {Can.REPLY} if me.id else set()
    raw_words = fields.text("content", form="raw")
    return Captured(
        native_id=f"comment/{own}",
        kind=Kind.COMMENT,
        direction=Direction.DRAWN_UP if ours else Direction.RECEIVED,
        raw=source.raw,
        place=place,
        text=text,
        author=_author(author, fields),
        html=markup,
        address=address,
        published_at=published,
        parent_id=parent_id,
        thread_id=f"comment/{root}",
        post_id=post_id,
        visibility=shown or Visibility.HIDDEN,
        can=frozenset(can | ({Can.APPROVE, Can.HIDE, Can.REMOVE} if me.moderates else set())),
        missing=frozenset(fields.missing),
        remarks=tuple(sorted(fields.remarks)),
        reading=_activity("Note", f"comment/{own}", address, published, None)
        | ({"inReplyTo": parent_id} if parent_id else {})
        | ({"source": {"content": raw_words, "mediaType": "text/html"}} if raw_words else {}),
    )


def _said_under(item: Mapping[str, Any]) -> str:
    """The post, page or other thing that a comment stands under."""
    own, kind, links = number(item.get("post")), "post", item.get("_links")
    up = links.get("up") if isinstance(links, Mapping) else None
    if isinstance(up, list) and up and isinstance(up[0], Mapping) and isinstance(up[0].get("post_type"), str):
        kind = re.sub(r"[^a-z0-9_-]", "", up[0]["post_type"].lower())[:20] or "post"
    return f"{kind}/{own}" if own else ""


def _author(author: int, fields: Fields) -> CapturedActor:
    """Who wrote: a user by number; a guest by what the site shows of his address, else by name."""
    name = fields.plain("author_name")
    if author:
        return CapturedActor(f"user/{author}", name, address=fields.address("author_url"))
    pictures = fields.item.get("author_avatar_urls")
    drawn = _AVATAR.search(str(pictures)[:4000]) if isinstance(pictures, Mapping) else None
    known_by = drawn.group(1) if drawn else words.fingerprint(name)
    return CapturedActor(f"guest/{known_by[:32]}", name, address=fields.address("author_url"))


def _activity(
    kind: str, native_id: str, address: str, published: datetime | None, edited: datetime | None
) -> dict[str, Any]:
    told = {"url": address, "published": published and published.isoformat(), "updated": edited and edited.isoformat()}
    return {"type": kind, "id": native_id} | {name: value for name, value in told.items() if value}
