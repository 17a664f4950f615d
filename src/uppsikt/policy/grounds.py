"""What a ground asks of whoever uses it, and which crimes the law names. Plain Python.

The grounds themselves are rows (`models.Ground`), laid in by a migration and changed by the communications unit.
"""

from __future__ import annotations

import re
from typing import Protocol

# Lag (1998:112) 5 §, as it stands since 2022-07-01; each has a ground that no municipality can take away.
CRIMES = (
    "law.threat",
    "law.privacy",
    "law.incitement",
    "law.agitation",
    "law.child_pornography",
    "law.violence",
    "law.terrorism",
    "law.copyright",
)
# The rules that the guideline names (appendix 1 and 2, D68, D71), and D20's two.
HOUSE_RULES = (
    "rule.sensitive",
    "rule.secrecy",
    "rule.insult",
    "rule.harassment",
    "rule.coarse",
    "rule.pornography",
    "rule.copyright",
    "rule.politics",
    "rule.advertising",
    "rule.spam",
)
# Party politics besides the crimes: without a reason nobody could see that it is used alike against all (RF 1:9, 2:1).
ALWAYS_REASONED = (*CRIMES, "rule.politics")
# What the law asks to be removed, whatever the house decides.
STAY = (*CRIMES, "rule.sensitive", "rule.secrecy")
# A reason that says something has a few words; "se ovan", "…" and "olämpligt" do not.
LEAST_WORDS = 3
WORD = re.compile(r"[^\W\d_]{2,}")


class Asks(Protocol):
    """A ground, as far as this question goes."""

    @property
    def needs_reason(self) -> bool:
        """Whether whoever uses it must say why."""

    @property
    def needs_obvious(self) -> bool:
        """Whether the breach must be obvious (lag (1998:112) 5 §)."""


def missing(ground: Asks, reason: str, obvious: bool) -> str | None:
    """What still keeps the ground from being used: "obvious", "reason", or None when nothing does (D68, law.md § 5)."""
    if ground.needs_obvious and not obvious:
        return "obvious"
    if ground.needs_reason and len({word.lower() for word in WORD.findall(reason)}) < LEAST_WORDS:
        return "reason"
    return None
