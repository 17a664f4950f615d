"""The languages of the standing text: each is a file of its own wordings (D66, D67). Plain Python.

A language more is a file more in `infotexts/` and its code in `rules.LANGUAGES`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from uppsikt.register.rules import LANGUAGES, SUBJECTS

FOLDER = Path(__file__).with_name("infotexts")
# What the standing text says (D14, D67, D68, D70), in the order in which people read it.
PARTS = (
    "welcome",
    "sender",
    "purpose",
    "replies",
    "personal",
    "record",
    "third_party",
    "data_protection",
    "rules",
    "contact",
    "abuse",
    "guideline",
    "opinions",
    "more",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the text says: its heading, the product's wordings from long to short, and its signs."""

    title: str
    say: tuple[str, ...]
    signs: tuple[tuple[tuple[str, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Language:
    """The wordings of one language. `html` is its code on a page; easy Swedish is Swedish there."""

    code: str
    name: str
    html: str
    within: tuple[str, str]
    link: str
    subjects: Mapping[str, str]
    parts: Mapping[str, Part]
    rules: Mapping[str, str]

    def working_days(self, days: int) -> str:
        """How soon we answer, in words."""
        return self.within[0] if days == 1 else self.within[1].format(n=days)


class Incomplete(ValueError):  # the house names errors by what went wrong
    """A language's file lacks something; the words are for whoever writes it."""


def read(code: str, text: str) -> Language:
    """A language from its file. Raises Incomplete, tomllib.TOMLDecodeError."""
    found = tomllib.loads(text)
    lacking = [name for name in PARTS if not found.get("parts", {}).get(name, {}).get("say")]
    lacking += [name for name in SUBJECTS if not found.get("subjects", {}).get(name)]
    if lacking:
        raise Incomplete(f"{code} lacks {', '.join(lacking)}")
    try:
        return Language(
            code=code,
            name=found["name"],
            html=found["html"],
            within=(found["within"][0], found["within"][1]),
            link=found["link"],
            subjects=MappingProxyType(found["subjects"]),
            parts=MappingProxyType({name: _part(found["parts"][name]) for name in PARTS}),
            rules=MappingProxyType(found["rules"]),
        )
    except (KeyError, IndexError) as error:
        raise Incomplete(f"{code} lacks {error}") from error


def _part(found: Mapping[str, Any]) -> Part:
    signs = tuple(tuple(_word(word) for word in row.split()) for row in found["signs"])
    return Part(found["title"], tuple(found["say"]), signs)


def _word(word: str) -> tuple[str, ...]:
    """The ways of a word; one that must not stand there begins with "!" alone."""
    return ("!", *word[1:].split("|")) if word.startswith("!") else tuple(word.split("|"))


ALL: Mapping[str, Language] = MappingProxyType(
    {code: read(code, (FOLDER / f"{code}.toml").read_text(encoding="utf-8")) for code in LANGUAGES}
)
