"""House rules of templates: nothing inline, no text from networks marked safe, words translated both ways."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "uppsikt"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
INLINE = {
    "style attribute": r"\sstyle\s*=",
    "event attribute": r"\son[a-z]+\s*=\s*[\"']",
    # What a search engine reads is data, which no browser runs (`script-src` does not let it).
    "inline script": r"<script(?![^>]*\ssrc=)(?! type=\"application/ld\+json\">)",
    "inline style": r"<style\b",
    "javascript in an address": r"javascript:",
    "htmx code": r"\shx-on|js:",
    "marked safe": r"\|safe\b|autoescape off",
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for what, pattern in INLINE.items():
        assert not re.search(pattern, text), what


def test_every_word_has_english() -> None:
    script = SOURCE.parents[1] / "scripts" / "messages.py"
    run = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
