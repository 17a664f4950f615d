"""D20, D66: personal data is found, whoever writes it and however it is written, and ordinary talk raises no alarm.

The texts were written by somebody who had not seen the detector (see README.md).
The bounds are promises: never lower them.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from uppsikt.text import reading
from uppsikt.text.finding import Finding
from uppsikt.text.kinds import KINDS
from uppsikt.text.known import Known

HERE = Path(__file__).parent
GROUPS = {"personal", "sensitive", "secrecy"}
RECALL, PRECISION, OBFUSCATED = 0.98, 0.97, 0.70
FALSE_PER_THOUSAND, ORDINARY_AT_LEAST = 0.5, 5000


@dataclass(frozen=True, slots=True)
class Span:
    kind: str
    start: int
    end: int

    def met_by(self, finding: Finding) -> bool:
        """A hit overlaps the span and has its kind."""
        return finding.kind == self.kind and finding.start < self.end and self.start < finding.end


@dataclass(frozen=True, slots=True)
class Line:
    id: str
    text: str
    spans: tuple[Span, ...]
    obfuscated: bool


@dataclass(frozen=True, slots=True)
class Score:
    line: Line
    found: tuple[Finding, ...]

    def missed(self) -> list[Span]:
        return [span for span in self.line.spans if not any(span.met_by(finding) for finding in self.found)]

    def wrong(self) -> list[Finding]:
        return [finding for finding in self.found if not any(span.met_by(finding) for span in self.line.spans)]


def lines() -> list[Line]:
    rows = [json.loads(row) for row in (HERE / "personal_data.jsonl").read_text("utf-8").splitlines()]
    return [Line(r["id"], r["text"], tuple(Span(**span) for span in r["spans"]), r["obfuscated"]) for r in rows]


def ordinary() -> list[str]:
    return gzip.decompress((HERE / "ordinary_swedish.txt.gz").read_bytes()).decode("utf-8").splitlines()


def personal(texts: Iterable[str]) -> list[tuple[Finding, ...]]:
    """What is found of personal, sensitive and secret data in each text, the municipality's own contacts allowed."""
    own = frozenset((HERE / "own_contacts.txt").read_text("utf-8").split())
    known = Known(contacts=frozenset(c for c in own if "@" in c), numbers=frozenset(c for c in own if "@" not in c))
    return [
        tuple(finding for finding in findings if KINDS[finding.kind].group in GROUPS)
        for findings in reading.read_many(texts, known=known)
    ]


@pytest.fixture(scope="module")
def scores() -> list[Score]:
    written = lines()
    return [Score(*pair) for pair in zip(written, personal(line.text for line in written), strict=True)]


def recall(scores: Iterable[Score]) -> float:
    scores = list(scores)
    spans = sum(len(score.line.spans) for score in scores)
    missed = [f"{score.line.id} {span.kind}: {score.line.text}" for score in scores for span in score.missed()]
    share = 1 - len(missed) / spans
    print(f"recall {share:.3f} of {spans} spans; missed:", *missed, sep="\n  ")
    return share


def test_the_set_is_large_and_full_of_decoys() -> None:
    written = lines()
    assert len(written) >= 330
    assert len({line.id for line in written}) == len({line.text for line in written}) == len(written)
    assert sum(not line.spans for line in written) >= 0.45 * len(written)
    assert sum(line.obfuscated for line in written) >= 50
    kinds = {name for name, kind in KINDS.items() if kind.group in GROUPS}
    assert {span.kind for line in written for span in line.spans} == kinds
    for line in written:
        assert all(0 <= span.start < span.end <= len(line.text) for span in line.spans), line.id


def test_plainly_written_personal_data_is_found(scores: list[Score]) -> None:
    assert recall(score for score in scores if not score.line.obfuscated) >= RECALL


def test_obfuscated_personal_data_is_found(scores: list[Score]) -> None:
    assert recall(score for score in scores if score.line.obfuscated) >= OBFUSCATED


def test_what_is_found_is_right(scores: list[Score]) -> None:
    found = sum(len(score.found) for score in scores)
    wrong = [
        f"{score.line.id} {hit.kind} {hit.quote!r}: {score.line.text}" for score in scores for hit in score.wrong()
    ]
    share = 1 - len(wrong) / found if found else 0.0
    print(f"precision {share:.3f} of {found} findings; wrong:", *wrong, sep="\n  ")
    assert share >= PRECISION


def test_ordinary_talk_raises_no_alarm() -> None:
    texts = ordinary()
    assert len(texts) >= ORDINARY_AT_LEAST
    alarms = [
        f"{hit.kind} {hit.quote!r}: {text}" for text, found in zip(texts, personal(texts), strict=True) for hit in found
    ]
    rate = 1000 * len(alarms) / len(texts)
    print(f"{rate:.2f} false alarms in 1,000 of {len(texts)} texts:", *alarms, sep="\n  ")
    assert rate <= FALSE_PER_THOUSAND
