"""The piece of a text that holds what was searched for, with the found words between HIT and HIT_END."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from uppsikt.records import stems
from uppsikt.records.indexing import signs
from uppsikt.records.stems import Marks
from uppsikt.records.terms import WORD
from uppsikt.ui.hostile import HIT, HIT_END

# So many letters are shown, of which so many before the first that was found.
LENGTH, BEFORE = 320, 80


def mark(texts: Sequence[str], marks: Marks, *, length: int = LENGTH) -> list[str]:
    """Each text's piece around what was found in it, or its beginning; one question to the database for all."""
    found = [list(WORD.finditer(text)) for text in texts]
    words = {match[0] for matches in found for match in matches}
    hit = hits(words, marks)
    return [
        around(text, [match.span() for match in matches if match[0] in hit], length)
        for text, matches in zip(texts, found, strict=True)
    ]


def hits(words: Iterable[str], marks: Marks) -> set[str]:
    """Those of the words that were searched for, in whatever form."""
    begins, parts, first = tuple(marks.begins), tuple(marks.parts), tuple(marks.stems)
    seen, likely = set(), {}
    for word in words:
        plain = signs(word).lower()
        if plain.startswith(begins) or any(part in plain for part in parts):
            seen.add(word)
        elif plain.startswith(first):
            # A stem is what a word begins with, so that few have to be asked for.
            likely[word] = plain
    known = stems.stems(likely.values())
    return seen | {word for word, plain in likely.items() if marks.stems.intersection(known[plain])}


def around(text: str, spans: Sequence[tuple[int, int]], length: int) -> str:
    """A piece of the text from a little before the first span on, the spans in it marked."""
    begin = 0
    if spans and spans[0][1] > length // 2:
        begin = max(0, spans[0][0] - BEFORE)
        begin = text.find(" ", begin, spans[0][0]) + 1 or begin
    end = begin + length
    parts, place = ["… "] if begin else [], begin
    for start, stop in spans:
        if stop <= end:
            parts += [text[place:start], HIT, text[start:stop], HIT_END]
            place = stop
    parts.append(text[place:end])
    return "".join(parts) + ("…" if len(text) > end else "")


def first_hit(text: str, marks: Marks) -> str:
    """The first word of a text that was searched for, in small letters; "" where there is none."""
    hit = hits({match[0] for match in WORD.finditer(text)}, marks)
    return next((re.sub(r"\s", "", match[0]).lower() for match in WORD.finditer(text) if match[0] in hit), "")
