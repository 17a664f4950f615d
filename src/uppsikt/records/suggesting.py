"""Other words to search for where nothing was found: words like the one that was written, and longer ones that hold it.

Nothing is suggested but what has been found for this reader, in the words of a record that the reader may read: a
word that stands in secret records alone is never hinted at.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from uppsikt.kernel.errors import Refused
from uppsikt.records import highlights, search, stems, vocabulary
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader
from uppsikt.records.search import Asked
from uppsikt.records.terms import Term, parse

# How much alike two words are, of 1; how many are tried, and how many shown.
ALIKE, TRIED, MOST = 0.72, 6, 3
LONG = 4
# Not one alone: see `search.any_found`.
TRIED_ITEMS = 25


def suggest(words: str, reader: Reader) -> list[str]:
    """Other questions, whole, that this reader gets an answer to; none where the words themselves are found."""
    try:
        terms = [group[0] for group in parse(words) if len(group) == 1]
        plain = [term for term in terms if lone(term)]
        missed = [term for term in plain if not search.any_found(Asked(term.words[0]), reader)]
    except Refused:
        return []
    found: list[str] = []
    for term in missed[:2]:
        for other in others(term.words[0], reader):
            whole = swapped(words, term.words[0], other)
            if whole not in found and answered(whole, reader):
                found.append(whole)
            if len(found) == MOST:
                return found
    return found


def lone(term: Term) -> bool:
    """Whether it is one plain word, long enough to be like another."""
    return len(term.words) == 1 and not (term.begins or term.part or term.no) and len(term.words[0]) >= LONG


def others(word: str, reader: Reader) -> Iterator[str]:
    """Words that could have been meant, as some record has them; then the word as a part of longer ones."""
    stem = (stems.stems([word])[word] or (word,))[0]
    near = [(SequenceMatcher(None, stem, other).ratio(), other) for other in vocabulary.like(stem) if other != stem]
    for _alike, other in sorted((pair for pair in near if pair[0] >= ALIKE), reverse=True)[:TRIED]:
        if written := as_written(other, reader):
            yield written
    yield f"*{word}*"


def as_written(stem: str, reader: Reader) -> str:
    """A word with this stem, as the newest record that the reader may read has it; "" where none does."""
    marks = stems.Marks(stems={stem})
    question = stems.Question(stems.quoted(stem), marks)
    keys = search.page(search.matching(Asked(), question, reader), None).values("item_id")[:TRIED_ITEMS]
    for item in sorted(search.listed(keys, question, reader), key=lambda item: item.at, reverse=True)[:1]:
        for version in item.versions.order_by("-number").values_list("title", "text")[:5]:
            if word := highlights.first_hit(" ".join(version)[: search.READ], marks):
                return word
    return ""


def swapped(words: str, old: str, new: str) -> str:
    """The question with another word in the place of one, whatever its capitals."""
    place = words.lower().find(old)
    return words[:place] + new + words[place + len(old) :] if place >= 0 else new


def answered(words: str, reader: Reader) -> Item | None:
    """Something that the question finds for the reader."""
    try:
        return search.any_found(Asked(words), reader)
    except Refused:
        return None
