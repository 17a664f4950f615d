"""D20: a fact is found where the sentence ties it to somebody, and a place where somebody lives; topics are let be.

`about_somebody.tsv` was written together with the rules, unlike `personal_data.jsonl`: "+" holds the kind,
"-" only looks as if it did.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from uppsikt.text.kinds import KINDS
from uppsikt.text.reading import read

ROWS = [line.split("\t") for line in (Path(__file__).parent / "about_somebody.tsv").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("sign", "kind", "text"), ROWS, ids=[text[:60] for _sign, _kind, text in ROWS])
def test_somebody_or_nobody(sign: str, kind: str, text: str) -> None:
    found = {
        finding.kind for finding in read(text) if KINDS[finding.kind].group in {"personal", "sensitive", "secrecy"}
    }
    assert found == ({kind} if sign == "+" else set()), text


def test_both_sides_are_tried_for_every_kind() -> None:
    for sign in "+-":
        assert {kind for side, kind, _text in ROWS if side == sign} == {
            "address", "health", "sensitive", "secrecy", "case_number", "vehicle", "phone", "email",
        }  # fmt: skip
