"""How an answer is signed, and why a case can end without one. Plain Python."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum


class Outcome(StrEnum):
    """How a case ended."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    PASSED_ON = "passed_on"


class Sort(StrEnum):
    """A full answer, or word that the question has been passed on (D38)."""

    FULL = "full"
    HOLDING = "holding"


def signature(name: str, title: str, unit: str) -> str:
    """Name, title and unit of the one whose answer it is (D22, D36); what is missing is left out."""
    return ", ".join(part.strip() for part in (name, title, unit) if part.strip())


def signed(text: str, name: str, title: str, unit: str) -> str:
    """An answer as it goes out: its text, a blank line, the signature. Never signed twice."""
    body, line = text.strip(), signature(name, title, unit)
    return body if body.endswith(line) else f"{body}\n\n{line}"


# What a template may leave open, and what the page fills in where the case knows it.
FIELDS = ("namn", "kanal", "enhet", "kommun", "handläggare", "öppettider", "länk", "datum", "svarsdag", "telefon")
FIELD = re.compile(r"\{([a-zåäö]+)\}")


def fill(text: str, values: Mapping[str, str]) -> str:
    """A template's text with its fields filled; one that has no value stays as it is, for a person to fill."""
    return FIELD.sub(lambda found: values.get(found[1]) or found[0], text)


def unfilled(text: str) -> list[str]:
    """The fields that are still open in a text, each once, in the order in which they stand."""
    return list(dict.fromkeys(name for name in FIELD.findall(text) if name in FIELDS))


def unknown_fields(text: str) -> list[str]:
    """What stands as a field in a text and is none."""
    return list(dict.fromkeys(name for name in FIELD.findall(text) if name not in FIELDS))
