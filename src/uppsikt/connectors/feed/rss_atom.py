"""RSS 0.9x, 1.0 and 2.0 and Atom 0.3 and 1.0, with what podcasts, video blogs and threads add to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from uppsikt.connectors import words
from uppsikt.connectors.base import RawResponse
from uppsikt.connectors.feed.documents import MOST_KEPT, Document, Entry, File, kept, line
from uppsikt.connectors.feed.tree import Found, Node, Reader

ROOTS: Final = frozenset({"rss", "feed", "rdf:RDF", "channel", "Channel"})
PERIODS: Final = {"hourly": 3600.0, "daily": 86400.0, "weekly": 604800.0, "monthly": 2592000.0, "yearly": 31536000.0}
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!]|&(?:[a-zA-Z]+|#[0-9xX]+);")
_ESCAPED = re.compile(r"&lt;(?:p|br|a|div|b|i|strong|em|ul|img|h[1-6])\b.{0,2000}?&gt;", re.DOTALL)
# Of the podcasts' own namespace, what an entry may say many times.
_PODCAST: Final = (
    "socialInteract",
    "transcript",
    "chapters",
    "person",
    "soundbite",
    "alternateEnclosure",
    "season",
    "episode",
    "license",
    "location",
    "contentLink",
    "image",
)


def entries(found: Iterator[Found] | list[Found]) -> Iterator[Entry]:
    """Each entry that was found."""
    for one in found:
        entry = _entry(one.node, one.place)
        if one.cut:
            entry.remarks.add("too_deep")
        yield entry


def head(reader: Reader, raw: RawResponse, document: Document) -> None:
    """What the feed says of itself, put into the document."""
    root = next(reader.head.children(), Node(""))
    about = root.child("channel") or root
    atom = root.name == "feed"
    document.kind = "atom" if atom else "rss"
    document.title = _plain(_text_of(about.child("title")), raw.url)
    document.description = _plain(_text_of(about.child("description", "subtitle", "tagline")), raw.url)
    document.home = _address(about, raw.url) or words.web_address(about.text("link"), raw.url)
    document.author = _author(about)[0]
    document.generator = line(f"{about.text('generator')} {_attr(about.child('generator'), 'uri')}")
    image = about.child("image")
    document.picture = words.web_address(
        (image.text("url") if image else "")
        or about.text("logo", "icon")
        or _attr(about.child("itunes:image"), "href"),
        raw.url,
    )
    document.rest = _rest(about)
    for relation in ("next", "prev-archive"):
        document.following = document.following or _related(about, relation, raw.url)
    own = {name: kept(about.text(name)) for name in ("podcast:guid", "podcast:medium", "language", "itunes:author")}
    document.more = {name: value for name, value in own.items() if value}


def _rest(about: Node) -> float:
    """Seconds to leave the feed alone, as it asks by `ttl` (minutes) or by the syndication module."""
    ttl = about.text("ttl")
    asked = float(ttl) * 60 if re.fullmatch(r"[0-9]{1,6}", ttl) else 0.0
    period, often = PERIODS.get(about.text("sy:updatePeriod").lower(), 0.0), about.text("sy:updateFrequency")
    times = int(often) if re.fullmatch(r"[1-9][0-9]{0,5}", often) else 1
    return max(asked, period / times)


def _entry(node: Node, place: str) -> Entry:
    base = node.base
    entry = Entry(place, base=base)
    entry.id = line(node.text("id", "guid") or node.attrs.get("rdf:about", ""))
    entry.link = _link(node, base)
    entry.title = _title(node, base)
    _words(node, entry)
    entry.author, entry.author_address = _author(node)
    entry.published = line(node.text("published", "pubDate", "dc:date", "issued", "dcterms:issued", "created"))
    edited = line(node.text("updated", "modified", "dcterms:modified"))
    entry.published, entry.edited = entry.published, edited
    entry.files = list(_files(node, base))[: words.MOST_FILES]
    _talk(node, entry)
    entry.more = _more(node, base)
    return entry


def _link(node: Node, base: str) -> str:
    if address := _address(node, base):
        return address
    written = [one for one in node.children("link") if "href" not in one.attrs]
    for one in written:
        if address := words.web_address(one.text(), one.base):
            return address
    guid = node.child("guid")
    if guid is not None and guid.attrs.get("isPermaLink", "true").lower() != "false":
        return words.web_address(guid.text())
    return words.web_address(node.attrs.get("rdf:about", "")) or words.web_address(
        _attr(node.child("media:player"), "url"), base
    )


def _address(node: Node, base: str) -> str:
    """Where an Atom element leads to."""
    return _related(node, "alternate", base)


def _related(node: Node, relation: str, base: str) -> str:
    ranked = sorted(
        (one for one in node.children("link") if one.attrs.get("href") and _relation(one) == relation),
        key=lambda one: "html" not in one.attrs.get("type", "html"),
    )
    return words.web_address(ranked[0].attrs["href"], ranked[0].base or base) if ranked else ""


def _relation(link: Node) -> str:
    return link.attrs.get("rel", "alternate").lower().removeprefix("http://www.iana.org/assignments/relation/")


def _title(node: Node, base: str) -> str:
    title = node.child("title") or node.child("media:title", "dc:title", "itunes:title")
    return _plain(_text_of(title), base)


def _text_of(node: Node | None) -> tuple[str, bool]:
    """An element's words, and whether they are HTML."""
    if node is None:
        return "", False
    kind = node.attrs.get("type", "").lower()
    if kind == "xhtml" or any(one.name.startswith("xhtml:") for one in node.children()):
        inner = node.child("xhtml:div")
        return (inner or node).markup(), True
    if node.attrs.get("mode", "").lower() == "xml":
        return node.markup(), True
    said = node.text()
    plain = kind in ("text", "text/plain", "plain") and node.attrs.get("mode", "") != "escaped"
    return said, not plain and bool(_MARKUP.search(said))


