"""The benchmark of reading texts in a small size, without what it is measured against. No time is asserted."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import text


def test_each_way_of_reading_finds_and_the_whole_finds_most(tmp_path: Path) -> None:
    made = text.run(argparse.Namespace(texts=220, rounds=1, alone=True, folder=tmp_path))
    found = [row[3] for row in made.rows]
    assert [row[0] for row in made.rows][::2] == ["personal data", "the whole pipeline"]
    assert isinstance(found[0], int)
    assert found[0] > 0
    assert found == sorted(found, key=lambda count: int(str(count)))
    assert made.claims == []
