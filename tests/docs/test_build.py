"""The documentation is built without a warning, and its table of duties is made from the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_it_is_built_without_a_warning_and_its_links_lead_somewhere(tmp_path: Path) -> None:
    words = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-W",
        "--keep-going",
        "-n",
        str(ROOT / "docs"),
        str(tmp_path / "out"),
    ]
    done = subprocess.run([*words, "-d", str(tmp_path / "trees")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "out" / "reference" / "duties.html").read_text(encoding="utf-8")
    assert "test_d35_deadlines.py" in page
    assert page.count("<tr") == 72
    assert "fem-minuter" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
