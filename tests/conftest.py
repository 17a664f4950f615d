"""What holds for every test: under CI nothing is skipped, one browser serves all, and the database begins as new."""

import gc
import os
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.test import TransactionTestCase

import born
from emptying import Emptier

CI = os.environ.get("CI") == "true"

# The browser serves tests in several folders, and two of Playwright's loops cannot run in one thread.
pytest_plugins = ["journeys.fixtures"]


# What is loaded and gathered before the first test stays to the end: to go through it again and again, in search of
# what nobody holds any more, makes a run longer.
gc.disable()


def pytest_collection_finish() -> None:
    """From here on what the tests themselves leave is looked for, and less often than Python would by itself."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    gc.enable()


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


# What takes longest, the longest first: begun last, one of them would keep one process at work while the other waits.
DEAR = (
    "crash",
    "backups",
    "servers",
    "upgrade",
    "capture",
    "bench",
    "docs",
    "launcher",
    "oversight",
    "register",
    "web",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest; within a folder the order stays."""
    rank = {name: place for place, name in enumerate(DEAR)}
    here = Path(__file__).parent
    items.sort(key=lambda item: rank.get(item.path.relative_to(here).parts[0], len(DEAR)))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, request: pytest.FixtureRequest
) -> ExitStack:
    """Before the database is made: where processes run side by side, one makes the tables and the others copy them."""
    stack = ExitStack()
    if hasattr(request.config, "workerinput"):
        stack.enter_context(born.database())
    return stack


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: ExitStack, django_db_setup: None, django_db_blocker: Any
) -> Generator[None]:
    """The tests' database; whatever test was before, each finds it as the migrations left it (see `emptying`)."""
    with django_db_blocker.unblock():
        django_db_modify_db_settings.close()
    with django_db_blocker.unblock():
        emptier = Emptier.of_new()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: emptier.empty())
        yield
