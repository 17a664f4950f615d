"""The table duty → page → test, made from the code and the tests each time the documentation is built.

A page is a view whose docstring names a duty (D35); a test is a function whose name or docstring names it. The duties'
titles are data beside the reference (`docs/reference/duties.csv`).
"""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"\bd(\d{1,2})(?=_)|\bD(\d{1,2})\b|_d(\d{1,2})(?=_|$)")
# So many of each are named in a cell.
SHOWN = 3
SPAN = re.compile(r"\bD(\d{1,2})[–-]D(\d{1,2})\b")


@dataclass
class Duty:
    """One duty, with where it can be seen and what holds it."""

    number: int
    title: str
    pages: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)


def duties() -> dict[int, Duty]:
    """All duties, with pages and tests."""
    table = ROOT / "docs" / "reference" / "duties.csv"
    with table.open(encoding="utf-8", newline="") as file:
        found = {int(row["number"]): Duty(int(row["number"]), row["title"]) for row in csv.DictReader(file)}
    for path in sorted((ROOT / "src" / "uppsikt").rglob("*views.py")):
        for function, words in functions(path):
            for number in named(words):
                if number in found:
                    found[number].pages.append(f"{path.relative_to(ROOT / 'src' / 'uppsikt')}: {function}")
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        whole = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        for function, words in functions(path):
            if function.startswith("test_"):
                for number in named(f"{path.stem} {whole} {function} {words}"):
                    if number in found:
                        found[number].tests.append(f"{path.relative_to(ROOT)}::{function}")
    return found


def functions(path: Path) -> Iterator[tuple[str, str]]:
    """The module's functions, each with its name and docstring."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, ast.get_docstring(node) or ""


def named(words: str) -> set[int]:
    """The duties that a text names; D35–D37 names three."""
    found = {int(next(filter(None, match))) for match in NAMED.findall(words)}
    for first, last in SPAN.findall(words):
        found |= set(range(int(first), int(last) + 1))
    return found


class DutiesTable(SphinxDirective):
    """`{duties}`: the table."""

    def run(self) -> list[nodes.Node]:
        """A table with a row for each duty."""
        rows = [
            [f"D{duty.number}", duty.title, listed(duty.pages), listed([short(test) for test in duty.tests])]
            for duty in duties().values()
        ]
        return [table(["Duty", "What it asks", "Pages", "Tests"], rows)]


def short(test: str) -> str:
    """A test's file and name, without the folder that all share."""
    return test.removeprefix("tests/")


def listed(names: list[str]) -> str:
    """The first few names, and how many more."""
    shown = "; ".join(names[:SHOWN])
    return f"{shown} … ({len(names)} in all)" if len(names) > SHOWN else shown or "–"


def table(head: list[str], rows: list[list[str]]) -> nodes.table:
    """A docutils table of plain text."""
    group = nodes.tgroup(cols=len(head))
    group += [nodes.colspec(colwidth=width) for width in (6, 30, 32, 32)]
    top, body = nodes.thead(), nodes.tbody()
    for part, lines in ((top, [head]), (body, rows)):
        for line in lines:
            row = nodes.row()
            for words in line:
                cell = nodes.entry()
                cell += nodes.paragraph(text=words)
                row += cell
            part.append(row)
    group += [top, body]
    made = nodes.table()
    made += group
    return made


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directive."""
    app.add_directive("duties", DutiesTable)
    return {"parallel_read_safe": True}
