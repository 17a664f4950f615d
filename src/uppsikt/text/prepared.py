"""A text as detectors read it: one spelling for what looks the same, and the way back to the text as given.

Who wants to slip past a filter writes full-width or "mathematical" letters, puts a zero-width sign inside a number or
borrows a Cyrillic letter that looks Latin. All that is undone here, once, for every detector: NFKC, zero-width and
format signs left out, marks that no Swedish letter carries left out, look-alikes made Latin in words that are
otherwise Latin, every decimal digit 0-9, every dash "-", one blank for several. `starts` and `ends` lead each
character of `plain` back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from uppsikt.text.finding import Finding
from uppsikt.text.kinds import KINDS
from uppsikt.text.known import NOBODY, Known

# Signs that nothing has to be done about: ASCII, Latin-1's letters and its ordinary punctuation, the usual quotes,
# and emoji (alone they mean nothing to a detector; a zero-width joiner or a keycap among them takes the long way).
_STRANGE = re.compile(
    "[^\\x00-\\x7f\u00a1\u00a3\u00a7\u00a9\u00ab\u00ae\u00b0\u00b1\u00b7\u00bb\u00bf-\u00ff"
    "\u2018\u2019\u201c\u201d\u201e\u2022\u20ac\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f900-\U0001f9ff]"
)
# Letters of other scripts drawn as a Latin letter is (Unicode's confusables, those that a reader does not see).
_CYRILLIC = dict(zip("авеікмнорстухѕјԁԛԝһѡАВЕІКМНОРСТУХЅЈԌЗӀӏ", "abeikmhopctyxsjdqwhwABEIKMHOPCTYXSJG3Il", strict=True))
_GREEK = dict(zip("αονρτυχικγωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aovptuxikywABEZHIKMNOPTYX", strict=True))
_OTHERS = dict(zip("ıȷɑɡɩʟʏսոօհցյⅼᴀᴄᴅᴇᴊᴋᴍᴏᴘᴛᴜᴠᴡᴢ", "ijagilyunohgjlacdejkmoptuvwz", strict=True))
_LOOKALIKES = {**_CYRILLIC, **_GREEK, **_OTHERS}
_SAME = {
    "\u2212": "-",
    "\u2024": ".",
    "\u2027": ".",
    "\u30fb": ".",
    "\u3002": ".",
    "\u2043": "-",
    "\u30fc": "-",
    "\u2500": "-",
    "\u4e00": "-",
    "\u2215": "/",
    "\u2044": "/",
}
_FILLERS = (
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\u2800"  # drawn as nothing, though Unicode calls them letters or marks
)
# Latin letters with marks that no Swedish word has: read as the letter alone.
_LATIN_WITH_MARKS = frozenset(
    sign
    for sign in map(chr, (*range(0x100, 0x250), *range(0x1E00, 0x1F00)))
    if unicodedata.normalize("NFD", sign)[0].isascii()
)
_MOST_MARKS = 8  # marks beyond these on one letter are noise, and sorting them all would take quadratic time
_LATIN_END = 0x250
_DIGIT = re.compile(r"[0-9]")
# Two blanks where one is due would hide every phrase of the lexicons.
_BLANKS = " \t\u00a0"
_DOUBLED = re.compile(f"[{_BLANKS}]{{2}}")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(slots=True)
class Prepared:
    """A text and its plain reading; `plain` and `lower` are equally long, offsets are indices into both."""

    original: str
    plain: str
    lower: str
    known: Known = NOBODY
    own: bool = False
    digits: bool = False  # whether there is any: most detectors of numbers need look no further
    starts: list[int] | None = field(default=None, repr=False)  # None: plain is the text as given, sign for sign
    ends: list[int] | None = field(default=None, repr=False)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place `plain[start:end]` in the text as given."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]

    def finding(
        self, kind: str, start: int, end: int, *, score: float, why: str, detector: str, version: str
    ) -> Finding:
        """A finding at `plain[start:end]`, its place and quote led back to the text as given."""
        meant = KINDS[kind]
        first, last = self.span(start, end)
        quote = self.original[first:last]
        return Finding(kind, first, last, quote, meant.ground, meant.law, score, why, detector, version)


def prepare(text: str, *, known: Known = NOBODY, own: bool = False) -> Prepared:
    """Read `text` for the detectors; linear in its length, whatever it holds."""
    if (text.isascii() or not _STRANGE.search(text)) and not _DOUBLED.search(text):
        return Prepared(text, text, _lower(text), known, own, bool(_DIGIT.search(text)))
    signs, starts, ends = _plain(text)
    _unmask(signs)
    plain = "".join(signs)
    return Prepared(text, plain, _lower(plain), known, own, bool(_DIGIT.search(plain)), starts, ends)


def _lower(text: str) -> str:
    """Lower case of the same length: one letter, the Turkish İ, would else become two."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else "".join(sign.lower()[0] for sign in text)


def _plain(text: str) -> tuple[list[str], list[int], list[int]]:
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at, length = 0, len(text)
    while at < length:
        begin = at
        at += 1
        while at < length and unicodedata.combining(text[at]):
            at += 1
        for sign in _cluster(text[begin : min(at, begin + 1 + _MOST_MARKS)]):
            if sign in _BLANKS and signs and signs[-1] in _BLANKS:
                ends[-1] = at
                continue
            signs.append(sign)
            starts.append(begin)
            ends.append(at)
    return signs, starts, ends


def _cluster(cluster: str) -> Iterable[str]:
    """One letter with its marks as plain signs: none, one, or several (a ligature)."""
    if cluster.isascii():
        return cluster
    made: list[str] = []
    for sign in unicodedata.normalize("NFKC", cluster):
        category = unicodedata.category(sign)
        if category in {"Cf", "Me"} or sign in _FILLERS:
            continue
        if category == "Mn" and (not made or ord(made[-1]) < _LATIN_END or sign >= "\ufe00"):
            continue
        if sign in _LATIN_WITH_MARKS:
            made.append(unicodedata.normalize("NFD", sign)[0])
            continue
        if category == "Nd":
            made.append(str(unicodedata.decimal(sign)))
        elif category == "Pd":
            made.append("-")
        elif category == "Cs":  # half of a pair: no text, and the automata of the lexicons refuse it
            made.append("\ufffd")
        else:
            made.append(_SAME.get(sign, sign))
    return made


def _unmask(signs: list[str]) -> None:
    """Make look-alikes Latin, in place: in words that are partly Latin, and everywhere in a text that holds no
    letter of another script but look-alikes."""
    text = "".join(signs)
    if len(text) != len(signs):  # pragma: no cover - every sign is one character
        raise AssertionError
    foreign = [sign for sign in text if ord(sign) >= _LATIN_END and sign.isalpha()]
    if not any(sign in _LOOKALIKES for sign in foreign):
        return
    masked_only = all(sign in _LOOKALIKES for sign in foreign)
    for word in _WORD.finditer(text):
        letters = word.group()
        if masked_only or any(ord(sign) < _LATIN_END for sign in letters):
            signs[word.start() : word.end()] = [_LOOKALIKES.get(sign, sign) for sign in letters]
