"""A practice network, and a site that is no network at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pytest_django import Settings

from practice_network import MONDAY, Network


@pytest.fixture
def network(tmp_path: Path, settings: Settings) -> Iterator[Network]:
    """An empty practice network that connectors may reach."""
    made = Network(tmp_path / "practice", ["--speed", "0", "--start", MONDAY, "--rate", "0"])
    made.start()
    settings.ALLOW_PRIVATE = frozenset({made.host})
    yield made
    made.stop()


class Page(BaseHTTPRequestHandler):
    """Answers everything with a web page, as a site does whose API is behind something."""

    def do_GET(self) -> None:
        body = (
            b"<!doctype html><title>Ett \xc3\xb6gonblick</title><link rel='https://api.w.org/' href='/wp-json/'><p>Hej"
        )
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.send_header("link", f'<http://{self.headers["host"]}/wp-json/>; rel="https://api.w.org/"')
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def web_page(settings: Settings) -> Iterator[str]:
    """The address of a site that answers with pages where data is asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    settings.ALLOW_PRIVATE = frozenset({host})
    yield f"http://{host}/"
    server.shutdown()
    server.server_close()
