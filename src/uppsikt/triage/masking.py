"""A text without what points out a person, and the way back from a quote of it. Plain Python.

What the rules do not see is not masked: names above all. So a masked text is still a text about people, and goes no
further than to a machine of the municipality's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MASK = "[DOLT]"
# A quote of one letter stands everywhere, and one of a page says nothing.
SHORTEST, LONGEST = 4, 300


@dataclass(frozen=True, slots=True)
class Masked:
    """The text as it is sent; `pieces` are (where it stands in it, where it stood, how long) of all that was kept."""

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def find(self, quote: str) -> tuple[int, int] | None:
        """Where a quote stands in the text as it was given: word for word, and with nothing masked in it, or None."""
        if not SHORTEST <= len(quote) <= LONGEST:
            return None
        for place, stood, length in self.pieces:
            at = self.text.find(quote, place, place + length)
            if at >= 0:
                start = stood + at - place
                return start, start + len(quote)
        return None


def mask(text: str, spans: Iterable[tuple[int, int]], *, limit: int) -> Masked:
    """The beginning of a text, at most `limit` signs of it, with these places taken out."""
    end = min(len(text), limit)
    parts, pieces, place, length = list[str](), list[tuple[int, int, int]](), 0, 0
    for start, stop in [*sorted((max(0, a), b) for a, b in spans), (end, end)]:
        kept = text[place : min(start, end)] if start > place else ""
        if kept:
            parts.append(kept)
            pieces.append((length, place, len(kept)))
            length += len(kept)
        if start < end and stop > place and (kept or not parts):
            # Places that touch are one.
            parts.append(MASK)
            length += len(MASK)
        place = max(place, stop)
        if place >= end:
            break
    return Masked("".join(parts), tuple(pieces))
