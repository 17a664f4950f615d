"""Looking again at what we hold: in its feed while it stands there, then at its own address."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from uppsikt import net
from uppsikt.connectors import answers
from uppsikt.connectors.base import Captured, Found, Kind, Known, Quota, Refetched, Trouble
from uppsikt.connectors.feed import keys, pages
from uppsikt.connectors.feed.asking import Asker
from uppsikt.connectors.feed.documents import Entry
from uppsikt.connectors.feed.pages import Said
from uppsikt.connectors.feed.reading import page_of

log = logging.getLogger(__name__)

# A page may be as large as we take: few are held at a time, since the comments of a post are looked at in a row.
MOST_KEPT: Final = 8


@dataclass(slots=True)
class Window:
    """What a feed shows now.

    `unchanged` are the keys that stand in it as at the last reading, where that is all that is known of them; `items`
    are the readings, `entries` what the feed wrote; `addresses` lead to the one entry that has each, `pages` to the
    last that stands on each.
    """

    unchanged: frozenset[str] = frozenset()
    items: dict[str, Captured] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, keyed: Sequence[tuple[str, Entry]], items: Sequence[Captured]) -> Window:
        """The window that one reading shows."""
        links = Counter(keys.normal(entry.link) for _, entry in keyed if entry.link)
        alone = {keys.normal(entry.link): key for key, entry in keyed if links[keys.normal(entry.link)] == 1}
        at = {page_of(entry.link): key for key, entry in keyed if entry.link}
        return cls(frozenset(), {item.native_id: item for item in items}, dict(keyed), alone, at)

    @classmethod
    def remembered(cls, memory: keys.Memory) -> Window:
        """The window of a feed that has nothing new."""
        return cls(frozenset(memory.shown))

    def find(self, one: Known) -> Captured | None:
        """The entry by its key, else by its address where no other has it."""
        if item := self.items.get(one.native_id):
            return item
        other = self.addresses.get(keys.normal(one.address)) if one.address else None
        return replace(self.items[other], native_id=one.native_id) if other else None


Talk = Callable[[str, Entry], Window | None]


class Looker:
    """Looks again, in one go, at some of what we hold; pages and talks are asked for once."""

    def __init__(self, asker: Asker, site: str, windows: Mapping[Kind, Window], talk: Talk) -> None:
        self._asker, self._site, self._windows, self._talk = asker, site, windows, talk
        self._pages: dict[tuple[str, str], net.Response | None] = {}
        self._talks: dict[str, Window | None] = {}

    def look(self, known: Sequence[Known], is_well: Callable[[], bool]) -> Iterator[Refetched]:
        """What can be said of each; what seems gone comes last, and only when the site is well after all that."""
        gone: list[Refetched] = []
        for one in known:
            try:
                told = self._one(one)
            except Quota:
                raise
            except Trouble as trouble:
                log.info("feed: %s not looked at: %s", one.native_id, trouble.code)
                continue
            if told is not None and told.found is Found.GONE:
                gone.append(told)
            elif told is not None:
                yield told
        if gone and is_well():
            yield from gone

    def _one(self, one: Known) -> Refetched | None:
        name = one.native_id.partition("/")[0]
        window = self._windows.get(Kind.COMMENT if name == Kind.COMMENT else Kind.POST, Window())
        if item := window.find(one):
            return _compared(one, item)
        if one.native_id in window.unchanged:
            return Refetched(one.native_id, Found.SAME)
        if not one.address:
            return None
        return self._comment(one) if name == Kind.COMMENT else self._page_of(one)

    def _page_of(self, one: Known) -> Refetched | None:
        """What an entry's own address says."""
        response = self._get(one.address, one.etag)
        if response is None:  # larger than we take, and so there
            return Refetched(one.native_id, Found.SAME)
        said = pages.judge(response, self._site)
        if said is Said.NOTHING:
            return None
        found = {Said.THERE: Found.SAME, Said.GONE: Found.GONE, Said.CLOSED: Found.HIDDEN}[said]
        etag = response.headers.get("etag", "")[:200] if said is Said.THERE else ""
        return Refetched(one.native_id, found, raw=answers.keep(response), etag=etag or one.etag)

    def _comment(self, one: Known) -> Refetched | None:
        """A comment: in its post's own feed of comments, else on its post's page."""
        page, _, anchor = one.address.partition("#")
        posts = self._windows.get(Kind.POST, Window())
        key = posts.pages.get(page_of(page))
        post = posts.entries.get(key) if key else None
        talk = self._talk_of(key, post) if key and post and post.comments_feed else None
        if talk and (item := talk.find(one)):
            return _compared(one, item)
        if not anchor:
            return self._page_of(one)
        told = self._page_of(replace(one, address=page, etag=""))
        if told is None or told.found is not Found.SAME:
            return told
        response = self._pages.get((page, ""))
        if response is not None and pages.holds(response, anchor):
            return Refetched(one.native_id, Found.SAME)
        everything = talk is not None and post is not None and post.count is not None and len(talk.items) >= post.count
        raw = answers.keep(response) if response is not None else None
        return Refetched(one.native_id, Found.GONE, raw=raw) if everything else None

    def _talk_of(self, key: str, post: Entry) -> Window | None:
        if key not in self._talks:
            self._talks[key] = self._talk(key, post)
        return self._talks[key]

    def _get(self, address: str, etag: str) -> net.Response | None:
        """The answer at an address; None where it is larger than we take. Raises Trouble."""
        asked = (address, etag)
        if asked not in self._pages:
            while len(self._pages) >= MOST_KEPT:
                del self._pages[next(iter(self._pages))]
            self._pages[asked] = self._fetch(address, etag)
        return self._pages[asked]

    def _fetch(self, address: str, etag: str) -> net.Response | None:
        method = "HEAD" if pages.is_file(address) else "GET"
        try:
            response = self._asker.get(address, {"if-none-match": etag} if etag else {}, method)
        except Trouble as trouble:
            if trouble.code == "too_large":
                return None
            raise
        if told := answers.by_status(response):
            raise told
        return response


def _compared(one: Known, item: Captured) -> Refetched:
    same = item.fingerprint == one.fingerprint
    return Refetched(one.native_id, Found.SAME if same else Found.CHANGED, item, item.raw)
