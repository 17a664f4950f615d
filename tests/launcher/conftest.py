"""Places and patience for tests of programs that start programs."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PATIENCE = 60  # seconds; long, for nothing here is a test of speed


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that PostgreSQL's account can pass through also when root runs the tests (pytest's own it cannot)."""
    folder = Path(tempfile.mkdtemp(prefix="uppsikt-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def until() -> Callable[[Callable[[], object]], None]:
    """Wait until something is so."""

    def wait(so: Callable[[], object]) -> None:
        limit = time.monotonic() + PATIENCE
        while not so():
            assert time.monotonic() < limit, "it never came"
            time.sleep(0.05)

    return wait
