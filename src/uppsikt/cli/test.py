"""`test`: every check of the house, then the tests; with arguments the tests alone."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from uppsikt.cli.house import ROOT, environment, step
from uppsikt.kernel.terminal import say, tell

BIN = os.path.dirname(sys.executable)  # noqa: PTH120 the link in .venv matters, not what it leads to
CHECKS: tuple[tuple[str, str, list[str]], ...] = (
    ("Stil: ruff check", "Style: ruff check", ["ruff", "check", "."]),
    ("Form: ruff format", "Form: ruff format", ["ruff", "format", "--check", "."]),
    ("Mallar: djade", "Templates: djade", ["djade", "--check"]),
    ("Våningar: import-linter", "Floors: import-linter", ["lint-imports"]),
    ("Typer: mypy", "Types: mypy", ["mypy"]),
    ("Databasens tabeller: makemigrations --check", "Database tables: makemigrations --check", ["makemigrations"]),
)

# The tests wait for browsers, servers and programs that are killed: one more at a time than there are cores.
SIDE_BY_SIDE = ["-n", str(min((os.cpu_count() or 1) + 1, 4)), "--dist", "worksteal"]


def run(chosen: argparse.Namespace) -> int:
    """`./uppsikt test [words for pytest]`: 0 when all is well. Goes on after a check that fails, to show them all."""
    words = [word for number, word in enumerate(chosen.words) if word != "--" or number]
    if words:
        return pytest(words)
    of = len(CHECKS) + 1
    failed = []
    # The checkers use one core each, and the types take as long as all the others: begun first, shown in their place.
    with ThreadPoolExecutor(2) as side_by_side:
        begun = {name: side_by_side.submit(tool, command) for name, _en, command in reversed(CHECKS)}
        for number, (sv, en, _command) in enumerate(CHECKS, 1):
            step(number, of, sv, en)
            done = begun[sv].result()
            print(done.stdout, end="", flush=True)
            if done.returncode:
                failed.append(tell(sv, en))
    step(of, of, "Testerna: pytest", "The tests: pytest")
    started = time.monotonic()
    code = pytest(SIDE_BY_SIDE)
    say(f"Testerna tog {time.monotonic() - started:.0f} s.", f"The tests took {time.monotonic() - started:.0f} s.")
    if failed:
        say(f"Fel i: {', '.join(failed)}. Se ovan.", f"Wrong: {', '.join(failed)}. See above.")
    return code or bool(failed)


def tool(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run one of the checkers from the same environment as ourselves; its exit code and what it printed."""
    name, *words = command
    if name == "makemigrations":
        return tables()
    if name == "djade":
        words += sorted(str(path.relative_to(ROOT)) for path in (ROOT / "src").glob("*/*/templates/**/*.html"))
    return listened([f"{BIN}/{name}", *words], environment())


def tables() -> subprocess.CompletedProcess[str]:
    """Whether a model was changed without a migration. Django asks a database for its history: the tests' own."""
    environ = environment(DJANGO_SETTINGS_MODULE="settings_for_tests")
    environ["PYTHONPATH"] = os.pathsep.join((environ["PYTHONPATH"], str(ROOT / "tests")))
    return listened([sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"], environ)


def listened(command: list[str], environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run it, and keep all that it prints for its place among the others."""
    return subprocess.run(  # noqa: S603 our own commands
        command, cwd=ROOT, env=environ, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def pytest(words: list[str]) -> int:
    """Run pytest; tests/settings_for_tests.py brings the database."""
    environ = environment()
    del environ["DJANGO_SETTINGS_MODULE"]  # it would go before the one in pyproject.toml
    return subprocess.run(  # noqa: S603 our own command
        [sys.executable, "-m", "pytest", *words], cwd=ROOT, env=environ, check=False
    ).returncode
