"""The reference against the code: every command, option, setting and shortcut stands there, and nothing else does."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import get_resolver

from uppsikt.cli import parser
from uppsikt.ui import keys

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
# Named in words only: a family whose members are spelled out, and what is not read by us.
FAMILIES = {"UPPSIKT_S3", "UPPSIKT_BACKUP_S3", "UPPSIKT_BACKUP_KEYS_S3"}
PARTS = ("ENDPOINT", "REGION", "KEY_ID", "SECRET")


def commands() -> dict[str, argparse.ArgumentParser]:
    """Each command with its own parser."""
    made = parser.build()
    (found,) = [action for action in made._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(found.choices)


def section(name: str) -> str:
    """What the reference says of a command."""
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    parts = re.split(r"^### (\S+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[name]


def test_every_command_has_a_section_and_no_section_lacks_its_command() -> None:
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### (\S+)$", text, flags=re.MULTILINE)) == set(commands())


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_option_is_explained_and_every_explained_option_is_there(name: str) -> None:
    options = {
        option for action in commands()[name]._actions for option in action.option_strings if option.startswith("--")
    } - {"--help"}
    told = set(re.findall(r"`(--[a-z-]+)`", section(name)))
    assert told == options


def lines() -> Iterator[tuple[str, str]]:
    """Every line in the documentation that runs the launcher, with its page."""
    for page in PAGES:
        for line in page.read_text(encoding="utf-8").splitlines():
            found = re.match(r"(?: {4}|\$ |)(\./uppsikt .*?)(?:\s+#.*)?$", line)
            if found and "…" not in line:
                yield page.relative_to(ROOT).as_posix(), found.group(1)


ALL_LINES = sorted(set(lines()))


@pytest.mark.parametrize(("page", "line"), ALL_LINES)
def test_every_line_that_runs_the_launcher_is_one_that_it_takes(page: str, line: str) -> None:
    words = shlex.split(line)[1:]
    assert parser.parse(words).run, page


def test_lines_are_found() -> None:
    assert len(ALL_LINES) > 20


def settings_in_code() -> set[str]:
    """Every setting that the code reads or names."""
    files = [*(ROOT / "src" / "uppsikt").rglob("*.py"), ROOT / "uppsikt", *(ROOT / "tests" / "journeys").glob("*.py")]
    found: set[str] = set()
    for file in files:
        found |= set(re.findall(r"""["'(]((?:UPPSIKT_[A-Z0-9_]+|DATABASE_URL))\b""", file.read_text(encoding="utf-8")))
    found = {name.rstrip("_").removesuffix("_FILE") for name in found} - {"UPPSIKT_TEST_RUN"}
    spelled = {f"{family}_{part}" for family in FAMILIES for part in PARTS}
    return (found - FAMILIES) | spelled


def test_every_setting_stands_in_the_reference_and_no_other_does() -> None:
    text = (DOCS / "reference" / "settings.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`([A-Z0-9_]+)`", row)}
    assert told == settings_in_code()


def test_no_page_names_a_setting_that_is_not_there() -> None:
    known = settings_in_code()
    for page in PAGES:
        if page.name == "CHANGELOG.md":
            continue
        for name in re.findall(r"\b(UPPSIKT_[A-Z0-9_]*[A-Z0-9])\b", page.read_text(encoding="utf-8")):
            family = any(other.startswith(f"{name}_") for other in known)
            assert family or name.removesuffix("_FILE") in known, f"{page.name}: {name}"


# The lists of keys that the reference shows, in its order.
PLACES = ("everywhere", "inbox", "case", "oversight", "sweep", "removal")


def test_the_shortcuts_are_those_of_the_pages() -> None:
    assert get_resolver().url_patterns, "the rooms tell of their keys when their addresses are made"
    text = (DOCS / "reference" / "shortcuts.md").read_text(encoding="utf-8")
    for place in PLACES:
        for key in keys.of(place):
            shown = ", ".join(f"`{'+'.join(parts)}`" for parts in key.shown)
            assert f"| {shown} | {key.words} |" in text
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == sum(len(keys.of(place)) for place in PLACES)
