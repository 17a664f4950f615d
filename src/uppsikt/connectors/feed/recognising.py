"""From an address to a site's feeds: its own, those that its page names, or those that lie where feeds usually do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from uppsikt import net
from uppsikt.connectors import answers, words
from uppsikt.connectors.base import Need, Permanent, Recognition, Trouble
from uppsikt.connectors.feed import keys, parsing
from uppsikt.connectors.feed.asking import Asker, raise_for
from uppsikt.connectors.feed.documents import Document

# Asked in this order where a page names none: few, since each is a request to a site that may have no feed at all.
USUAL: Final = ("feed/", "rss.xml", "feed.xml", "atom.xml", "feed.json", "rss")
MOST_OFFERED: Final = 8
_TYPES: Final = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "text/xml",
        "application/xml",
    }
)
_TAG = re.compile(r"<(link|a)\b([^>]{1,3000})>", re.IGNORECASE)
_NAMED = re.compile(r"""([a-zA-Z-]{2,20})\s{0,5}=\s{0,5}(?:"([^"]{0,2000})"|'([^']{0,2000})'|([^\s"'>]{1,2000}))""")
_LIKE_A_FEED = re.compile(
    r"(?:/|\b)(?:rss|atom|feeds?)(?:[./?]|$)|\.(?:rss|atom|rdf)$|feed\.json$|[?&]feed=", re.IGNORECASE
)
_COMMENTS = re.compile(r"comments?/feed|kommentar|comments?[./_-]|/comments?\b|comments?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offered:
    """A feed that a page names."""

    address: str
    name: str = ""

    @property
    def of_comments(self) -> bool:
        """Whether it seems to hold comments rather than posts."""
        parts = urlsplit(self.address)
        return bool(_COMMENTS.search(self.name) or _COMMENTS.search(f"{parts.path}?{parts.query}"))


def recognise(address: str, client: net.Client) -> Recognition | None:
    """The feeds at an address: the address's own, or those of the page there. None where there are none.

    Where a page names several, the first is taken, as browsers do, and the others are told ("others"). Raises Trouble
    where the site cannot be reached, or its own feed cannot be read.
    """
    asker = Asker(client)
    response = _first(address.strip(), asker)
    if trouble := answers.by_status(response):
        raise trouble
    raw = answers.keep(response)
    if parsing.is_page(raw):
        return _from_page(response, asker)
    if response.status >= HTTPStatus.MULTIPLE_CHOICES:
        return None
    try:
        document = parsing.read(raw)
    except Permanent as told:
        if told.code == "not_feed":
            return None
        raise
    return _from_feed(document, response, asker)


def _first(address: str, asker: Asker) -> net.Response:
    for scheme in [""] if "://" in address else ["https://", "http://"]:
        try:
            return asker.get(scheme + address)
        except Trouble as trouble:
            if scheme != "https://" or trouble.code not in ("site_down", "certificate", "timeout"):
                raise
    raise Permanent("bad_address")


def _from_feed(document: Document, response: net.Response, asker: Asker) -> Recognition:
    """The address is a feed: the page that it belongs to may name the feed of comments beside it."""
    own = _own_address(response)
    beside = list(_named(_page(document.home, asker))) if document.home else []
    comments = next((one.address for one in beside if one.of_comments), "")
    posts = own
    if Offered(own, document.title).of_comments:
        posts, comments = next((one.address for one in beside if not one.of_comments), ""), own
        if posts:
            document, _ = _read(posts, asker) or (document, None)
    return _told(document, posts, comments, asker, ())


def _own_address(response: net.Response) -> str:
    """The address to read from now on: where it has moved for good, else the one that was asked for."""
    return response.url if response.moved or not response.redirects else response.asked


def _from_page(response: net.Response, asker: Asker) -> Recognition | None:
    offered = list(_named(response))
    wanted = [one for one in offered if not one.of_comments]
    for one in wanted[:3]:
        if found := _read(one.address, asker):
            document, answered = found
            posts = _own_address(answered)
            comments = next((each.address for each in offered if each.of_comments), "")
            others = tuple(each for each in wanted if each is not one)
            return _told(document, posts, comments, asker, others)
    if response.status != HTTPStatus.OK:
        return None
    for address in _guesses(response.url):
        if found := _read(address, asker):
            return _from_feed(found[0], found[1], asker)
    return None


def _guesses(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    folder = parts.path.rpartition("/")[0] + "/" if parts.path else "/"
    for path in USUAL:
        yield f"{parts.scheme}://{parts.netloc}{folder}{path}"


def _page(address: str, asker: Asker) -> net.Response | None:
    try:
        response = asker.get(address)
    except Trouble:
        return None
    return response if response.status == HTTPStatus.OK else None


def _read(address: str, asker: Asker) -> tuple[Document, net.Response] | None:
    """The feed at an address that is only guessed or named, or None."""
    try:
        response = asker.get(address)
        raise_for(response)
        return parsing.read(answers.keep(response)), response
    except Trouble:
        return None


def _named(response: net.Response | None) -> Iterator[Offered]:
    """The feeds that a page names: in its head first, then as links in its text, each once."""
    if response is None:
        return
    text = response.body[:1_000_000].decode("utf-8", "replace")
    links: list[Offered] = []
    seen: set[str] = set()
    for tag, written in _TAG.findall(text):
        told = {name.lower(): words.unescape(a or b or c) for name, a, b, c in _NAMED.findall(written)}
        address = words.web_address(told.get("href", ""), response.url)
        if not address or address in seen:
            continue
        kind = told.get("type", "").lower().partition(";")[0].strip()
        if tag.lower() == "link":
            if "alternate" not in told.get("rel", "").lower().split() or kind not in _TYPES:
                continue
            seen.add(address)
            yield Offered(address, answers.shown(told.get("title", "")))
        elif kind in _TYPES or _LIKE_A_FEED.search(urlsplit(address).path + "?" + urlsplit(address).query):
            links.append(Offered(address, answers.shown(told.get("title", ""))))
    for one in links[:MOST_OFFERED]:
        if one.address not in seen:
            seen.add(one.address)
            yield one


def _told(document: Document, posts: str, comments: str, asker: Asker, others: tuple[Offered, ...]) -> Recognition:
    """What was found, in the form in which the connector wants it."""
    if comments and keys.normal(comments) == keys.normal(posts):
        comments = ""
    talk = _read(comments, asker) if comments else None
    site = document.home or _front(posts or comments)
    name = document.title or urlsplit(site).hostname or ""
    found = {
        "feed": {"atom": "Atom", "json": "JSON Feed"}.get(document.kind, "RSS"),
        "entries": str(len(document.entries)),
    }
    if talk:
        found["feed_comments"] = str(len(talk[0].entries))
    return Recognition(
        network="feed",
        name=name,
        address=posts or comments,
        settings={
            "feed": posts,
            "comments": comments if talk else "",
            "site": site,
            "name": document.author or name,
        },
        needs=(Need("own_name", optional=True),) if talk or _has_talks(document) else (),
        found=found,
        others=tuple((one.name or urlsplit(one.address).path, one.address) for one in others[:MOST_OFFERED]),
    )


def _has_talks(document: Document) -> bool:
    return any(entry.comments_feed for entry in document.entries)


def _front(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/"
