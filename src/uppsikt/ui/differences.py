"""What changed between two wordings, word by word. Plain Python."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

# Comparing costs the product of the lengths at worst; a longer text is shown whole instead.
MOST_WORDS = 3000
PARTS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that stayed, came or went."""

    how: Literal["same", "added", "removed"]
    text: str


def differences(before: str, after: str) -> list[Part] | None:
    """The way from one wording to the next, or None where the texts are too long to compare."""
    # So many characters are always enough words, and cutting first keeps a megabyte from being split up.
    if max(len(before), len(after)) > MOST_WORDS * 12:
        return None
    old, new = PARTS.findall(before), PARTS.findall(after)
    if max(len(old), len(new)) > 2 * MOST_WORDS:
        return None
    parts: list[Part] = []
    for how, first, last, begin, end in SequenceMatcher(None, old, new).get_opcodes():
        if how == "equal":
            parts.append(Part("same", "".join(old[first:last])))
            continue
        if last > first:
            parts.append(Part("removed", "".join(old[first:last])))
        if end > begin:
            parts.append(Part("added", "".join(new[begin:end])))
    return parts
