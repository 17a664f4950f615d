"""The benchmark of the public list, in a small size: it works, and the list is what it says. No time is asserted."""

from __future__ import annotations

import argparse

import pytest
from benchmarks import directory

# It vacuums, which cannot be done in a transaction that is rolled back.
pytestmark = pytest.mark.django_db(transaction=True)


def test_each_page_is_asked_for_in_turn() -> None:
    table = directory.run(argparse.Namespace(cases=40, accounts=25, rounds=2))
    assert [row[0] for row in table.rows] == ["the inbox", "the list", "the list, known already", "the list as JSON"]
    assert "25 accounts" in table.told
