"""For the tests of capture: a key, and a real authority for the time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from capture import making
from kernel.authority import Authority as Server
from kernel.authority import authority as serving
from uppsikt.capture.signing import Signer
from uppsikt.capture.stamping import Authority, read_certificates


@pytest.fixture(scope="session")
def key() -> Signer:
    """A key."""
    return making.signer()


@pytest.fixture(scope="session")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An authority for the time, by OpenSSL."""
    with serving(tmp_path_factory.mktemp("tsa")) as one:
        yield one


@pytest.fixture
def authority(tsa: Server) -> Authority:
    """How we ask it."""
    tsa.mode = "well"
    tsa.asked.clear()
    return Authority(tsa.url, read_certificates((str(tsa.roots),)), frozenset({tsa.url.split("/")[2]}))
