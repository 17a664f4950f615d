"""A site with feeds, told from one model of truth: what is published, edited, deleted, and how many the feeds show.

Every format is written from the same entries. The site can be down, lie about what is new, send everybody to its
front page or move for good; and each entry has a page of its own.
"""

from __future__ import annotations

import html
import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape, quoteattr

from servers.hostile_server import Asked, HostileServer, plain

BEGUN = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)
FORMATS = ("rss2", "rss1", "rss091", "atom", "atom03", "json", "podcast", "video")
TYPES = {"json": "application/feed+json", "atom": "application/atom+xml", "atom03": "application/atom+xml"}


@dataclass
class Said:
    """A comment, in truth."""

    number: int
    name: str
    words: str
    at: datetime
    answers: int = 0


@dataclass
class Post:
    """An entry, in truth. `id` and `link` are what its feeds call it now."""

    number: int
    title: str
    words: str
    at: datetime
    id: str
    path: str
    edited: datetime | None = None
    comments: list[Said] = field(default_factory=list)
    twice: bool = False


@dataclass
class FeedServer:
    """The site. `window` is how many entries a feed shows; `pages` whether older ones lie behind a link.

    `trouble` is "" or one of "down" (503), "missing" (404 for all), "front" (every page of an entry leads to the front
    page), "soft" (missing pages say so with status 200), "login", "lies" (304 whatever is new), "moved" (301).
    """

    window: int = 10
    pages: bool = False
    counts: bool = True
    trouble: str = ""
    head: str = ""
    tracking: str = ""
    posts: list[Post] = field(default_factory=list)
    removed: set[int] = field(default_factory=set)
    changes: int = 0
    begun: datetime = BEGUN
    # What has been shown while somebody wanted to know it: entries with their words, and comments.
    watched: bool = False
    shown: set[tuple[int, str]] = field(default_factory=set)
    said: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._next = 1
        self._clock = self.begun
        self.server = HostileServer(fallback=self._answer)

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.__exit__(kind, error, trace)

    @property
    def host(self) -> str:
        """`host:port`."""
        return self.server.host

    @property
    def url(self) -> str:
        """The front page."""
        return self.server.url + "/"

    def feed(self, kind: str = "rss2") -> str:
        """The address of the posts' feed in a format."""
        return f"{self.url}{kind}"

    @property
    def comments(self) -> str:
        """The address of the feed of all comments."""
        return f"{self.url}comments/feed"

    def settings(self, kind: str = "rss2", *, comments: bool = False) -> dict[str, str]:
        """What a connector wants to know."""
        return {
            "feed": self.feed(kind),
            "comments": self.comments if comments else "",
            "site": self.url,
            "name": "Älvsta",
        }

    # -- what happens on the site ---------------------------------------------

    def publish(self, title: str = "", words: str = "") -> Post:
        """A new entry, the newest."""
        number = self._number()
        path = f"inlagg/{number}"
        made = Post(
            number, title or f"Inlägg {number}", words or f"<p>Text <b>{number}</b> & mer.</p>", self._tick(),
            f"{self.url}?p={number}", path,
        )  # fmt: skip
        self.posts.insert(0, made)
        return made

    def edit(self, post: Post, words: str) -> None:
        """Change an entry's words, where it stands."""
        post.words, post.edited = words, self._tick()

    def delete(self, post: Post) -> None:
        """Take an entry away for good."""
        self.posts.remove(post)
        self.removed.add(post.number)
        self.changes += 1

    def comment(self, post: Post, words: str, name: str = "Maria L.", answers: int = 0) -> Said:
        """Somebody says something under an entry."""
        made = Said(self._number(), name, words, self._tick(), answers)
        post.comments.insert(0, made)
        return made

    def uncomment(self, post: Post, said: Said) -> None:
        """Take a comment away."""
        post.comments.remove(said)
        self.changes += 1

    def _number(self) -> int:
        self._next += 1
        return self._next - 1

    def _tick(self) -> datetime:
        self.changes += 1
        self._clock += timedelta(minutes=7)
        return self._clock

    # -- what it answers --------------------------------------------------------

    def _answer(self, asked: Asked, connection: socket.socket) -> None:
        connection.sendall(self.answer(asked))

    def answer(self, asked: Asked) -> bytes:
        """The bytes for a request."""
        path, query = asked.path.strip("/"), parse_qs(urlsplit(asked.target).query)
        if self.trouble in WHOLE:
            return WHOLE[self.trouble]
        moved = path.removeprefix("ny/")
        if self.trouble == "moved" and moved == path:
            return plain("301 Moved Permanently", Location=f"/ny/{path}")
        if moved in FORMATS:
            return self._feed(moved, asked, int(query.get("page", ["1"])[0]))
        if moved == "comments/feed":
            return self._talk(self._all_comments()[: self.window], asked)
        if moved == "":
            return plain("200 OK", self.front().encode(), Content_Type="text/html; charset=utf-8")
        return self._page(moved, asked)

    def _feed(self, kind: str, asked: Asked, page: int) -> bytes:
        shown = self.posts[(page - 1) * self.window : page * self.window]
        older = f"{self.url}{kind}?page={page + 1}" if self.pages and len(self.posts) > page * self.window else ""
        answer = self._sent(WRITERS[kind](self, shown, older), TYPES.get(kind, "application/rss+xml"), asked)
        if self.watched and b" 200 OK" in answer[:20]:
            self.shown |= {(post.number, post.words) for post in shown}
        return answer

    def _talk(self, listed: list[tuple[Post, Said]], asked: Asked) -> bytes:
        answer = self._sent(self._comments(listed), "application/rss+xml", asked)
        if self.watched and b" 200 OK" in answer[:20]:
            self.said |= {one.number for _, one in listed}
        return answer

    def _sent(self, body: str, kind: str, asked: Asked) -> bytes:
        data = body.encode()
        etag = f'"{sha256(data).hexdigest()[:16]}"'
        asked_for = asked.headers.get("if-none-match", "")
        if asked_for and (asked_for == etag or self.trouble == "lies"):
            return plain("304 Not Modified", ETag=etag)
        return plain("200 OK", data, Content_Type=kind, ETag=etag)

    def _page(self, path: str, asked: Asked) -> bytes:
        talk = path.removesuffix("/feed")
        post = next((one for one in self.posts if one.path == talk), None)
        if post is not None and talk != path:
            return self._talk([(post, one) for one in post.comments], asked)
        if self.trouble == "front":
            return plain("302 Found", Location="/")
        if post is None:
            status = "200 OK" if self.trouble == "soft" else "404 Not Found"
            return plain(status, b"<title>Sidan hittades inte</title>", Content_Type="text/html")
        said = "".join(f'<li id="comment-{one.number}">{html.escape(one.words)}</li>' for one in post.comments)
        text = f"<!doctype html><title>{html.escape(post.title)}</title><article>{post.words}</article><ol>{said}</ol>"
        return plain("200 OK", text.encode(), Content_Type="text/html; charset=utf-8")

    def front(self) -> str:
        """The front page, which names its feeds as sites do."""
        return self.head or (
            "<!doctype html><html lang=sv><head><title>Älvsta</title>"
            '<link rel="alternate" type="application/rss+xml" title="Älvsta &raquo; Flöde" href="/rss2">'
            '<link rel="alternate" type="application/rss+xml" title="Älvsta &raquo; Kommentarsflöde" '
            'href="/comments/feed">'
            '<link rel="alternate" type="application/atom+xml" title="Atom" href="/atom">'
            "</head><body><p>Hej</body></html>"
        )

    def link(self, post: Post) -> str:
        """An entry's address as the feeds write it."""
        return f"{self.url}{post.path}{self.tracking}"

    def _all_comments(self) -> list[tuple[Post, Said]]:
        return sorted(
            ((post, said) for post in self.posts for said in post.comments), key=lambda one: one[1].at, reverse=True
        )

    def _comments(self, shown: list[tuple[Post, Said]]) -> str:
        items = "".join(
            f"<item><title>Kommentar till {escape(post.title)} av {escape(said.name)}</title>"
            f"<link>{escape(self.url + post.path)}#comment-{said.number}</link>"
            f"<dc:creator>{escape(said.name)}</dc:creator><pubDate>{format_datetime(said.at)}</pubDate>"
            f'<guid isPermaLink="false">{escape(self.url + post.path)}#comment-{said.number}</guid>'
            + (
                f'<thr:in-reply-to ref="{escape(self.url + post.path)}#comment-{said.answers}"/>'
                if said.answers
                else ""
            )
            + f"<description><![CDATA[<p>{said.words}</p>]]></description></item>"
            for post, said in shown
        )
        return f"{RSS}<channel><title>Kommentarer till Älvsta</title><link>{self.url}</link>{items}</channel></rss>"


