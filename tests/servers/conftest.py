"""One real WordPress for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from servers import wordpress_server
from servers.wordpress_server import WordPressServer


@pytest.fixture(scope="module")
def site() -> Iterator[WordPressServer]:
    wordpress_server.require()
    with WordPressServer() as it:
        yield it


@pytest.fixture
def reachable(site: WordPressServer, settings: Settings) -> Iterator[WordPressServer]:
    """The site, well again after each test, as a private server that the product may reach."""
    settings.ALLOW_PRIVATE = frozenset({site.host})
    yield site
    site.trouble("")
    site.moderate_strangers(False)
