"""One site's feeds as a channel: what is new, what was there before, and what has become of what we hold."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from uppsikt import net
from uppsikt.connectors import words
from uppsikt.connectors.base import (
    JSON,
    Acted,
    BadItem,
    Batch,
    Captured,
    Deed,
    Kind,
    Known,
    Now,
    Permanent,
    Profile,
    Refetched,
    Sent,
    Trouble,
)
from uppsikt.connectors.feed import keys
from uppsikt.connectors.feed.asking import Asker, Feed
from uppsikt.connectors.feed.documents import Document, Entry
from uppsikt.connectors.feed.looking import Looker, Window
from uppsikt.connectors.feed.reading import Whose, captured
from uppsikt.connectors.feed.state import State

log = logging.getLogger(__name__)

BITE: Final = 500
MOST_PAGES: Final = 2000
MOST_TALKS: Final = 50
# Posts whose feed says nothing of how many comments they have: of so many of the newest, the comments are asked for.
NEWEST: Final = 10
# What ends a list of older pages, rather than standing in the way for a while.
_ENDS: Final = frozenset(
    {"not_found", "rejected", "not_feed", "broken_feed", "login_wall", "too_large", "unsafe_redirect"}
)

Keyed = list[tuple[str, Entry]]


@dataclass(slots=True)
class Page:
    """One page of a feed, with its entries' keys and readings."""

    document: Document
    keyed: Keyed
    items: list[Captured] = field(default_factory=list)


