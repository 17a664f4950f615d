"""Crimes, house rules, tone, our own answers and language, on texts that the project wrote (D34, D66, D68, D69).

`grounds_found.tsv` and `tone.tsv` hold what shall be found; `grounds_quiet.txt` is ordinary talk of a municipality,
idioms, place names, harsh criticism and what others said or did, in which nothing may be found.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from uppsikt.text.kinds import KINDS
from uppsikt.text.languages import language
from uppsikt.text.reading import read

HERE = Path(__file__).parent
ACTED_ON = {kind.kind for kind in KINDS.values() if kind.group in {"unlawful", "house"}}
TONES = {kind.kind for kind in KINDS.values() if kind.group == "tone"}
OWN = {kind.kind for kind in KINDS.values() if kind.group == "own"}


def pairs(name: str) -> list[tuple[str, str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [(kind, text) for kind, _tab, text in (line.partition("\t") for line in lines)]


def kinds(text: str, among: set[str], *, own: bool = False) -> set[str]:
    return {finding.kind for finding in read(text, own=own)} & among


@pytest.mark.parametrize(("kind", "text"), pairs("grounds_found.tsv"))
def test_what_breaks_a_rule_is_found(kind: str, text: str) -> None:
    assert kind in kinds(text, ACTED_ON)


@pytest.mark.parametrize("text", (HERE / "grounds_quiet.txt").read_text(encoding="utf-8").splitlines())
def test_ordinary_talk_stays_quiet(text: str) -> None:
    assert kinds(text, ACTED_ON) == set()


@pytest.mark.parametrize(("wanted", "text"), pairs("tone.tsv"))
def test_the_tone_is_heard(wanted: str, text: str) -> None:
    assert kinds(text, TONES) == set(wanted.split(",")) - {"-"}


@pytest.mark.parametrize(("wanted", "text"), pairs("own_answers.tsv"))
def test_our_own_answers_are_read_for_advice_and_authority(wanted: str, text: str) -> None:
    assert kinds(text, OWN, own=True) == set(wanted.split(",")) - {"-"}
    assert not kinds(text, OWN)


@pytest.mark.parametrize(("code", "text"), pairs("languages.tsv"))
def test_the_language_is_told_or_left_open(code: str, text: str) -> None:
    assert language(text).code == code
