"""The benchmark of the seals works in a small size: it measures what it says, and all that it seals is whole."""

from __future__ import annotations

import argparse

import pytest
from benchmarks import seals


@pytest.mark.django_db
def test_the_benchmark_seals_and_verifies_each_row_once() -> None:
    parser = argparse.ArgumentParser()
    seals.options(parser)
    table = seals.run(parser.parse_args(["--rows", "300", "--rounds", "2"]))
    assert len(table.rows) == 5
    assert "600 rows are new in each of 2 rounds" in table.told
