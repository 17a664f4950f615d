"""Every room is as the others: it says what it is, has no cellar stairs, and is given its floor."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "uppsikt"
ROOMS = sorted(path.parent for path in SOURCE.glob("*/__init__.py"))
CODE = sorted(path for path in SOURCE.parent.rglob("*.py") if "migrations" not in path.parts)


def named(path: Path) -> str:
    """A file's name as the house says it."""
    return str(path.relative_to(SOURCE.parent))


@pytest.mark.parametrize("room", ROOMS, ids=named)
def test_a_room_says_what_it_is(room: Path) -> None:
    doc = ast.get_docstring(ast.parse((room / "__init__.py").read_text(encoding="utf-8")))
    assert doc, f"{named(room)}/__init__.py opens with the heading of the guideline that it answers to"


def inner_imports(tree: ast.Module) -> Iterator[int]:
    """The lines of imports inside functions."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield node.lineno


@pytest.mark.parametrize("file", CODE, ids=named)
def test_no_import_hides_in_a_function(file: Path) -> None:
    """An import inside a function dodges the contract of floors."""
    assert not list(inner_imports(ast.parse(file.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("file", CODE, ids=named)
def test_no_drawer_for_odds_and_ends(file: Path) -> None:
    assert file.name not in {"utils.py", "helpers.py", "common.py", "misc.py", "signals.py"}


def test_the_doctor_looks_after_every_table_that_only_grows() -> None:
    guarded = set()
    for file in SOURCE.glob("*/migrations/*.py"):
        guarded |= set(re.findall(r'append_only\("(\w+)"\)', file.read_text(encoding="utf-8")))
    doctor = (SOURCE / "cli" / "doctor_database.py").read_text(encoding="utf-8")
    listed = re.search(r"^APPEND_ONLY = \((.*?)^\)$", doctor, re.MULTILINE | re.DOTALL)
    assert listed
    assert guarded == set(re.findall(r'"(\w+)"', listed.group(1)))
