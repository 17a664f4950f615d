"""What somebody wrote in the search box, taken apart: words, "phrases", -not, or, beginnings*, *parts*."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from uppsikt.kernel.errors import Refused
from uppsikt.records.indexing import signs

LONGEST, MOST = 1_000, 30
# Of fewer letters than these, half of all that was ever said begins with them or holds them.
LEAST_BEGINNING, LEAST_PART = 2, 3
OR = frozenset({"or", "eller"})
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
MINUS = str.maketrans(dict.fromkeys("–−", "-"))
# Words are what the index takes for words: runs of letters and digits.
WORD = re.compile(r"[^\W_]+")
PIECE = re.compile(r'(?P<no>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to look for: words that stand after each other, of which the last may be only a beginning.

    `part` is for letters anywhere in a word, `exact` for a word in quotes, which is not looked for in other forms.
    """

    words: tuple[str, ...]
    begins: bool = False
    part: bool = False
    exact: bool = False
    no: bool = False


# All of the groups, of each at least one term.
Groups = list[list[Term]]


def parse(text: str) -> Groups:
    """What is asked for: nothing where only blanks are written. Raises Refused where it cannot be sought."""
    if len(text) > LONGEST:
        raise Refused("too_long", _("Det är för långt att söka på. Använd högst %(most)s tecken.") % {"most": LONGEST})
    groups: Groups = []
    either = False
    pieces = list(PIECE.finditer(text.translate(QUOTES).translate(MINUS)))
    for piece in pieces:
        if len(pieces) > 1 and not piece["no"] and (piece["word"] or "").lower() in OR:
            either = bool(groups)
            continue
        for term in read(piece):
            if either:
                groups[-1].append(term)
            else:
                groups.append([term])
            either = False
    if sum(len(group) for group in groups) > MOST:
        raise Refused("too_many_words", _("Det är för många ord att söka på. Använd högst %(most)s.") % {"most": MOST})
    if text.strip() and not groups:
        raise Refused("no_words", _("Där finns inget ord att söka på. Skriv minst en bokstav eller siffra."))
    return groups


def read(piece: re.Match[str]) -> Iterator[Term]:
    """The term that a piece stands for, if it holds any word."""
    no, text = bool(piece["no"]), piece["word"] or ""
    if piece["phrase"] is not None:
        words = split(piece["phrase"])
        if words:
            yield Term(words, exact=True, no=no)
        return
    words = split(text)
    if not words:
        return
    begins, part = text.endswith("*"), text.startswith("*") and len(words) == 1
    shortest = LEAST_PART if part else LEAST_BEGINNING
    if (begins or part) and len(words[-1]) < shortest:
        raise too_short(shortest, text[:20])
    yield Term(words, begins=begins and not part, part=part, exact=len(words) > 1, no=no)


def too_short(least: int, word: str) -> Refused:
    """What is said of a beginning or a part that most words have."""
    words = _("Skriv minst %(least)s tecken tillsammans med stjärnan: %(word)s säger för lite.")
    return Refused("too_short", words % {"least": least, "word": word})


def split(text: str) -> tuple[str, ...]:
    """The words of a text, as the index has them but for their endings: "e-post" is two, one after the other."""
    return tuple(small(word) for word in WORD.findall(signs(text)))


def small(word: str) -> str:
    """A word in small letters; as it is where Python makes more letters of them than PostgreSQL does ("İ")."""
    lowered = word.lower()
    return lowered if len(lowered) == len(word) else word