def _plain(said: tuple[str, bool], base: str) -> str:
    return plain(said[0], base) if said[1] else line(said[0])


def plain(text: str, base: str = "") -> str:
    """A title's words on one line; what looks like HTML is read as such."""
    return line(words.read(text[:10_000], base).text if _MARKUP.search(text) else text)


def _words(node: Node, entry: Entry) -> None:
    """The entry's words: the whole text where the feed gives it, else the summary."""
    names = (
        "content:encoded",
        "content",
        "xhtml:body",
        "description",
        "summary",
        "media:description",
        "itunes:summary",
    )
    group = node.child("media:group")
    chosen = next((one for name in names for one in _readable(node, name)), None)
    if chosen is None and group is not None:
        chosen = group.child("media:description")
    if chosen is None:
        return
    said, is_html = _text_of(chosen)
    entry.base = chosen.base or entry.base
    if is_html and _ESCAPED.search(said[:20_000]) and "<" not in said:
        said = words.unescape(said)
        entry.remarks.add("escaped_twice")
    if is_html or chosen.name in ("content:encoded", "xhtml:body"):
        entry.html = said
    else:
        entry.plain = said


def _readable(node: Node, name: str) -> Iterator[Node]:
    """Elements of that name with words in them; Atom's content may be a picture, or lie elsewhere."""
    for one in node.children(name):
        kind = one.attrs.get("type", "").lower()
        bytes_inside = name == "content" and "/" in kind and not kind.startswith("text/") and "xhtml" not in kind
        if not bytes_inside and one.attrs.get("mode", "") != "base64" and one.text():
            yield one


