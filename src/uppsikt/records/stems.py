"""From words to what the index holds: stems, by PostgreSQL's own Swedish, and the question that is put to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.utils.translation import gettext as _

from uppsikt.kernel.errors import Refused
from uppsikt.records import vocabulary
from uppsikt.records.terms import LEAST_BEGINNING, Groups, Term, split, too_short

# What PostgreSQL makes of a word never changes, and a page asks for the same words several times.
KNOWN: dict[str, tuple[str, ...]] = {}
MOST_KNOWN = 50_000

# The stemmer takes "skola" and "skolan", "bibliotek" and "biblioteket", "kö" and "kön" for different words, and there
# are no endings more common. Here they are taken off and put on; what is no word is in no record either.
DEFINITE, PLURAL = ("et", "an", "en"), ("orna", "or")
GENITIVE = ("ets", "ns", "ornas")
OPEN = ("a", "e", "o", "ö", "å", "y", "i", "u", "el")
# These only look as if they had such an ending, and without it they are another word.
WHOLE = frozenset({"internet", "komet", "nästan", "innan", "organ", "orkan", "planet", "redan", "roman", "sedan"})
# How a word may go on. It is found by its beginning although its stem is shorter than that: "lykto*", "lyktor".
GOES_ON = (
    *("", "a", "ad", "ade", "ades", "an", "ande", "anden", "andes", "ar", "are", "aren", "arens", "arna", "arnas"),
    *("as", "ast", "at", "d", "de", "des", "e", "en", "ens", "er", "erna", "ernas", "ers", "es", "et", "ets", "g"),
    *("het", "heten", "hetens", "heter", "heterna", "ig", "is", "isk", "lig", "ling", "lös", "löst", "n", "na"),
    *("nas", "nd", "nde", "ns", "or", "orna", "ornas", "r", "rna", "rnas", "rs", "s", "st", "t", "te", "ts", "ul"),
    *("fullt", "ullt", "llt", "lt", "öst", "eten", "eter", "eterna", "ten", "ter", "terna"),
)
SHORTEST = 2
# Endings fall off a long word that stay on a short one. This stands before a part, for the beginning that is not known.
ANY = "basbas"
STEMS = "SELECT w, tsvector_to_array(to_tsvector('swedish', w)) FROM unnest(%s::text[]) AS w"


@dataclass
class Marks:
    """What a found word looks like, for those who mark it: stems, beginnings and parts."""

    stems: set[str] = field(default_factory=set)
    begins: set[str] = field(default_factory=set)
    parts: set[str] = field(default_factory=set)

    @property
    def any(self) -> bool:
        """Whether there is anything to mark."""
        return bool(self.stems or self.begins or self.parts)


@dataclass
class Question:
    """A question as the index understands it (a tsquery), and what it marks. `text` is "" for one that asks nothing."""

    text: str = ""
    marks: Marks = field(default_factory=Marks)


class Ready(SearchQuery):
    """A question that is put as it is, without anything made of its words once more."""

    def as_sql(self, compiler: Any, *_rest: Any, **_more: Any) -> tuple[str, Any]:
        """As a literal, which the planner can look into."""
        sql, params = compiler.compile(self.source_expressions[-1])
        return f"{sql}::tsquery", params


def stems(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What the index holds for each word: usually one stem, and nothing for one too common to be indexed ("och")."""
    asked = set(words)
    new = {word for word in asked if word not in KNOWN}
    if new:
        if len(KNOWN) > MOST_KNOWN:
            KNOWN.clear()
        with connection.cursor() as cursor:
            cursor.execute(STEMS, [sorted(new)])
            KNOWN.update((word, tuple(found)) for word, found in cursor.fetchall())
    return {word: KNOWN.get(word, ()) for word in asked}


def forms(term: Term) -> set[str]:
    """Other forms of a word, that the stemmer takes for other words."""
    if term.exact or term.begins or term.part:
        return set()
    bare = undressed(term.words[-1])
    put_on = {base + end for base in bare for end in (*DEFINITE, "a")}
    return bare | put_on | {base + end for base in bare if base.endswith(OPEN) for end in ("n", "t", "na")}


