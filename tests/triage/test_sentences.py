"""What a detector says of a text can be had in every language of the pages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import translation

import uppsikt.text
from uppsikt.text.kinds import KINDS
from uppsikt.triage import asking, local, words
from uppsikt.triage.sentences import SENTENCES

ROOM = Path(uppsikt.text.__file__).parent
BEGINNINGS = ("Här står ", "Inlägget ", "Svaret ", "Någon ")


def said() -> set[str]:
    """Every sentence in the detectors that tells why."""
    found = set()
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words_of_it = node.value
                if words_of_it.startswith(BEGINNINGS) and words_of_it.endswith(".") and "\n" not in words_of_it:
                    found.add(words_of_it)
    return found


def test_every_sentence_of_a_detector_is_among_those_that_are_translated() -> None:
    assert said() | {asking.WHY, local.WHY} == SENTENCES


@pytest.mark.parametrize("sentence", sorted(SENTENCES))
def test_it_is_there_in_english(sentence: str) -> None:
    with translation.override("en"):
        assert words.why(sentence) != sentence


def test_every_kind_has_a_name() -> None:
    assert set(KINDS) | {local.KIND, asking.KIND} == set(words.KINDS)
