"""D66, D68, D69: what is found in plain writing is found in the writing of those who hide it.

Metamorphic: nothing here knows what is right, only that two writings of the same words are read alike.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from text.test_prepared import steps
from uppsikt.text.kinds import KINDS
from uppsikt.text.reading import read

HERE = Path(__file__).parent
ACTED_ON = {kind.kind for kind in KINDS.values() if kind.group in {"unlawful", "house"}}
# What is said, and not what is offered or linked to.
OF_WORDS = {"threat", "agitation", "insult", "harassment", "coarse"}
# In capitals nobody can tell a name, and links and prices are what they are.
OF_NAMES = {"insult", "spam", "advertising", "copyright", "pornography", "privacy", "violence"}


def found(text: str) -> set[str]:
    return {finding.kind for finding in read(text)} & ACTED_ON


def lines() -> list[tuple[str, str]]:
    rows = (HERE / "grounds_found.tsv").read_text(encoding="utf-8").splitlines()
    return [(kind, text) for kind, _tab, text in (row.partition("\t") for row in rows) if kind in found(text)]


CYRILLIC = str.maketrans("aeopcxy", "аеорсху")
WIDE = {code: code + 0xFEE0 for code in range(ord("A"), ord("z") + 1) if chr(code).isalpha()}


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("nothing between the letters", "\u200b".join),
        ("soft hyphens", lambda text: text.replace("e", "e\u00ad")),
        ("letters that look alike", lambda text: text.translate(CYRILLIC)),
        ("full width", lambda text: text.translate(WIDE)),
        ("other spaces", lambda text: text.replace(" ", "\u00a0")),
        ("two spaces", lambda text: text.replace(" ", "  ")),
        ("many blanks", lambda text: text.replace(" ", " \t \u00a0 ")),
        ("a blank that has no width", lambda text: text.replace(" ", " \u200b ")),
        ("a line each", lambda text: f"Hej.\n{text}\n\nHälsningar"),
    ],
)
def test_a_disguise_of_the_letters_changes_nothing(name: str, write: Callable[[str], str]) -> None:
    lost = [
        (kind, text)
        for kind, text in lines()
        if "http" not in text and "www." not in text and kind not in found(write(text))
    ]
    assert lost == [], name


def test_capitals_hide_nothing() -> None:
    lost = [
        (kind, text)
        for kind, text in lines()
        if kind not in OF_NAMES and "http" not in text and kind not in found(text.upper())
    ]
    assert lost == []


def test_what_stands_between_quotation_marks_and_is_told_of_is_nobodys_own() -> None:
    """Whoever tells what somebody wrote is not taken for the one who wrote it."""
    own = [text for kind, text in lines() if kind in OF_WORDS and '"' not in text]
    told = [
        text for text in own if found(f'Någon skrev "{text}" till min son i går, vad gör skolan åt det?') & OF_WORDS
    ]
    assert told == []


@pytest.mark.parametrize(
    "piece",
    ["ni är ", "muslimer kan inte bete sig ", "jag kommer med yxa till er ", "du ska få stryk ", "ut med judar ",
     "idioter på ", "Stefan är en ", "häng dig ", "rösta på oss ", "vi säljer ved "],
)  # fmt: skip
def test_twice_as_much_unkindness_takes_twice_the_steps(piece: str) -> None:
    short, long = piece * (6_000 // len(piece)), piece * (12_000 // len(piece))
    read(short)  # fills what is kept between readings
    assert steps(lambda: read(long)) <= 2.3 * steps(lambda: read(short)) + 500
