"""Whatever is taken in is found by its words, and search says what somebody would who reads all of it (D18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import factories
from uppsikt.connectors.base import Direction, Kind
from uppsikt.kernel.errors import Refused
from uppsikt.records import search, stems, vocabulary
from uppsikt.records.indexing import signs
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader
from uppsikt.records.search import Asked
from uppsikt.records.terms import WORD, Groups, Term, parse

pytestmark = pytest.mark.django_db
SEVERAL = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
ALL = Reader(everything=True)
POOL = ("lykta", "lyktan", "lyktorna", "gatlyktor", "skola", "skolan", "och", "inte", "bad", "badet/simhall", "e-post")
POOL += ("2024-05-01", "å", "Ö!", "nu.Sedan", "x<y")
SAID = st.lists(st.sampled_from(POOL), max_size=7).map(" ".join)
LETTERS = st.characters(categories=("Lu", "Ll", "Lo", "Nd", "Zs", "Po", "Pd", "Sc", "So"))


@SEVERAL
@given(st.lists(st.text(LETTERS, max_size=40), min_size=1, max_size=3))
def test_d18_whatever_is_taken_in_is_found_by_its_words(texts: list[str]) -> None:
    channel = factories.channel()
    items = factories.items(channel, [factories.captured(text=text) for text in texts])
    vocabulary.gather()
    for item, text in zip(items, texts, strict=True):
        for word in WORD.findall(signs(text)):
            for asked in (word, f'"{word}"', f"{word}*", f"*{word}*"):
                assert item.pk in found(asked, channel.pk), asked


def found(words: str, channel: int) -> set[int]:
    """What is found; everything for what says too little to be sought."""
    asked = Asked(words, channels=(channel,))
    try:
        return {item.pk for lot in search.every(asked, ALL) for _place, item in lot}
    except Refused as refused:
        assert refused.code in {"only_common", "too_short"}
        return set(Item.objects.values_list("pk", flat=True))


@st.composite
def items(draw: st.DrawFn) -> dict[str, Any]:
    """Something said, by somebody, in one wording or two."""
    return {
        "texts": draw(st.lists(SAID, min_size=1, max_size=2)),
        "author": draw(st.sampled_from(["Åsa Öberg", "Maria Li", "Li-Marie"])),
        "minutes": draw(st.integers(0, 3)),
        "kind": draw(st.sampled_from([Kind.COMMENT, Kind.POST])),
        "direction": draw(st.sampled_from(list(Direction))),
        "secret": draw(st.booleans()),
    }


WORDS = st.sampled_from([*POOL, '"lyktan och skolan"', '"nu sedan"', '"e post"', "skola or bad", '"x y"'])
QUESTION = st.lists(st.tuples(st.sampled_from(["", "", "-"]), WORDS).map("".join), max_size=3).map(" ".join)
FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["comment", "post"]),
        "direction": st.sampled_from(["received", "drawn_up"]),
        "author": st.sampled_from(["åsa", "li", "Mar", "Mar*", "öb* ÅSA", "X"]),
        "since": st.integers(0, 3).map(lambda n: factories.THURSDAY + timedelta(minutes=n)),
        "before": st.integers(0, 4).map(lambda n: factories.THURSDAY + timedelta(minutes=n)),
    },
)


@SEVERAL
@given(st.lists(items(), min_size=1, max_size=6), st.lists(st.tuples(QUESTION, FILTERS), min_size=3, max_size=3))
def test_d18_search_agrees_with_somebody_who_reads_everything(said: list[dict[str, Any]], asked: list[Any]) -> None:
    channel = factories.channel()
    made = [(one, taken(channel, one)) for one in said]
    readers = (Reader(), ALL, Reader(channels=frozenset({channel.pk})))
    for words, filters in asked:
        try:
            groups = parse(words)
        except Refused:
            continue
        for reader in readers:
            wish = Asked(words, channels=(channel.pk,), **filters)
            wanted = [item for one, item in made if reads(one, item, groups, filters, reader)]
            wanted.sort(key=lambda item: (item.at, item.pk), reverse=True)
            try:
                assert walked(wish, reader, back=False) == [item.pk for item in wanted], wish
                assert walked(wish, reader, back=True) == [item.pk for item in reversed(wanted)], wish
                assert search.count(wish, reader) == search.Count(len(wanted), exact=True)
            except Refused as refused:
                assert refused.code == "only_common"


def taken(channel: Any, one: dict[str, Any]) -> Item:
    """Taken in as it was said, one wording after the other."""
    at = factories.THURSDAY + timedelta(minutes=one["minutes"])
    native_id = f"c/{next(factories.numbers)}"
    for text in one["texts"]:
        sides = {name: one[name] for name in ("author", "kind", "direction")}
        item = factories.item(channel, native_id=native_id, text=text, at=at, **sides)
    Item.objects.filter(pk=item.pk).update(secret=one["secret"])
    return item


def walked(wish: Asked, reader: Reader, *, back: bool) -> list[int]:
    """All keys, two at a time, from the newest on or from the oldest."""
    keys: list[int] = []
    first = search.find(wish, reader, limit=100)
    last = first.rows[-1] if first.rows else None
    place = (last.at - timedelta(days=1), 0) if back and last else None
    while True:
        page = search.find(wish, reader, place=place, back=back, limit=2)
        keys += [row.pk for row in (reversed(page.rows) if back else page.rows)]
        place = page.newer if back else page.older
        if place is None:
            return keys


def reads(one: dict[str, Any], item: Item, groups: Groups, filters: dict[str, Any], reader: Reader) -> bool:
    """Whether somebody who reads it all would hand the item over."""
    if one["secret"] and not (reader.everything or item.channel_id in reader.channels):
        return False
    names = [name.lower() for name in WORD.findall(one["author"])]
    for piece in filters.get("author", "").lower().split():
        asked = piece.removesuffix("*")
        if not any(name == asked or (piece != asked and name.startswith(asked)) for name in names):
            return False
    exact = all(filters.get(side, one[side].value) == one[side].value for side in ("kind", "direction"))
    within = filters.get("since", item.at) <= item.at and item.at < filters.get("before", item.at + timedelta(days=1))
    return exact and within and all(answers(group, one["texts"]) for group in groups)


def answers(group: list[Term], texts: Iterable[str]) -> bool:
    """Whether one of the terms is answered; one of words too common to be sought asks for nothing."""
    asked = [(term, [one(word) for word in term.words]) for term in group]
    asked = [(term, wanted) for term, wanted in asked if any(wanted)]
    return not asked or any(holds(term, wanted, texts) != term.no for term, wanted in asked)


def one(word: str) -> set[str]:
    """The stems of a word."""
    return set(stems.stems([word])[word])


def holds(term: Term, wanted: list[set[str]], texts: Iterable[str]) -> bool:
    """Whether one of the texts holds these words after each other, of which those too common may be any."""
    if len(wanted) == 1:
        wanted = [wanted[0].union(*(one(form) for form in stems.forms(term)))]
    first = next(place for place, word in enumerate(wanted) if word)
    last = max(place for place, word in enumerate(wanted) if word)
    core = wanted[first : last + 1]
    for text in texts:
        said = [one(word.lower()) for word in WORD.findall(signs(text))]
        for begin in range(len(said) - len(core) + 1):
            pairs = zip(core, said[begin : begin + len(core)], strict=True)
            if all(not word or word & here for word, here in pairs):
                return True
    return False
