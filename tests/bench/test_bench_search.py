"""The benchmark of search in a small size: it runs, and the engines agree. No time is asserted."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import search, tables
from benchmarks.engines import Fts5, Tantivy

pytestmark = pytest.mark.django_db


def test_all_engines_find_the_same(tmp_path: Path) -> None:
    corpus = search.prepare(tmp_path, 1_500, 600)
    ours, fts5, tantivy = search.Ours(), Fts5(tmp_path, corpus), Tantivy(tmp_path, corpus)
    asked = search.wishes(corpus, 2)
    ours.know(asked)
    for kind, some in asked.items():
        for wish in some:
            found = ours.ask(wish)
            assert found == fts5.ask(wish), f"{kind}: {wish}"
            assert found == tantivy.ask(wish), f"{kind}: {wish}"


def test_a_table_takes_the_place_of_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "RESULTS", tmp_path / "RESULTS.md")
    first, other = tables.Table("Search", "At first.", ["what", "ms"]), tables.Table("Seals", "Told.", ["what", "ms"])
    other.rows.append(["all", 1234.5])
    other.claims.append(("fast", True))
    tables.keep("search", first)
    tables.keep("seals", other)
    first.told = "And again."
    tables.keep("search", first)
    kept = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "At first." not in kept
    assert kept.index("And again.") < kept.index("| all | 1,234 |") < kept.index("Holds: fast")


def test_percentiles_are_times_that_were_taken() -> None:
    times = tables.Times([float(number) for number in range(1, 101)])
    assert (times.median, times.p95, tables.Times([7.0]).p95) == (50.0, 95.0, 7.0)
