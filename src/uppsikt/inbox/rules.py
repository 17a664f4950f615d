"""How an answer is signed, and why a case can end without one. Plain Python."""

from __future__ import annotations

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