# What stands in the place of every answer.
WHOLE = {
    "down": plain("503 Service Unavailable", b"<p>Strax tillbaka", Retry_After="30"),
    "missing": plain("404 Not Found", b"<title>404</title>"),
    "login": plain("200 OK", b"<title>Logga in</title><input type='password'>", Content_Type="text/html"),
}
RSS = (
    '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:wfw="http://wellformedweb.org/CommentAPI/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:thr="http://purl.org/syndication/thread/1.0" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:podcast="https://podcastindex.org/namespace/1.0">'
)


def each(posts: list[Post], write: Callable[[Post], str]) -> str:
    """All entries; one that is served twice stands there twice."""
    return "".join(write(post) * (2 if post.twice else 1) for post in posts)


def rss2(site: FeedServer, posts: list[Post], older: str) -> str:
    """RSS 2.0 as WordPress writes it."""

    def item(post: Post) -> str:
        talk = f"<slash:comments>{len(post.comments)}</slash:comments>" if site.counts else ""
        return (
            f"<item><title>{escape(post.title)}</title><link>{escape(site.link(post))}</link>"
            f"<dc:creator>Redaktionen</dc:creator><pubDate>{format_datetime(post.at)}</pubDate>"
            f'<guid isPermaLink="false">{escape(post.id)}</guid><description>Kort</description>'
            f"<content:encoded><![CDATA[{post.words}]]></content:encoded>"
            f"<wfw:commentRss>{escape(site.url + post.path)}/feed</wfw:commentRss>{talk}</item>"
        )

    following = f'<atom:link rel="next" href={quoteattr(older)}/>' if older else ""
    return f"{RSS}<channel><title>Älvsta</title><link>{site.url}</link>{following}{each(posts, item)}</channel></rss>"


