"""Words written so that a filter shall not see them: "1d10t", "h*ra", "i d i o t", "idioooot".

Only what becomes a listed word is changed; everything else stands as written, so that "4G", "B12" and "S. A." stay
what they are. The way back is kept as an index for each letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from uppsikt.text.lexicon import coverable

LEET = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i", "€": "e"}
)
LEET_L = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "l"})
# Where a word may hide: a sign or a digit beside a letter, a run of one letter. Bounded, so that time stays linear.
SUSPECT = re.compile(r"[^\W\d_][0-9@$!*€#]|[0-9@$*€#][^\W\d_]|([^\W\d_])\1\1")
SIGNED = re.compile(r"[\w@$!*€#]+")
# Letters that stand apart.
APART = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*·]{1,2}){2,24}[^\W\d_](?![^\W_])")
RUN = re.compile(r"([^\W\d_])\1{2,}")
STAR = re.compile(r"[*#]")
SHORTEST, LONGEST, LONGEST_APART = 3, 40, 20


def uncover(lower: str, listed: frozenset[str] | None = None) -> tuple[str, list[int]] | None:
    """The text with hidden words made plain, and each letter's index in the text given; None when nothing hides.

    `listed`: the words that may hide, else those of crimes and house rules (`lexicon.coverable`).
    """
    listed = coverable() if listed is None else listed
    changes: list[tuple[int, int, str, list[int]]] = []
    for found in SIGNED.finditer(lower) if SUSPECT.search(lower) else ():
        if len(found.group()) <= LONGEST and SUSPECT.search(found.group()):
            changes += _mixed(found.group(), found.start(), listed)
    changes += _apart(lower, listed)
    if not changes:
        return None
    signs: list[str] = []
    back: list[int] = []
    at = 0
    for start, end, word, places in sorted(changes):
        if start < at:
            continue
        signs.append(lower[at:start] + word)
        back += [*range(at, start), *places]
        at = end
    signs.append(lower[at:])
    back += range(at, len(lower))
    return "".join(signs), back


def _mixed(word: str, start: int, listed: frozenset[str]) -> Iterator[tuple[int, int, str, list[int]]]:
    stripped = word.rstrip("!*")
    for text in dict.fromkeys((word, stripped)):
        if not SHORTEST <= len(text) <= LONGEST:
            continue
        for spelled, places in _spellings(text, listed):
            if spelled in listed:
                yield start, start + len(text), spelled, [start + place for place in places]
                return


def _spellings(word: str, listed: frozenset[str]) -> Iterator[tuple[str, list[int]]]:
    whole = list(range(len(word)))
    yield word.translate(LEET), whole
    yield word.translate(LEET_L), whole
    if STAR.search(word):
        pattern = re.compile("".join("." if sign in "*#" else re.escape(sign) for sign in word))
        for form in listed:
            if len(form) == len(word) and pattern.fullmatch(form):
                yield form, whole
                break
    for most in (1, 2):
        short = [at for at in whole if not (at >= most and word[at - most : at + 1] == word[at] * (most + 1))]
        yield "".join(word[at] for at in short).translate(LEET), short


def _apart(lower: str, listed: frozenset[str]) -> Iterator[tuple[int, int, str, list[int]]]:
    """Letters that stood apart, put together; where one such run is a listed word, the others are words too."""
    runs = [[at for at in range(*match.span()) if lower[at].isalpha()] for match in APART.finditer(lower)]
    found = {index: stretch for index, places in enumerate(runs) if (stretch := _stretch(lower, places, listed))}
    for index, places in enumerate(runs if found else ()):
        first, last = found.get(index, (0, len(places)))
        word = "".join(lower[at] for at in places[first:last])
        yield places[first], places[last - 1] + 1, word, places[first:last]


def _stretch(lower: str, places: list[int], listed: frozenset[str]) -> tuple[int, int] | None:
    """Where a listed word of at least four letters stands in letters that stood apart, the longest first."""
    word = "".join(lower[at] for at in places)
    for length in range(min(len(word), LONGEST_APART), SHORTEST, -1):
        for first in range(len(word) - length + 1):
            if word[first : first + length] in listed:
                return first, first + length
    return None
