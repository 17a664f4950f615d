"""For the tests of capture: a key, a real authority for the time, a site of hard pages and browsers to open them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from capture import making
from capture import site as pages
from capture.site import Site
from kernel.authority import Authority as Server
from kernel.authority import authority as serving
from uppsikt.capture import page
from uppsikt.capture.limits import Limits
from uppsikt.capture.pool import Pool
from uppsikt.capture.report import Report
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


@pytest.fixture(scope="module")
def browsers() -> Iterator[Pool]:
    """A pool of one browser."""
    pool = Pool()
    yield pool
    pool.close()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A server of pages that are hard to capture."""
    with pages.serving() as one:
        yield one


@pytest.fixture
def limits() -> Limits:
    """What a capture may take, where a test says nothing else. Narrow: pictures are what takes time."""
    return Limits(width=400, height=900, total=120)


@pytest.fixture
def taken(site: Site, browsers: Pool, limits: Limits, tmp_path: Path) -> Any:
    """Captures a path of the site into `tmp_path / "out"`."""

    def take(path: str, **choices: Any) -> Report:
        asked = {"limits": limits, "pool": browsers, **choices}
        return page.capture(site.url + path, out=tmp_path / "out", allow=[site.address], **asked)

    return take
