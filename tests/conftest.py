"""What holds for every test: under CI nothing is skipped, one browser serves all, and there is a policy."""

import os
from collections.abc import Generator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

CI = os.environ.get("CI") == "true"

# The browser serves tests in several folders, and two of Playwright's loops cannot run in one thread.
pytest_plugins = ["journeys.fixtures"]


def unskipped(report: Any) -> None:
    """Turn a skip into a failure: what CI did not run, nobody has seen work."""
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped under CI, where nothing is: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """For tests."""
    report = yield
    unskipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """For whole files."""
    report = yield
    unskipped(report)
    return report


POLICY = "uppsikt.policy.migrations"
USES = {"db", "transactional_db", "live_server"}
# Whether a test of this process has emptied the tables, of what migrations wrote too.
EMPTIED = pytest.StashKey[bool]()


@pytest.fixture(autouse=True)
def laid_in(request: pytest.FixtureRequest) -> Generator[None]:
    """The policy that migrations lay in is there for every test, whichever test was before it in its process.

    Tests with transactions of their own empty all tables afterwards; and xdist may give any test to a process that has
    run such ones.
    """
    marker = request.node.get_closest_marker("django_db")
    used = USES & set(request.fixturenames)
    if not (marker or used):
        yield
        return
    empties = bool(used - {"db"}) or bool(marker and marker.kwargs.get("transaction"))
    if empties or request.config.stash.get(EMPTIED, False):
        request.getfixturevalue("transactional_db" if empties else "db")
        lay_in()
    yield
    if empties:
        request.config.stash[EMPTIED] = True


def lay_in() -> None:
    """Do again what the policy's migrations did, when it is gone."""
    if apps.get_model("policy", "Policy").objects.exists():
        return
    folder = Path(import_module(POLICY).__path__[0])
    for name in sorted(path.stem for path in folder.glob("0*.py")):
        migration = import_module(f"{POLICY}.{name}")
        if hasattr(migration, "lay_in"):
            migration.lay_in(apps, None)