def rss1(site: FeedServer, posts: list[Post], older: str) -> str:
    """RSS 1.0, in RDF."""

    def item(post: Post) -> str:
        return (
            f"<item rdf:about={quoteattr(post.id)}><title>{escape(post.title)}</title>"
            f"<link>{escape(site.link(post))}</link>"
            f"<dc:date>{post.at.isoformat()}</dc:date><content:encoded><![CDATA[{post.words}]]></content:encoded></item>"
        )

    following = f'<atom:link rel="next" href={quoteattr(older)}/>' if older else ""
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:atom="http://www.w3.org/2005/Atom"><channel rdf:about="{site.url}"><title>Älvsta</title>'
        f"<link>{site.url}</link>{following}</channel>{each(posts, item)}</rdf:RDF>"
    )


def rss091(site: FeedServer, posts: list[Post], older: str) -> str:
    """RSS 0.91: no ids and no dates, and a DOCTYPE that leads elsewhere."""

    def item(post: Post) -> str:
        return (
            f"<item><title>{escape(post.title)}</title><link>{escape(site.link(post))}</link>"
            f"<description>{escape(post.words)}</description></item>"
        )

    following = (
        f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="next" href={quoteattr(older)}/>' if older else ""
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        '"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>Älvsta</title>'
        f"<link>{site.url}</link>{following}{each(posts, item)}</channel></rss>"
    )


def atom(site: FeedServer, posts: list[Post], older: str) -> str:
    """Atom 1.0 with relative links and threading."""

    def entry(post: Post) -> str:
        replies = (
            f'<link rel="replies" type="application/rss+xml" href="{post.path}/feed" thr:count="{len(post.comments)}"/>'
        )
        return (
            f"<entry><id>{escape(post.id)}</id><title>{escape(post.title)}</title>"
            f'<link rel="alternate" href={quoteattr(post.path + site.tracking)}/>{replies}'
            f"<published>{post.at.isoformat()}</published><updated>{(post.edited or post.at).isoformat()}</updated>"
            f"<author><name>Redaktionen</name></author><content type='html'>{escape(post.words)}</content></entry>"
        )

    following = f'<link rel="next" href={quoteattr(older)}/>' if older else ""
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:thr="http://purl.org/syndication/thread/1.0" xml:base="/">'
        f"<title>Älvsta</title><id>{site.url}</id><link href='/'/>{following}{each(posts, entry)}</feed>"
    )


