"""Words from strangers, made fit to keep and to read: cleaned, capped, and HTML turned into plain text.

Everything here runs in time that grows with the length of the text, whatever the text is:
ready-made HTML parsers do not (a megabyte of nested or broken tags holds them for minutes).
"""

from __future__ import annotations

import hashlib
import html as entities
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

LONGEST = 1_500_000
LONGEST_ADDRESS = 2000
LONGEST_TAG = 8192
MOST_FILES = 200

_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HUGE_NUMBER = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{7,});?")
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:-]*)")
_ATTRIBUTE = re.compile(
    r"""(?<![\w:-])([a-zA-Z][\w:-]{0,40})\s{0,9}=\s{0,9}(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""", re.ASCII
)
_REST_OF_TAG = re.compile(r"""(?:[^"'>]++|"[^"]*+"|'[^']*+')*+>""")
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")
_SKIPPED: Final = frozenset({"script", "style", "template", "head", "noscript", "iframe", "object"})
_PARAGRAPHS: Final = frozenset(
    {
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "dl",
        "table",
        "blockquote",
        "pre",
        "figure",
        "section",
    }
    | {"article", "header", "footer", "aside", "form", "hr"}
)
_LINES: Final = frozenset({"br", "li", "tr", "dt", "dd", "figcaption", "option"})
_MEDIA: Final = frozenset({"img", "video", "audio", "source", "embed"})


def clean(value: str, *, cap: int = LONGEST) -> tuple[str, frozenset[str]]:
    """A text without what no database and no page can hold, at most `cap` signs long.

    NUL, lone surrogates and other control signs go; marks that turn the writing direction
    stay, since they are part of the wording (pages isolate them). Remarks: "nul",
    "surrogates", "control", "cut".
    """
    remarks = set()
    if len(value) > cap:
        value = value[:cap]
        remarks.add("cut")
    for sign, pattern in (("nul", re.compile("\x00")), ("surrogates", _SURROGATE), ("control", _CONTROL)):
        value, times = pattern.subn("", value)
        if times:
            remarks.add(sign)
    return value, frozenset(remarks)


def unescape(value: str) -> str:
    """Decode HTML's entities."""
    return entities.unescape(_HUGE_NUMBER.sub("\ufffd", value))


def web_address(value: Any, base: str = "") -> str:
    """An http(s) address, made whole against `base`, or "" for all else."""
    if not isinstance(value, str) or not value.strip():
        return ""
    try:
        whole = urljoin(base, clean(value.strip())[0])
        scheme, host = urlsplit(whole).scheme, urlsplit(whole).hostname
    except ValueError:
        return ""
    return whole if scheme in ("http", "https") and host and len(whole) <= LONGEST_ADDRESS else ""


@dataclass(frozen=True, slots=True)
class File:
    """A picture, film or file that a text shows or links to."""

    address: str
    tag: str
    alt: str = ""


@dataclass(slots=True)
class Page:
    """What a piece of HTML says to a reader: plain text with its paragraphs, and its files."""

    text: str = ""
    files: list[File] = field(default_factory=list)


def read(html: str, base: str = "") -> Page:
    """Read HTML as a person does.

    Paragraphs are parted by an empty line, line breaks kept, entities decoded; a link is its
    words followed by its address in parentheses, unless they are the same. Scripts and
    styles are not words.
    """
    reader = _Reader(base)
    for kind, name, content in _tokens(html):
        if kind == "text":
            reader.words(content)
        elif kind == "open":
            reader.open(name, content)
        else:
            reader.close(name)
    return reader.page()


def fingerprint(text: str) -> str:
    """Hex sha256 of a text, whatever its case: a stand-in for an identity that a network does not give."""
    return hashlib.sha256(text.casefold().encode("utf-8", "surrogatepass")).hexdigest()


def squash(text: str) -> str:
    """Letters and digits only, case-folded: the same words however a network dresses quotes, dashes and smileys."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _tokens(html: str) -> Iterator[tuple[str, str, str]]:
    """("text", "", words), ("open", tag, attributes) and ("close", tag, "") in order."""
    lower, at, end = html.lower(), 0, len(html)
    if len(lower) != end:  # a few capital letters grow when lowered
        lower = html
    tags = _Tags(html)
    while at < end:
        start = html.find("<", at)
        if start == -1:
            yield "text", "", html[at:]
            return
        if start > at:
            yield "text", "", html[at:start]
        if html.startswith("<!--", start):
            at = _after(html, "-->", start + 4)
        elif html.startswith(("<!", "<?"), start):
            at = _after(html, ">", start + 2)
        elif (name := _NAME.match(html, start + 1)) and (close := tags.end(start)) != -1:
            tag, at = name.group(1).lower(), close + 1
            if html[start + 1] == "/":
                yield "close", tag, ""
            elif tag in _SKIPPED:
                at = _after(html, ">", _after(lower, f"</{tag}", at))
            else:
                yield "open", tag, html[name.end() : close]
        else:
            yield "text", "", "<"
            at = start + 1


def _after(text: str, what: str, start: int) -> int:
    found = text.find(what, start)
    return len(text) if found == -1 else found + len(what)


class _Tags:
    """Finds where tags end, with a budget for looking past quotes: broken quotes must not cost more than the text."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._budget = 4 * len(html) + LONGEST_TAG

    def end(self, start: int) -> int:
        """Where the ">" of the tag stands, those inside quotes left aside; -1 when there is none within reason."""
        reach = start + LONGEST_TAG
        close = self._html.find(">", start, reach)
        if close == -1 or self._budget <= 0 or not re.search("[\"']", self._html[start:close]):
            return close
        whole = _REST_OF_TAG.match(self._html, start, reach)
        self._budget -= (whole.end() if whole else reach) - start
        return whole.end() - 1 if whole else close


class _Reader:
    """Puts the words of a page together."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._parts: list[str] = []
        self._files: list[File] = []
        self._link: tuple[str, int] | None = None
        self._pre = 0

    def words(self, content: str) -> None:
        decoded = unescape(content)
        self._parts.append(decoded if self._pre else _BLANKS.sub(" ", decoded))

    def open(self, tag: str, rest: str) -> None:
        if tag in _PARAGRAPHS:
            self._parts.append("\n\n")
            self._pre += tag == "pre"
        elif tag in _LINES:
            self._parts.append("\n– " if tag == "li" else "\n")
        elif tag in ("td", "th"):
            self._parts.append(" ")
        elif tag == "a":
            self._link = (web_address(_attributes(rest).get("href"), self._base), len(self._parts))
        elif tag in _MEDIA:
            told = _attributes(rest)
            self._keep(File(web_address(told.get("src"), self._base), tag, clean(told.get("alt", ""), cap=2000)[0]))

    def close(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self._parts.append("\n\n")
            self._pre = max(0, self._pre - (tag == "pre"))
        elif tag == "a" and self._link:
            (address, begun), self._link = self._link, None
            said = "".join(self._parts[begun:]).strip()
            if address:
                self._keep(File(address, "a", said[:500]))
                if _bare(said) != _bare(address):
                    self._parts.append(f" ({address})" if said else address)

    def _keep(self, file: File) -> None:
        if file.address and len(self._files) < MOST_FILES and file not in self._files:
            self._files.append(file)

    def page(self) -> Page:
        lines = [re.sub(r"^ +| +$", "", line) for line in "".join(self._parts).split("\n")]
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        return Page(clean(text)[0], self._files)


def _attributes(rest: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(rest):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


def _bare(address: str) -> str:
    return re.sub(r"^https?://", "", address).rstrip("/")
