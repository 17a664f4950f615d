"""D20: whatever a text holds, findings lie in it as it was given, and reading takes time in proportion to it."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import uppsikt.text
from uppsikt.text.kinds import GROUPS, KINDS
from uppsikt.text.prepared import prepare
from uppsikt.text.reading import read, read_many

PIECES = st.sampled_from(
    [
        "850709-9805", "070-174 06 05", "anna.x@example.org", "anna snabel-a example punkt org", "Lindvägen 7",
        "lgh 1102",
        "734 30 Hallstahammar", "reg ABC 123", "4111 1111 1111 1111", "mål T 1234-22", "min son har adhd",
        "hon har LVU",
        "Anna Svensson", "är muslim", "\u200b", "\u0308", "\u00ad", "а", "О", "\ufe0f\u20e3", "ﬁ", "İ",
        "\ud800", "\n", " ", "noll sju noll ",
        "åttiofem ", "１９", "℡", "👩‍👩‍👧", "!", ". ", "@", "(at)", "d.i.a.b.e.t.e.s", "#", "0", "7", "+46",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.characters()), max_size=25).map("".join))


@given(TEXTS, st.booleans())
@example("\ud800 070-1740605", False)
@example("İ850709-9805", True)
@example("a" + "\u0301" * 50 + " 850709-9805", False)
def test_findings_lie_in_the_text_as_given(text: str, own: bool) -> None:
    for finding in read(text, own=own):
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.quote == text[finding.start : finding.end]
        kind = KINDS[finding.kind]
        assert kind.group in GROUPS
        assert (finding.ground, finding.law) == (kind.ground, kind.law)
        assert 0 < finding.score <= 1
        assert finding.why.endswith(".")
        assert len(finding.quote) < 8 or finding.quote not in finding.why
        assert finding.detector and finding.version


@given(TEXTS)
def test_each_plain_letter_leads_back_to_what_it_came_from(text: str) -> None:
    prepared = prepare(text)
    assert len(prepared.plain) == len(prepared.lower)
    if prepared.starts is None or prepared.ends is None:
        assert prepared.plain == text
        return
    assert len(prepared.starts) == len(prepared.ends) == len(prepared.plain)
    assert prepared.starts == sorted(prepared.starts)
    for start, end in zip(prepared.starts, prepared.ends, strict=True):
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("p\u0435t\u0435r", "peter"),  # Cyrillic letters among Latin ones
        ("\u0440\u0430\u0441", "pac"),  # nothing but look-alikes
        ("привет сор", "привет сор"),  # Russian stays Russian
        ("h\u0336e\u0336j", "hej"),
        ("𝓱𝓮𝓳", "hej"),
        ("hej\u200b\u2060\ufeff du", "hej du"),
        ("a\u030aa\u0308o\u0308", "åäö"),
        ("８–５", "8-5"),
        ("ﬁn", "fin"),
        ("ḥẹj", "hej"),
    ],
)
def test_what_looks_the_same_is_read_the_same(written: str, plain: str) -> None:
    assert prepare(written).plain == plain


def test_many_texts_are_read_as_one_by_one() -> None:
    texts = ["Ring 070-1740605", "", "hej", "min son har adhd"]
    assert list(read_many(texts)) == [read(text) for text in texts]


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern of the room, with its name."""
    for module in pkgutil.walk_packages(uppsikt.text.__path__, "uppsikt.text."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern):
                yield f"{module.name}.{name}", value


ENDLESS = {codes.MAX_REPEAT, codes.MIN_REPEAT}


def opened_by_a_sign(tree: Any) -> bool:
    """Whether what is repeated begins with one of a few given signs, which tell each round from the next."""
    begins, told = tree[0]
    return begins is codes.LITERAL or (begins is codes.IN and all(part[0] is codes.LITERAL for part in told))


def repeats(tree: Any, inside: bool = False) -> Iterator[bool]:
    """For each repetition without an end, whether it stands within another such that nothing tells apart."""
    if isinstance(tree, parser.SubPattern | list | tuple):
        if isinstance(tree, tuple) and len(tree) == 2 and tree[0] in ENDLESS and tree[1][1] is codes.MAXREPEAT:
            yield inside
            inside = inside or not opened_by_a_sign(tree[1][2])
        for part in tree:
            yield from repeats(part, inside)


@pytest.mark.parametrize(("name", "pattern"), list(patterns()))
def test_no_pattern_repeats_a_repetition_without_an_end(name: str, pattern: re.Pattern[str]) -> None:
    """Such a pattern can take exponential time; all texts come from strangers."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    assert not any(repeats(tree)), name


def steps(work: Callable[[], object]) -> int:
    """How many calls of functions, Python's own included, the work takes."""
    count = 0

    def note(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


HOSTILE = [
    "1 ", "1", "0-", "+46 ", "850709-9805 ", "070-1740605 ", "noll ", "nollnoll", "a@", "@", "a.",
    "a snabel-a ", "(at)", "-dot-", "|", "o0",
    "abc 12", "vägen ", "s:t ", "storgatan 1 ", "bor på ", "mål t 1-2 ", "ärende ", "min son har adhd ",
    "hon ", "muslim ", "a\u0301",
    "\u0301", "а", "d.", "man ", "Anna Svensson ", "((", "sekretess men ", "\n", "\t.",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_as_long_takes_twice_the_steps(piece: str) -> None:
    short, long = piece * (6_000 // len(piece)), piece * (12_000 // len(piece))
    read(short)  # fills what is kept between readings
    assert steps(lambda: read(long)) <= 2.3 * steps(lambda: read(short)) + 500


def test_marks_without_end_on_one_letter_are_cut_before_they_are_sorted() -> None:
    """Unicode's canonical order sorts the marks of a letter, which takes quadratic time."""
    text = "a" + "\u0301\u0323" * 20_000
    prepared = prepare(text)
    assert len(prepared.plain) == 1
    assert unicodedata.normalize("NFD", prepared.plain)[0] == "a"
    assert prepared.span(0, 1) == (0, len(text))