def atom03(site: FeedServer, posts: list[Post], older: str) -> str:
    """Atom 0.3."""

    def entry(post: Post) -> str:
        return (
            f"<entry><id>{escape(post.id)}</id><title>{escape(post.title)}</title>"
            f"<link rel='alternate' type='text/html' href={quoteattr(site.link(post))}/>"
            f"<issued>{post.at.isoformat()}</issued><modified>{(post.edited or post.at).isoformat()}</modified>"
            f"<content type='text/html' mode='escaped'>{escape(post.words)}</content></entry>"
        )

    following = f"<link rel='next' href={quoteattr(older)}/>" if older else ""
    return (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Älvsta</title>'
        f"<link rel='alternate' href='{site.url}'/>{following}{each(posts, entry)}</feed>"
    )


def json_feed(site: FeedServer, posts: list[Post], older: str) -> str:
    """JSON Feed 1.1."""
    items: list[dict[str, Any]] = [
        {
            "id": post.id, "url": site.link(post), "title": post.title, "content_html": post.words,
            "date_published": post.at.isoformat(), "date_modified": (post.edited or post.at).isoformat(),
            "authors": [{"name": "Redaktionen"}],
        }
        for post in posts for _ in range(2 if post.twice else 1)
    ]  # fmt: skip
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "Älvsta", "home_page_url": site.url, "items": items}
    return json.dumps(told | ({"next_url": older} if older else {}))


def podcast(site: FeedServer, posts: list[Post], older: str) -> str:
    """A podcast: sound, two places for answers, a transcript and chapters."""

    def item(post: Post) -> str:
        sound = f"{site.url}ljud/{post.number}.mp3"
        return (
            f"<item><title>{escape(post.title)}</title><link>{escape(site.link(post))}</link>"
            f'<guid isPermaLink="false">{escape(post.id)}</guid><pubDate>{format_datetime(post.at)}</pubDate>'
            f"<description><![CDATA[{post.words}]]></description><itunes:duration>12:30</itunes:duration>"
            f'<enclosure url="{sound}" length="1" type="audio/mpeg"/>'
            f'<podcast:socialInteract priority="1" protocol="activitypub" uri="https://social.example/@alvsta/{post.number}"/>'
            f'<podcast:socialInteract priority="2" protocol="atproto" uri="at://did:plc:x/app.bsky.feed.post/{post.number}"/>'
            f'<podcast:transcript url="/text/{post.number}.vtt" type="text/vtt"/>'
            f'<podcast:chapters url="/kapitel/{post.number}.json" type="application/json+chapters"/></item>'
        )

    following = f'<atom:link rel="next" href={quoteattr(older)}/>' if older else ""
    guid = "<podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>"
    head = f"<title>Älvsta pratar</title><link>{site.url}</link>{guid}{following}"
    return f"{RSS}<channel>{head}{each(posts, item)}</channel></rss>"


def video(site: FeedServer, posts: list[Post], older: str) -> str:
    """A video blog as YouTube writes it: Atom with Media RSS."""

    def entry(post: Post) -> str:
        film = f"{site.url}film/{post.number}"
        return (
            f"<entry><id>yt:video:{post.number}</id><yt:videoId>{post.number}</yt:videoId><title>{escape(post.title)}</title>"
            f"<link rel='alternate' href={quoteattr(site.link(post))}/>"
            f"<author><name>Älvsta</name><uri>{site.url}</uri></author>"
            f"<published>{post.at.isoformat()}</published><updated>{(post.edited or post.at).isoformat()}</updated>"
            f"<media:group><media:title>{escape(post.title)}</media:title>"
            f"<media:content url='{film}' type='video/mp4'/><media:thumbnail url='{film}.jpg'/>"
            f"<media:description>{escape(post.words)}</media:description></media:group></entry>"
        )

    following = f"<link rel='next' href={quoteattr(older)}/>" if older else ""
    return (
        '<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/" '
        f'xmlns="http://www.w3.org/2005/Atom"><title>Älvsta film</title><link rel="alternate" href="{site.url}"/>'
        f"{following}{each(posts, entry)}</feed>"
    )


WRITERS = {
    "rss2": rss2, "rss1": rss1, "rss091": rss091, "atom": atom, "atom03": atom03, "json": json_feed,
    "podcast": podcast, "video": video,
}  # fmt: skip
