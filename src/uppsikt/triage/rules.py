"""How high something stands in the queue, and what is drawn by lot. Plain Python.

Levels: 4 see to it at once, 3 see it first, 2 may break a rule, 1 somebody may want an answer, 0 nothing found.
A level orders and never hides: what has level 0 is shown too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from uppsikt.text.kinds import KINDS

URGENT, FIRST, RULE, ANSWER, NOTHING = 4, 3, 2, 1, 0
GUARDED = frozenset({"personal", "sensitive", "secrecy"})
# Findings of these say something of a person that the law guards: no list and no figure goes by them (2018:218 3:3).
UNLISTED = frozenset({"sensitive", "secrecy"})
# Kept of one wording; somebody will paste a whole register.
MOST = 100
# Those who read the queue meet what was drawn by lot anywhere but among what is urgent.
LOTS = (ANSWER, RULE, FIRST)
CHANCES = 1000
# 95 of 100 such intervals hold the true share.
Z95 = 1.959964


def level(kind: str, score: float, *, sure: float) -> int:
    """The level of one finding of the rules; `sure` is the score from which what may be a crime is told at once."""
    known = KINDS[kind]
    if known.group in GUARDED:
        return URGENT if known.urgent else FIRST
    if known.group == "unlawful":
        return URGENT if known.urgent and score >= sure else FIRST
    if known.group in {"house", "own"}:
        return RULE
    return NOTHING if kind == "praise" else ANSWER


def level_of_ground(ground: str, *, most: int) -> int:
    """The level of what only a learned model or a language model points out: never urgent by itself."""
    return min(FIRST if ground.startswith("law.") else RULE, most)


def lot(item_id: int) -> int:
    """The item's lot, 0 to 999: the same whenever it is asked, and nothing that whoever writes could choose."""
    digest = hashlib.sha256(f"triage:{item_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") * CHANCES >> 64


def lot_rank(item_id: int) -> int:
    """Among which level something drawn by lot is shown."""
    return LOTS[hashlib.sha256(f"rank:{item_id}".encode()).digest()[0] % len(LOTS)]


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 percent interval, each 0 to 1, from `hits` of `of`. None where nothing was looked at."""

    hits: int
    of: int
    share: float
    low: float
    high: float


def share(hits: int, of: int) -> Share | None:
    """A share with Wilson's interval, which holds for few and for none as well."""
    if not of:
        return None
    at, spread = hits / of, Z95 * Z95 / of
    middle = (at + spread / 2) / (1 + spread)
    half = Z95 / (1 + spread) * sqrt(at * (1 - at) / of + spread / (4 * of))
    return Share(hits, of, at, max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True, slots=True)
class Score:
    """How well something told one ground from the rest: `right` found, `wrong` found, `missed` not found."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        """Of what it pointed out, the part that was so; None where it pointed out nothing."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def recall(self) -> float | None:
        """Of what was so, the part that it pointed out; None where nothing was."""
        return self.right / (self.right + self.missed) if self.right + self.missed else None

    @property
    def f1(self) -> float:
        """Both in one number, 0 to 1."""
        twice = 2 * self.right
        return twice / (twice + self.wrong + self.missed) if twice else 0.0


def scored(pairs: Iterable[tuple[bool, bool]]) -> Score:
    """The score of pairs (said, so)."""
    right = wrong = missed = 0
    for said, so in pairs:
        right += said and so
        wrong += said and not so
        missed += so and not said
    return Score(right, wrong, missed)


# One in twenty models that are no better would pass.
Z90 = 1.644854


def beats(model: Score, rules: Score, *, gained: int, lost: int) -> bool:
    """Whether a model is worth being heard beside the rules, by judgements that it had not seen.

    `gained` are those where it was right and the rules wrong, `lost` the other way round: it must be better by its
    score, and by more than chance would give (a sign test, one-sided, 5 percent).
    """
    return model.f1 > rules.f1 and gained - lost > Z90 * sqrt(gained + lost)
