"""A real practice network for each test that asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from practice_network import MONDAY, Network


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    """An empty network whose clock stands still on a Monday at 10.00 in Sweden."""
    made = Network(tmp_path / "practice", ["--speed", "0", "--start", MONDAY, "--rate", "0"])
    made.start()
    yield made
    made.stop()
