"""A few minutes of a working day on a real service, at speed: nothing is lost, doubled or refused wrongly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SMALL = ["--people", "6", "--minutes", "3", "--speed", "12", "--history", "30", "--channels", "2", "--hourly", "900"]


@pytest.mark.slow
@pytest.mark.server
def test_d35_d40_a_short_day_loses_nothing_and_doubles_nothing() -> None:
    """Claims hold, every answer is published once, what is said becomes a record and a case. No time is asserted."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("UPPSIKT_", "DATABASE_URL"))}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "load", *SMALL],
        env={**clean, "PYTHONPATH": str(ROOT / "src")},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "- Holds: no unexpected status" in done.stdout, done.stdout
    assert "| answer |" in done.stdout
    assert "| live region |" in done.stdout