def undressed(word: str) -> set[str]:
    """The word, and what may be left of it when an ending is taken off."""
    word = word.removesuffix("s") if word.endswith(GENITIVE) else word
    if word in WHOLE:
        return {word}
    bare = {word.removesuffix(end) for end in (*DEFINITE, *PLURAL)}
    bare |= {word.removesuffix(end) for end in ("n", "t", "na") if word.removesuffix(end).endswith(OPEN)}
    return {word} | {base for base in bare if len(base) > SHORTEST or (base and base.endswith(OPEN))}


def continued(word: str) -> list[str]:
    """Words that begin so."""
    return [word + more for more in GOES_ON]


def question(groups: Groups, author: str = "") -> Question:
    """The question for what was asked for, and for an author's names. Raises Refused where nothing can be sought."""
    terms = [term for group in groups for term in group]
    wanted = {word for term in terms for word in (*term.words, *forms(term))}
    wanted |= {more for term in terms if term.begins or term.part for more in continued(term.words[-1])}
    wanted |= {more for term in terms if term.part for more in continued(ANY + term.words[-1])}
    known = stems(wanted)
    built = Question()
    asked = [either(filter(None, (one(term, known, built.marks) for term in group))) for group in groups]
    parts = [part for part in asked if part]
    if groups and not parts:
        raise Refused("only_common", _("Så vanliga ord söks inte. Lägg till ett ord som säger mer."))
    names = list(names_in(author))
    if author.strip() and not names:
        raise Refused("no_words", _("Där finns inget namn att söka på. Skriv minst en bokstav eller siffra."))
    parts += names
    built.text = " & ".join(parts)
    return built


def names_in(author: str) -> Iterator[str]:
    """The questions for an author's names: whole ones, and beginnings where a star says so, as with words.

    A beginning has no place of its own in the index: to take each name for one made finding somebody ten times dearer.
    """
    for piece in author.split():
        words = split(piece)
        begins = piece.endswith("*")
        if words and begins and len(words[-1]) < LEAST_BEGINNING:
            raise too_short(LEAST_BEGINNING, words[-1])
        for place, word in enumerate(words, 1):
            yield quoted(f"@{word}") + (":*" if begins and place == len(words) else "")


def one(term: Term, known: dict[str, tuple[str, ...]], marks: Marks) -> str:
    """The question for one term; "" for one that is too common to ask for."""
    seen = Marks() if term.no else marks
    if term.part:
        asked = either(map(quoted, in_words(term.words[0], known, seen)))
        # A part that stands in no word is found nowhere.
        asked = asked or quoted("*")
    else:
        asked = phrase(term, known, seen)
    return f"!({asked})" if asked and term.no else asked


def phrase(term: Term, known: dict[str, tuple[str, ...]], marks: Marks) -> str:
    """Words that stand after each other; where one between them is not indexed, its place is counted all the same."""
    asked, gap = "", 0
    for place, word in enumerate(term.words, 1):
        found = list(known[word])
        if found and place == len(term.words):
            found += [stem for form in forms(term) for stem in known[form]]
        if term.begins and place == len(term.words):
            shorter = shortened(word, known)
            marks.begins.add(word)
            marks.stems |= shorter
            here = either([f"{quoted(word)}:*", *map(quoted, sorted(shorter))])
        else:
            marks.stems |= set(found)
            here = either(map(quoted, sorted(set(found))))
        gap += 1
        if here:
            asked = f"{asked} <{gap}> {here}" if asked else here
            gap = 0
    return f"({asked})" if len(term.words) > 1 and asked else asked


def shortened(word: str, known: dict[str, tuple[str, ...]]) -> set[str]:
    """Stems of words that begin so, that are shorter than the beginning itself."""
    found = {stem for more in continued(word) for stem in known[more]}
    return {stem for stem in found if not stem.startswith(word) and len(stem) > SHORTEST}


def in_words(part: str, known: dict[str, tuple[str, ...]], marks: Marks) -> list[str]:
    """The stems that hold the part, or end with what is left of it in a stem."""
    marks.parts.add(part)
    within = {stem.removeprefix(ANY) for stem in shortened(ANY + part, known)}
    endings = {stem for stem in within | shortened(part, known) if len(stem) > SHORTEST}
    return vocabulary.holding(part, endings)


def either(asked: Iterable[str]) -> str:
    """A question that one of these answers; "" for none."""
    some = list(asked)
    return some[0] if len(some) == 1 else f"({' | '.join(some)})" if some else ""


def quoted(stem: str) -> str:
    """A stem as a question has it."""
    return "'" + stem.replace("\\", "\\\\").replace("'", "''") + "'"
