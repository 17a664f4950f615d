"""Crimes, house rules, tone, our own answers and language, on texts that the project wrote (D34, D66, D68, D69).

`grounds_found.tsv` and `tone.tsv` hold what shall be found; `grounds_quiet.txt` is ordinary talk of a municipality,
idioms, place names, harsh criticism and what others said or did, in which nothing may be found.
"""

from __future__ import annotations

import gzip
from collections import Counter
from pathlib import Path

import pytest

from uppsikt.text.kinds import KINDS
from uppsikt.text.languages import language
from uppsikt.text.lexical import MOST_OF_A_KIND, PIECE, detect, pieces
from uppsikt.text.prepared import prepare
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


def apart(half: str) -> list[tuple[str, str]]:
    """One half of `written_apart.tsv` (README.md): the kind that a line is written as, "-" where none, and the line."""
    lines = (HERE / "written_apart.tsv").read_text(encoding="utf-8").splitlines()
    return [(kind, text) for one, kind, text in (line.split("\t") for line in lines) if one == half]


@pytest.mark.parametrize(("half", "least"), [("held", 0.70), ("tuned", 0.90)])
def test_unkind_texts_that_were_written_apart_are_found_as_often_as_is_said(half: str, least: float) -> None:
    """The figures of README.md: found under any ground, since the reader is shown the text all the same (D68, D69)."""
    unkind = [(kind, text) for kind, text in apart(half) if kind != "-"]
    missed = [text for _kind, text in unkind if not kinds(text, ACTED_ON)]
    assert len(unkind) > 100
    assert 1 - len(missed) / len(unkind) >= least, missed


@pytest.mark.parametrize("half", ["held", "tuned"])
def test_kind_texts_that_were_written_apart_stay_quiet(half: str) -> None:
    assert [text for kind, text in apart(half) if kind == "-" and kinds(text, ACTED_ON)] == []


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


def test_crimes_and_house_rules_raise_no_alarm_at_ordinary_swedish() -> None:
    """At most one false alarm in two thousand sentences (README.md tells whose they are)."""
    with gzip.open(HERE / "ordinary_swedish.txt.gz", "rt", encoding="utf-8") as file:
        texts = file.read().splitlines()
    found = [(finding.kind, text) for text in texts for finding in detect(prepare(text)) if finding.kind in ACTED_ON]
    assert len(texts) > 5_000
    assert len(found) <= len(texts) / 2_000, found


def test_a_finding_says_why_in_a_sentence_without_the_words_themselves() -> None:
    for _kind, text in pairs("grounds_found.tsv"):
        for finding in read(text):
            assert text[finding.start : finding.end] == finding.quote
            assert finding.why.endswith(".")
            assert finding.why[0].isupper()
            assert f" {finding.quote} " not in f" {finding.why[:-1]} "
            assert finding.detector
            assert finding.version


@pytest.mark.parametrize(
    "text",
    ["x" * 100_000, "jävla " * 20_000, "a b c d " * 15_000, "döda dig! " * 12_000, "f*tt4" * 20_000, "?" * 100_000],
)
def test_time_grows_with_the_length_and_no_faster(text: str) -> None:
    """By work and not by the clock: pieces bound what any rule sees at a time, and findings of a kind are bounded."""
    assert max(end - start for start, end in pieces(text)) <= PIECE
    counts = Counter(finding.kind for finding in detect(prepare(text)))
    assert all(count <= MOST_OF_A_KIND for count in counts.values())
