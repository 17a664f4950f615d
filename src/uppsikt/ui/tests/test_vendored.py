"""The vendored assets are those that VENDORED.md names."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import uppsikt.web

STATIC = Path(uppsikt.web.__file__).parent / "static" / "uppsikt"
OURS = {"app.css", "app.js", "shield.svg", "VENDORED.md"}


def listed() -> dict[str, str]:
    rows = re.findall(
        r"^\| (\S+) \|.*\| `([0-9a-f]{64})` \|$", (STATIC / "VENDORED.md").read_text("utf-8"), re.MULTILINE
    )
    return dict(rows)


def test_the_sums_hold() -> None:
    for name, digest in listed().items():
        assert hashlib.sha256((STATIC / name).read_bytes()).hexdigest() == digest, name


def test_every_file_is_ours_or_listed() -> None:
    found = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()}
    assert found == OURS | listed().keys()


def test_every_icon_that_templates_name_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    source = STATIC.parents[2]
    for path in source.rglob("*.html"):
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text("utf-8")):
            assert name in sprite, f"{path.name}: {name}"
