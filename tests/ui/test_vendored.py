"""The vendored assets are those that VENDORED.md names."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import uppsikt.web

STATIC = Path(uppsikt.web.__file__).parent / "static" / "uppsikt"
FOR_TESTS = STATIC.parents[4] / "tests" / "journeys" / "vendor"
OURS = {
    "app.css",
    "app.js",
    "chooser.js",
    "desk.js",
    "passkey.js",
    "push-worker.js",
    "push.js",
    "shield.svg",
    "sweep.js",
    "VENDORED.md",
}


def listed(folder: Path = STATIC) -> dict[str, str]:
    text = (folder / "VENDORED.md").read_text("utf-8")
    return dict(re.findall(r"^\| (\S+) \|.*\| `([0-9a-f]{64})` \|$", text, re.MULTILINE))


def test_the_sums_hold() -> None:
    for folder in (STATIC, FOR_TESTS):
        assert listed(folder)
        for name, digest in listed(folder).items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


def test_every_file_is_ours_or_listed() -> None:
    found = {str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()}
    assert found == OURS | listed().keys()


def test_every_icon_that_templates_name_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    source = STATIC.parents[2]
    for path in source.rglob("*.html"):
        for name in re.findall(r'{% icon "([^"]+)"', path.read_text("utf-8")):
            assert name in sprite, f"{path.name}: {name}"
