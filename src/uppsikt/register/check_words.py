"""The audit in words: each check by its code, one block for each side of an account.

(name, what is wrong with %(fact)s filled in from the fault's facts, what to do about it)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = tuple[Promise, Promise, Promise]

PROFILE: dict[str, Words] = {}

INFOTEXT: dict[str, Words] = {}

PEOPLE: dict[str, Words] = {}

OPENING: dict[str, Words] = {}

LIFE: dict[str, Words] = {}

WORDS: dict[str, Words] = {**PROFILE, **INFOTEXT, **PEOPLE, **OPENING, **LIFE}


@dataclass(frozen=True, slots=True)
class Said:
    """A fault in words: what the check is called, what is wrong, what to do."""

    name: str
    sentence: str
    todo: str


class Facts(dict[str, str]):
    """Facts by name; one that is missing is shown as a dash, so that old deviations still read when words change."""

    def __missing__(self, name: str) -> str:
        return "–"


def name(code: str) -> str:
    """What a check is called; a code that has no words any more is shown as it is."""
    return str(WORDS[code][0]) if code in WORDS else code


def said(code: str, facts: Mapping[str, object]) -> Said:
    """A fault in the reader's language."""
    if code not in WORDS:
        return Said(code, str(gettext_lazy("Kontrollen finns inte längre.")), "")
    called, sentence, todo = WORDS[code]
    known = Facts({key: str(value) for key, value in facts.items()})
    return Said(str(called), str(sentence) % known, str(todo) % known)
