"""Our own lexicons, found in a text in one go: every listed word and phrase, with the places where it stands.

One Aho-Corasick automaton holds all forms of all lists, so that a text is read once however many words there are
(toolbox: ahocorasick_rs). `lexicons/README.md` says how the lists are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ahocorasick_rs import AhoCorasick

FOLDER = Path(__file__).parent / "lexicons"
INNOCENT = "!"
# Swedish inflections by their common endings; the genitive follows by itself where `GENITIVE` says so.
ENDINGS: dict[str, tuple[str, ...]] = {
    "or": ("a", "an", "or", "orna"),
    "ar": ("", "en", "ar", "arna"),
    "er": ("", "en", "er", "erna"),
    "e": ("e", "en", "ar", "arna"),
    "r": ("", "n", "r", "rna"),
    "n": ("", "n", "na", "et", "en", "erna"),
    "en": ("en", "arna", "ar", "et", "ena"),
    "are": ("are", "aren", "arna"),
    "ande": ("ande", "anden", "andena"),
    "eman": ("eman", "emannen", "emän", "emännen"),
    "adj": ("", "t", "a", "e", "as"),
}
NO_GENITIVE = frozenset({"adj"})
# No Swedish compound has a longer part; and no text shall cost more time than its length.
LONGEST_PART = 40
SPACES = str.maketrans({"\n": " ", "\r": " ", "\t": " ", "\u00a0": " ", "\u2019": "'", "\u00b4": "'"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A form that a list holds: its tag, and whether it may end or begin a longer word."""

    tag: str
    ends: bool = False
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed form in a text: `text[start:end]` is the whole word, or the phrase."""

    tag: str
    start: int
    end: int


class Lexicon:
    """All lists as one automaton."""

    def __init__(self, entries: dict[str, set[Entry]]) -> None:
        self.forms = sorted(entries)
        self.entries = [tuple(sorted(entries[form], key=lambda entry: entry.tag)) for form in self.forms]
        self._automaton = AhoCorasick(self.forms)

    def hits(self, lower: str) -> list[Hit]:
        """What the lists hold of a text in lower case, less what lies inside an innocent word or phrase."""
        text = lower.translate(SPACES)
        found: set[Hit] = set()
        innocent: list[tuple[str, int, int]] = []
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            for entry in self.entries[index]:
                place = _place(text, start, end, entry)
                if place is None:
                    continue
                if entry.tag.startswith(INNOCENT):
                    innocent.append((entry.tag[1:], *place))
                else:
                    found.add(Hit(entry.tag, *place))
        kept = [hit for hit in found if not any(_inside(hit, *one) for one in innocent)]
        return sorted(kept, key=lambda hit: (hit.start, -hit.end, hit.tag))


def _inside(hit: Hit, tag: str, start: int, end: int) -> bool:
    return hit.tag == tag and start <= hit.start and hit.end <= end


def _place(text: str, start: int, end: int, entry: Entry) -> tuple[int, int] | None:
    """Where the word or phrase stands, borders looked at; None when it is a part of another word."""
    inside_left = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    inside_right = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    if (inside_left and not entry.ends) or (inside_right and not entry.begins):
        return None
    first, last = start, end
    while inside_left and first > max(0, start - LONGEST_PART) and text[first - 1].isalnum():
        first -= 1
    while inside_right and last < min(len(text), end + LONGEST_PART) and text[last].isalnum():
        last += 1
    return first, last


def read_lists(names: tuple[str, ...]) -> dict[str, set[Entry]]:
    """Every form of the named lists with its tags. Raises ValueError for a line that no rule above explains."""
    entries: dict[str, set[Entry]] = {}
    for name in names:
        tag = ""
        for number, line in enumerate((FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines(), start=1):
            words = line.strip()
            if not words or words.startswith("#"):
                continue
            if words.startswith("[") and words.endswith("]"):
                tag = words[1:-1]
                continue
            if not tag or words != words.lower():
                raise ValueError(f"{name}.txt line {number}: {words!r}")
            for form, entry in _forms(words, tag):
                entries.setdefault(form, set()).add(entry)
    return entries


def _forms(words: str, tag: str) -> Iterator[tuple[str, Entry]]:
    if words.startswith(INNOCENT):
        yield words[1:], Entry(INNOCENT + tag)
        return
    ends, begins = words.startswith("*"), words.endswith("*")
    stem, slash, ending = words.strip("*").partition("/")
    entry = Entry(tag, ends, begins)
    if not slash:
        yield stem, entry
        return
    for suffix in ENDINGS[ending]:
        yield stem + suffix, entry
        if ending not in NO_GENITIVE and not suffix.endswith("s"):
            yield stem + suffix + "s", entry


NAMES = ("people", "unlawful", "house", "selling", "tone", "answers")


@cache
def lexicon() -> Lexicon:
    """The lists that Uppsikt comes with."""
    return Lexicon(read_lists(NAMES))


WORD_FORM = re.compile(r"[a-zåäöéü]{3,}")


@cache
def coverable() -> frozenset[str]:
    """Single words that people write with stars, digits or spaces to slip past a filter."""
    entries = read_lists(("house", "unlawful"))
    tags = {"insult", "slur", "oath_2", "oath_4", "harm", "wipe_out", "porn", "accused"}
    return frozenset(
        form for form, kinds in entries.items() if WORD_FORM.fullmatch(form) and tags & {entry.tag for entry in kinds}
    )