class FeedReader:
    """Settings: `feed`, the address of the posts' feed, and `comments`, of the comments', either may be ""; `site`,
    the site's address; `name`, whose the posts are. Secret `own_name`: the names, parted by commas, by which the
    authority comments there; what they say is drawn up, not received. Nothing can be answered over a feed.
    """

    network: ClassVar[str] = "feed"
    takers: ClassVar[frozenset[str]] = frozenset({"author", "us"})

    def __init__(self, client: net.Client, settings: JSON, secrets: Mapping[str, str], now: Now) -> None:
        self._asker, self._now = Asker(client), now
        self._addresses = {
            Kind.POST: str(settings.get("feed") or ""),
            Kind.COMMENT: str(settings.get("comments") or ""),
        }
        self._site, self._name = str(settings.get("site") or ""), str(settings.get("name") or "")
        names = str(secrets.get("own_name") or settings.get("own_name") or "").split(",")
        self._own = frozenset(squashed for name in names if (squashed := words.squash(name)))
        self._state: State | None = None
        self._windows: dict[Kind, Window] = {}

    def check(self) -> Profile:
        """Read the feed, and what it says of itself. Raises Trouble."""
        address = self._addresses[Kind.POST] or self._addresses[Kind.COMMENT]
        document, _ = self._asker.feed(address)
        if document is None:
            raise Permanent("wrong_shape", where="feed")
        return Profile(
            name=document.title or self._name,
            address=document.home or self._site or address,
            description=document.description,
            picture=document.picture,
            raw=document.raw,
        )

    def follows(self) -> None:
        """A feed does not tell, and what stands behind it follows nobody."""

    # -- what is new ----------------------------------------------------------

    def pull(self, cursor: JSON) -> Iterator[Batch]:
        """Entries that the feeds show now, their older pages the first time or after a gap, and comments on them.

        A feed that cannot be read keeps nobody from the other; its trouble is raised at the end.
        """
        self._state = state = State.of(cursor, self._addresses)
        trouble: Trouble | None = None
        for kind, feed in state.feeds.items():
            try:
                yield from self._pull(kind, feed, state)
            except Trouble as told:
                trouble = trouble or told
        if trouble:
            raise trouble

    def _pull(self, kind: Kind, feed: Feed, state: State) -> Iterator[Batch]:
        now = self._now()
        if feed.resting(now):
            self._windows[kind] = Window.remembered(feed.memory)
        else:
            yield from self._newest(kind, feed, state, now)
        for _ in range(MOST_PAGES):
            if not feed.older:
                break
            yield from self._older(kind, feed, state)

    def _newest(self, kind: Kind, feed: Feed, state: State, now: datetime) -> Iterator[Batch]:
        """The feed's first page, if anything in it is new."""
        before = state.kept()
        document = self._read(feed, now)
        feed.rest(now)
        if document is None:
            self._windows[kind] = Window.remembered(feed.memory)
            yield Batch((), state.kept())
            return
        feed.wish = document.rest
        feed.rest(now)
        known = [row[0] for row in feed.memory.rows]
        page = self._page(kind, document, feed.memory.assign(kind, document.entries), state)
        self._windows[kind] = Window.of(page.keyed, page.items)
        gap = bool(known and page.keyed and not feed.memory.keys & {key for key, _ in page.keyed})
        feed.memory.remember(page.keyed)
        if gap or (feed.history and not feed.older):
            feed.seen, feed.until = [keys.short(feed.address)], [keys.short(key) for key in known[:BITE]] if gap else []
            feed.older = self._following(kind, document, feed)
            feed.history = bool(feed.older)
        yield from _batches(page, before, state.kept())
        yield from self._talks(page, state)

    def _read(self, feed: Feed, now: datetime) -> Document | None:
        """The feed, or None where it has nothing new. Raises Trouble."""
        conditions = feed.conditions(now)
        try:
            document, response = self._asker.feed(feed.moved or feed.address, conditions)
        except Trouble:
            feed.moved = ""  # the next time at the address that we were given
            raise
        if document is not None:
            feed.answered(document.raw, now)
            if response.moved and response.url != feed.address:
                log.info("feed %s has moved for good to %s", net.public_url(feed.address), net.public_url(response.url))
                feed.moved = response.url
        return document

    def _older(self, kind: Kind, feed: Feed, state: State) -> Iterator[Batch]:
        """One older page; where the list ends, runs in a ring or meets what we hold, there is no further one."""
        before, address = state.kept(), feed.older
        feed.older = ""
        try:
            document, _ = self._asker.feed(address)
        except Trouble as trouble:
            if trouble.code not in _ENDS:
                raise
            document = None
        if document is None:
            feed.history = False
            yield Batch((), state.kept())
            return
        page = self._page(kind, document, feed.memory.assign(kind, document.entries, newest=False), state)
        here = [keys.short(key) for key, _ in page.keyed]
        same = "keys:" + keys.short("".join(here))
        if here and same not in feed.seen and not set(here) & set(feed.until) and len(feed.seen) < 2 * MOST_PAGES:
            feed.seen += [keys.short(address), same]
            feed.older = self._following(kind, document, feed)
        feed.history = bool(feed.older)
        yield from _batches(page, before, state.kept())
        yield from self._talks(page, state)

    def _following(self, kind: Kind, document: Document, feed: Feed) -> str:
        """The address of the page after this one, or "" where there is none or it has been read."""
        address = document.following
        if not address and document.by_wordpress and kind is Kind.POST:
            address = _numbered(feed.moved or feed.address, len(feed.seen) // 2 + 2)
        return "" if keys.short(address) in feed.seen or len(address) > words.LONGEST_ADDRESS else address

    def _page(self, kind: Kind, document: Document, keyed: Keyed, state: State, under: str = "") -> Page:
        if kind is Kind.POST:
            state.met(keyed)
        whose = Whose(kind, self._site, self._name, self._own, state.pages, frozenset(state.pages.values()), under)
        return Page(document, keyed, [captured(key, entry, document, whose) for key, entry in keyed])

    def _talks(self, page: Page, state: State) -> Iterator[Batch]:
        """The comments of posts on a page, each from the post's own feed, where their number has changed."""
        read = 0
        for place, (key, entry) in enumerate(page.keyed):
            if not entry.comments_feed or not self._is_due(place, key, entry, state) or read == MOST_TALKS:
                continue
            read += 1
            try:
                document, _ = self._asker.feed(entry.comments_feed)
            except Permanent as trouble:
                log.info("feed: comments at %s not read: %s", net.public_url(entry.comments_feed), trouble.code)
                document = None
            if entry.count is not None:
                state.counted(key, entry.count)
            if document is not None:
                memory = state.feeds[Kind.COMMENT].memory if Kind.COMMENT in state.feeds else keys.Memory()
                keyed = memory.assign(Kind.COMMENT, document.entries, newest=False)
                talk = self._page(Kind.COMMENT, document, keyed, state, under=key)
                yield from _batches(talk, state.kept(), state.kept())

    def _is_due(self, place: int, key: str, entry: Entry, state: State) -> bool:
        if entry.count is None:
            return place < NEWEST and not self._addresses[Kind.COMMENT]
        return entry.count != state.counts.get(keys.short(key), 0)

    # -- what has become of it ------------------------------------------------

    def refetch(self, known: Sequence[Known]) -> Iterator[Refetched]:
        """Ask again for entries we hold. Raises Trouble.

        What still stands in its feed is compared there. Of what has slid out, its own page tells: 404 and 410 are
        GONE, while the feed itself answers; 401 and 403 are HIDDEN; a page that is there is SAME, since its words
        are not those of the feed. Of a comment the post's own comments tell, where all are listed. What says
        nothing certain is left out.
        """
        for kind, address in self._addresses.items():
            if address and kind not in self._windows:
                self._windows[kind] = self._window(kind, address)
        looker = Looker(self._asker, self._site, self._windows, self._talk)
        yield from looker.look(known, self._is_well)

    def _window(self, kind: Kind, address: str) -> Window:
        """The feed as it is now. A comments' feed that cannot be read tells nothing. Raises Trouble for the posts'."""
        try:
            document, _ = self._asker.feed(address)
        except Trouble:
            if kind is Kind.COMMENT and self._addresses[Kind.POST]:
                return Window()
            raise
        if document is None:
            return Window()
        self._state = self._state or State.of({}, self._addresses)
        page = self._page(kind, document, keys.Memory().assign(kind, document.entries), self._state)
        return Window.of(page.keyed, page.items)

    def _talk(self, key: str, entry: Entry) -> Window | None:
        """The comments of one post, from its own feed; None where it cannot be read."""
        try:
            document, _ = self._asker.feed(entry.comments_feed)
        except Permanent:
            return None
        if document is None or document.bad or document.following:
            return None
        state = self._state or State.of({}, self._addresses)
        page = self._page(
            Kind.COMMENT, document, keys.Memory().assign(Kind.COMMENT, document.entries), state, under=key
        )
        return Window.of(page.keyed, page.items)

    def _is_well(self) -> bool:
        """Whether the site answers for its feed now: one that says 404 to everything tells nothing of one page."""
        address = self._addresses[Kind.POST] or self._addresses[Kind.COMMENT]
        try:
            self._asker.feed(address)
        except Trouble as trouble:
            log.info("feed: %s, so nothing is called gone", trouble.code)
            return False
        return True

    # -- answering ------------------------------------------------------------

    def reply(self, to: str, text: str, key: str) -> Sent:
        """Never: a feed is read. Raises Permanent("read_only")."""
        raise Permanent("read_only")

    def act(self, native_id: str, deed: Deed, key: str, facts: Mapping[str, str]) -> Acted:
        """Never: a feed is read. Raises Permanent("read_only")."""
        raise Permanent("read_only")

    def find_acted(self, native_id: str, deed: Deed, key: str, facts: Mapping[str, str]) -> Acted | None:
        """Nothing was done from here."""
        return None

    def find_sent(self, to: str, text: str, key: str, since: datetime) -> Sent | None:
        """An own comment with these words in the comments' feed, no older than `since`, or None. Raises Trouble."""
        if not self._addresses[Kind.COMMENT]:
            return None
        for one in self._window(Kind.COMMENT, self._addresses[Kind.COMMENT]).items.values():
            fresh = one.published_at is None or one.published_at >= since
            if fresh and one.direction == "drawn_up" and words.squash(one.text) == words.squash(text):
                return Sent(one.native_id, one.address, one)
        return None


def _batches(page: Page, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Batch]:
    """The page in bites; only the last carries the cursor that says that all is safe."""
    bad = tuple(BadItem(place, page.document.raw, why) for place, why in page.document.bad)
    for start in range(0, max(len(page.items), 1), BITE):
        last = start + BITE >= len(page.items)
        yield Batch(tuple(page.items[start : start + BITE]), after if last else before, None, bad if last else ())


def _numbered(address: str, number: int) -> str:
    """WordPress's older pages of a feed."""
    parts = urlsplit(address)
    asked = [(name, value) for name, value in parse_qsl(parts.query) if name != "paged"]
    return urlunsplit(parts._replace(query=urlencode([*asked, ("paged", str(number))]), fragment=""))
