"""Which parts a standing text holds that somebody has worded in their own way (D14, D67). Plain Python.

A part is known by signs, not by the product's words: beginnings of words that stand together in one sentence. The signs
are data, one set for each language; what they find in fair rewordings and in incomplete texts is measured by the tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from uppsikt.register.infotext_languages import ALL, PARTS, Language

SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<!:)\n+|\s[•·–-]\s")
# Bounded on all sides: a text is somebody else's, and must not make the search slow.
ADDRESS = r"(?:https?://|www\.)\S|(?<![\w@.-])(?:[\w-]{1,63}\.){1,4}(?:se|nu|eu|org|com)(?:/|(?!\w))"
EMAIL = r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\."
PHONE = r"(?:\+46|0)[\d \u00a0-]{6,14}\d"
BEGINS, BLANK = r"(?<!\w)", r"\s+"
LONGEST = 20_000
SHORT_NAME = 4


@dataclass(frozen=True, slots=True)
class Known:
    """What the signs may name: the municipality, the network, and the addresses of the account's own page."""

    municipality: str
    network: str
    pages: tuple[str, ...] = ()


NOBODY = Known("", "")
NAMED = frozenset({"{municipality}", "{network}", "{page_url}"})


def parts(text: str, known: Known) -> frozenset[str]:
    """The parts that stand in a text, in the language in which most of them do."""
    sentences = [words for words in SENTENCES.split(text[:LONGEST].casefold()) if words and words.strip()]
    found = [
        frozenset(part for part in PARTS if _stands(part, group, sentences, known)) for group in _groups().values()
    ]
    return max(found, key=len)


@lru_cache(maxsize=1)
def _groups() -> Mapping[str, tuple[Language, ...]]:
    """The languages that are one to a reader: Swedish and easy Swedish."""
    codes = dict.fromkeys(language.html for language in ALL.values())
    return {html: tuple(one for one in ALL.values() if one.html == html) for html in codes}


def _stands(part: str, group: Iterable[Language], sentences: list[str], known: Known) -> bool:
    rows = [row for language in group for row in language.parts[part].signs]
    return any(all(_holds(word, words, known) for word in row) for row in rows for words in sentences)


def _holds(word: tuple[str, ...], words: str, known: Known) -> bool:
    ways = word[1:] if word[0] == "!" else word
    # Most signs name nothing of the account: those are made once for all accounts.
    named = any(way in NAMED for way in ways)
    return bool(_sign(ways, known if named else NOBODY).search(words)) is (word[0] != "!")


@lru_cache(maxsize=4096)
def _sign(ways: tuple[str, ...], known: Known) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_way(way, known)})" for way in ways))


def _way(way: str, known: Known) -> str:
    if not way.startswith("{"):
        return BEGINS + BLANK.join(re.escape(word) for word in way.casefold().split("_"))
    if way == "{municipality}":
        return BEGINS + re.escape(stem(known.municipality))
    if way == "{network}":
        return BEGINS + re.escape(known.network.casefold())
    if way == "{page_url}":
        return "|".join(re.escape(page.casefold()) for page in known.pages) or r"(?!)"
    return {"{url}": ADDRESS, "{email}": EMAIL, "{phone}": PHONE}[way]


def stem(municipality: str) -> str:
    """The name without what every municipality is called, so that "i Älvsta" and "Älvstas kommun" are known too."""
    words = re.sub(r"\b(kommun|stad|region|municipality|kunta|kaupunki)\b", "", municipality.casefold()).strip()
    return (words[:-1] if words.endswith("s") and len(words) > SHORT_NAME else words) or municipality.casefold()
