"""Numbers as people write them: digits with or without signs between them, O for 0, or in words.

A `Run` is digits that stand close enough to be one number; which number it is, others decide by its digits and by
where the signs between them stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from uppsikt.text.prepared import Prepared

SHORTEST = 8  # digits; nothing that is a person's number is shorter
_GAP = r"[\s.\-/()_*|~+:,·•]{0,3}"
_RUN = re.compile(rf"\d(?:{_GAP}\d){{{SHORTEST - 1},}}")
# A letter that is drawn as a digit, in a word that is otherwise digits.
_MIXED = re.compile(r"(?<![^\W\d_])[oil|]{0,12}\d[\doil|]{0,24}(?![^\W\d_])")
_MIXED_SIGN = re.compile(r"\d[oil|]|[oil|]\d")
_AS_DIGITS = str.maketrans("oil|", "0111")

_ONES = {
    **{"noll": "0", "nolla": "0", "nollan": "0", "ett": "1", "en": "1", "etta": "1", "ettan": "1"},
    **{"två": "2", "tvåa": "2", "tvåan": "2", "tre": "3", "trea": "3", "trean": "3", "fyra": "4", "fyran": "4"},
    **{"fem": "5", "femma": "5", "femman": "5", "sex": "6", "sexa": "6", "sexan": "6", "sju": "7", "sjua": "7"},
    **{"sjuan": "7", "åtta": "8", "åttan": "8", "nio": "9", "nia": "9", "nian": "9"},
}
_TEENS = dict(
    zip(
        ("tio", "elva", "tolv", "tretton", "fjorton", "femton", "sexton", "sjutton", "arton", "nitton"),
        map(str, range(10, 20)),
        strict=True,
    )
)
_TENS = dict(
    zip(("tjugo", "trettio", "fyrtio", "femtio", "sextio", "sjuttio", "åttio", "nittio"), range(2, 10), strict=True)
)
_PLAIN_ONES = ("ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio")
NUMBER_WORDS: dict[str, str] = {
    **_ONES,
    **_TEENS,
    **{word: f"{ten}0" for word, ten in _TENS.items()},
    **{word + one: f"{ten}{_ONES[one]}" for word, ten in _TENS.items() for one in _PLAIN_ONES},
    "nittonhundra": "19",
    "tjugohundra": "20",
    "tvåtusen": "20",
    "zero": "0",
}
_WORD = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_HUNDRED = rf"(?:{'|'.join(_PLAIN_ONES)})hundra(?:{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})?"
# One word, or several written as one ("nollsjuttio"), or some hundreds; a digit may stand right beside.
_ELEMENT = rf"(?:\d|(?<![^\W\d_])(?:{_HUNDRED}|(?:{_WORD}){{1,4}})(?![^\W\d_]))"
_SPOKEN_GAP = r"(?:[\s.\-/()_*|~+:,·•]{0,3}|\s(?:och|streck|bindestreck|minus|mellanslag)\s)"
# A zero, or a month without one (11, 12), or tens: no number that we look for lacks all of them.
_SPOKEN_ZERO = ("noll", "zero", "nitton", "elva", "tolv", "ett ett", "ett två", "tio")
_SPOKEN_SIGN = re.compile(
    rf"(?<![^\W\d_])(?:{_WORD}){{1,4}}[\s.,\-]{{0,3}}(?:\d|(?:{_WORD})(?![^\W\d_]))|"
    rf"\d[\s.,\-]{{0,3}}(?:{_WORD}){{1,4}}(?![^\W\d_])"
)
_SPOKEN = re.compile(rf"{_ELEMENT}(?:{_SPOKEN_GAP}{_ELEMENT}){{2,}}")
_ELEMENTS = re.compile(_ELEMENT)
_WORDS = re.compile(_WORD)
_HUNDREDS = re.compile(rf"(?P<hundreds>{'|'.join(_PLAIN_ONES)})hundra(?P<rest>{_WORD})?")


@dataclass(frozen=True, slots=True)
class Run:
    """Digits with their places in the plain text (`starts`, `ends`), and the signs before each (`gaps`; the
    first is ""). `spoken`: some are words."""

    digits: str
    starts: list[int]
    ends: list[int]
    gaps: list[str]
    spoken: bool = False

    def alone(self, first: int, last: int) -> bool:
        """Whether digits `first` to `last` (not included) are cut off from the digits around them."""
        return (first == 0 or self.gaps[first] != "") and (last == len(self.digits) or self.gaps[last] != "")

    def cuts(self, first: int, last: int) -> frozenset[int]:
        """After how many digits, counted from `first`, a sign stands between two of them."""
        return frozenset(at - first for at in range(first + 1, last) if self.gaps[at])


def runs(prepared: Prepared) -> Iterator[Run]:
    """All runs of a text, those in words last."""
    lower = prepared.lower
    text = lower
    if _MIXED_SIGN.search(lower):
        text = _MIXED.sub(lambda word: word.group().translate(_AS_DIGITS), lower)
    for found in _RUN.finditer(text):
        yield _of_digits(text, found.start(), found.end())
    if spoken(lower):
        for found in _SPOKEN.finditer(lower):
            run = _of_elements(lower, found.start(), found.end())
            if run.spoken and len(run.digits) >= SHORTEST:
                yield run


def spoken(lower: str) -> bool:
    """Whether numbers may be written in words here; cheap, since most texts hold none."""
    return any(word in lower for word in _SPOKEN_ZERO) and bool(_SPOKEN_SIGN.search(lower))


def _of_digits(text: str, start: int, end: int) -> Run:
    starts = [at for at in range(start, end) if text[at].isdigit()]
    gaps = ["", *(text[one + 1 : two] for one, two in pairwise(starts))]
    return Run("".join(text[at] for at in starts), starts, [at + 1 for at in starts], gaps)


def _of_elements(text: str, start: int, end: int) -> Run:
    digits, starts, ends, gaps, words = "", [], [], [], 0
    last = start
    for found in _ELEMENTS.finditer(text, start, end):
        made = _digits_of(found.group())
        words += len(found.group()) > 1
        digits += made
        starts += [found.start()] * len(made)
        ends += [found.end()] * len(made)
        gaps += [text[last : found.start()], *[""] * (len(made) - 1)]
        last = found.end()
    if gaps:
        gaps[0] = ""
    return Run(digits, starts, ends, gaps, spoken=words > 0)


def _digits_of(word: str) -> str:
    """The digits of a number word: "nollsjuttio" is 070, "sexhundrafem" 605."""
    if word.isdigit():
        return word
    if hundreds := _HUNDREDS.fullmatch(word):
        return _ONES[hundreds["hundreds"]] + NUMBER_WORDS.get(hundreds["rest"] or "", "").rjust(2, "0")
    return "".join(NUMBER_WORDS[found.group()] for found in _WORDS.finditer(word))


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812, as Swedish numbers use it)."""
    total = 0
    for at, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + at % 2)
        total += value - 9 if value > 9 else value  # noqa: PLR2004 two digits are added as their sum
    return total % 10 == 0