def _author(node: Node) -> tuple[str, str]:
    """Who wrote it, and their page. RSS's own field is an e-mail address with a name in parentheses."""
    author = node.child("author")
    name = address = ""
    if author is not None:
        name, address = author.text("name"), words.web_address(author.text("uri", "url"), author.base)
        written = "" if name else author.text()
        inside = re.search(r"\(([^()]{1,200})\)", written)
        name = name or (inside[1] if inside else written)
    creator = node.text("dc:creator")
    return line(creator or name or node.text("itunes:author", "media:credit", "managingEditor"), cap=300), address


def _files(node: Node, base: str) -> Iterator[File]:
    seen: set[str] = set()
    groups = [node, *node.children("media:group")]
    found = [(one, "url") for one in node.children("enclosure")]
    found += [(one, "href") for one in node.children("link") if _relation(one) == "enclosure"]
    found += [(one, "url") for group in groups for one in group.children("media:content", "media:thumbnail")]
    for one, name in found:
        address = words.web_address(one.attrs.get(name, ""), one.base or base)
        if not address or address in seen:
            continue
        seen.add(address)
        kind = line(one.attrs.get("type", ""), cap=120)
        yield File(address, kind, line(one.attrs.get("title", ""), cap=300), line(one.text("media:title"), cap=2000))


def _talk(node: Node, entry: Entry) -> None:
    """Comments: where their feed lies, how many there are, and what this one answers."""
    entry.comments_feed = words.web_address(node.text("wfw:commentRss", "wfw:commentRSS"), node.base)
    replies = [one for one in node.children("link") if _relation(one) == "replies"]
    for one in replies:
        if "html" not in one.attrs.get("type", ""):
            entry.comments_feed = entry.comments_feed or words.web_address(one.attrs.get("href", ""), one.base)
    counted = [
        node.text("slash:comments"),
        node.text("thr:total"),
        *(one.attrs.get("thr:count", "") for one in replies),
    ]
    entry.count = next((int(one) for one in counted if re.fullmatch("[0-9]{1,9}", one)), None)
    answered = node.child("thr:in-reply-to")
    if answered is not None:
        entry.replies_to = line(answered.attrs.get("ref", ""))
        entry.replies_to_address = words.web_address(answered.attrs.get("href", ""), node.base)


def _more(node: Node, base: str) -> dict[str, Any]:
    """What is kept beside the words: subjects, what a podcast or a film says of itself, all answers' places."""
    subjects = list(node.children("category", "dc:subject"))[:MOST_KEPT]
    more: dict[str, Any] = {
        "subjects": [line(one.attrs.get("term") or one.text(), cap=200) for one in subjects],
        "itunes": _under(node, "itunes:"),
        "youtube": _under(node, "yt:"),
    }
    podcast: dict[str, list[Any]] = {}
    for name in _PODCAST:
        for one in list(node.children(f"podcast:{name}"))[:MOST_KEPT]:
            podcast.setdefault(name, []).append(_told(one, base))
    more["podcast"] = podcast
    return {name: value for name, value in more.items() if value}


def _under(node: Node, prefix: str) -> dict[str, Any]:
    """What an entry says in one namespace, the words aside."""
    found = [one for one in node.children() if one.name.startswith(prefix) and one.name != "itunes:summary"]
    return {one.name.removeprefix(prefix): kept(one.attrs.get("href") or one.text()) for one in found[:MOST_KEPT]}


def _told(node: Node, base: str) -> dict[str, Any]:
    """An element of the podcasts' namespace: its attributes, numbers as numbers, and its words."""
    told: dict[str, Any] = {line(name)[:60]: line(value) for name, value in list(node.attrs.items())[:20]}
    for name in ("url", "uri", "href"):
        if name in told and "://" not in told[name]:
            told[name] = words.web_address(told[name], base) or told[name]
    if re.fullmatch("[0-9]{1,6}", told.get("priority", "")):
        told["priority"] = int(told["priority"])
    if said := node.text():
        told["text"] = line(said)
    return told


def _attr(node: Node | None, name: str) -> str:
    return node.attrs.get(name, "") if node is not None else ""
