"""Reading a website for links: its pages one by one, within its own wishes and our limits. Plain Python.

A page's words are not kept: only where it links. What `robots.txt` asks is followed, one page is asked for at a time,
and the site is given a rest between two.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from uppsikt.net import Client, NetError, Response

AGENT = "Uppsikt"
# Seconds between two pages, and the longest rest that a site can ask for.
REST, LONGEST_REST = 0.3, 5.0
MOST_LINKS, LONGEST_LINK = 2000, 500
MOST_TEXT = 2_000_000
RESTS = re.compile(r"\s*\d{1,4}\s*", re.ASCII)
# What a link leads to that is no page.
FILES = (".pdf", ".jpg", ".jpeg", ".png", ".gif", ".svg", ".webp", ".zip", ".doc", ".docx", ".xls", ".xlsx", ".ppt",
         ".pptx", ".mp3", ".mp4", ".ics", ".xml", ".json", ".css", ".js")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """Where a page links; `mine` where it says that the other page is its own (rel="me")."""

    address: str
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site, by the address that answered, and where it links."""

    address: str
    links: tuple[Link, ...]


@dataclass(slots=True)
class Walk:
    """How a walk went: pages read, pages that could not be, and pages that the site asked not to be read."""

    read: int = 0
    failed: int = 0
    forbidden: int = 0
    seen: set[str] = field(default_factory=set)


class Links(HTMLParser):
    """Picks the links out of a page: of `<a>`, `<area>` and `<link rel="me">`; the page's `<base>` counts."""

    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = address
        self.found: dict[str, bool] = {}
        self.follows = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        told = {name: value or "" for name, value in attrs}
        rel = told.get("rel", "").lower().split()
        if tag == "base" and told.get("href"):
            self.base = joined(self.base, told["href"]) or self.base
        elif (
            tag == "meta" and told.get("name", "").lower() == "robots" and "nofollow" in told.get("content", "").lower()
        ):
            self.follows = False
        elif tag in {"a", "area"} or (tag == "link" and "me" in rel):
            address = joined(self.base, told.get("href", ""))
            if address and len(self.found) < MOST_LINKS:
                self.found[address] = self.found.get(address, False) or "me" in rel


def joined(base: str, link: str) -> str:
    """A link's whole address without its fragment; "" for what leads to no page."""
    link = link.strip()
    if not link or len(link) > LONGEST_LINK:
        return ""
    try:
        address = urldefrag(urljoin(base, link)).url
        parts = urlsplit(address)
        # A port that is none raises too.
        known = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        return ""
    return address if known else ""


def links_of(body: bytes, content_type: str, address: str) -> Page:
    """Where a page links. Bytes that are no text give a page without links."""
    charset = content_type.partition("charset=")[2].partition(";")[0].strip(" \"'") or "utf-8"
    try:
        text = body[:MOST_TEXT].decode(charset, "replace")
    except LookupError:
        text = body[:MOST_TEXT].decode("utf-8", "replace")
    parser = Links(address)
    # Strangers' markup: what the parser cannot take ends the page there, with what it has held so far.
    with contextlib.suppress(AssertionError, ValueError):
        parser.feed(text)
    return Page(address, tuple(Link(found, mine) for found, mine in parser.found.items()) if parser.follows else ())


def home(address: str) -> str:
    """A host without "www": pages of both are the same site."""
    return (urlsplit(address).hostname or "").lower().removeprefix("www.")


def walk(
    start: str,
    client: Client,
    *,
    most: int,
    told: Walk | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Page]:
    """The site's pages, the first one first, then those nearest to it; at most so many. Raises NetError for the first
    page alone: that the others cannot be read is counted in `told`."""
    walked = told if told is not None else Walk()
    rules = robots(start, client)
    rest = min(float(rules.crawl_delay(AGENT) or REST), LONGEST_REST)
    waiting, queued = [start], {canonical(start)}
    while waiting and walked.read + walked.failed < most:
        address = waiting.pop(0)
        if not allowed(rules, address):
            walked.forbidden += 1
            continue
        if walked.read + walked.failed:
            sleep(rest)
        page = fetch(address, client, first=not walked.read, walked=walked)
        if page is None:
            continue
        own = home(page.address) if not walked.seen else home(start)
        if not walked.seen:
            start = page.address
        walked.seen.add(canonical(page.address))
        yield page
        for link in page.links:
            key = canonical(link.address)
            if (
                home(link.address) == own
                and key not in queued
                and not urlsplit(link.address).path.lower().endswith(FILES)
            ):
                queued.add(key)
                waiting.append(link.address)


def fetch(address: str, client: Client, *, first: bool, walked: Walk) -> Page | None:
    """One page, or None where there is none to read. Raises NetError for the first."""
    try:
        answer = client.get(address, headers={"accept": "text/html,application/xhtml+xml"})
    except NetError:
        walked.failed += 1
        if first:
            raise
        return None
    if answer.status != 200 or not is_page(answer):  # noqa: PLR2004 the one status that carries the page
        walked.failed += 1
        if first:
            raise NetError("broken_answer", sent=True, why=f"status {answer.status}")
        return None
    walked.read += 1
    return links_of(answer.body, answer.headers.get("content-type", ""), answer.url)


def is_page(answer: Response) -> bool:
    """Whether an answer is a page for people."""
    kind = answer.headers.get("content-type", "").lower()
    return "html" in kind or not kind


def canonical(address: str) -> str:
    """A page as it is compared with others: without scheme, "www" and last slash."""
    parts = urlsplit(address)
    return f"{home(address)}:{parts.port or ''}{parts.path.rstrip('/')}?{parts.query}"


def robots(start: str, client: Client) -> RobotFileParser:
    """What the site asks of programs; one that cannot be asked lets everything be read, as the standard says of 4xx."""
    rules = RobotFileParser()
    lines: list[str] = []
    try:
        answer = client.get(urljoin(start, "/robots.txt"))
    except NetError:
        answer = None
    if answer is not None and answer.status == 200:  # noqa: PLR2004
        lines = answer.body[:MOST_TEXT].decode("utf-8", "replace").splitlines()
    rules.parse([line for line in lines if is_rule(line)])
    return rules


def is_rule(line: str) -> bool:
    """Whether the standard library takes a line of robots.txt: it stumbles over rests and paths that are none."""
    name, _sep, value = line.partition(":")
    if name.strip().lower() in {"crawl-delay", "request-rate"}:
        return RESTS.fullmatch(value.partition("#")[0]) is not None
    try:
        urlsplit(unquote(value.strip()))
    except ValueError:
        return False
    return True


def allowed(rules: RobotFileParser, address: str) -> bool:
    """Whether the site lets a page be read; one that its rules cannot be asked about is left alone."""
    try:
        return rules.can_fetch(AGENT, address)
    except ValueError:
        return False
