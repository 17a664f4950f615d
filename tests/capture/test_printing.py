"""What we print ourselves (D69: the police report and its evidence; D25: the auditor's report)."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from uppsikt.capture import printing
from uppsikt.capture.pool import Pool

PAGE = """<!doctype html><html lang="sv"><head><title>-</title></head><body>
<h1>Polisanmälan</h1><table><tr><th>När</th></tr><tr><td>22 november</td></tr></table>
<img src="{outside}" alt="bild"><script>document.body.innerHTML = "<h2>skript</h2>"</script></body></html>"""


@pytest.fixture(scope="module")
def browsers() -> Iterator[Pool]:
    pool = Pool()
    yield pool
    pool.close()


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """What a server on loopback is asked for; its address comes first."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        seen.append(f"http://127.0.0.1:{server.server_port}/outside.png")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield seen
        server.shutdown()


def test_a_pdf_is_tagged_titled_and_in_its_language(browsers: Pool, asked: list[str]) -> None:
    made = printing.pdf(PAGE.format(outside=asked[0]), title="Anmälan 1", pool=browsers)
    assert made.startswith(b"%PDF-")
    for part in (b"/StructTreeRoot", b"/S /H1", b"/S /TH", b"/Lang (sv)", b"/DisplayDocTitle true"):
        assert part in made, part
    assert "Anmälan 1".encode("utf-16-be").hex().upper().encode() in made
    assert b"/S /H2" not in made  # the document's scripts have not run
    assert asked[1:] == []  # and nothing was fetched


def test_a_picture_has_the_height_of_its_page(browsers: Pool, asked: list[str]) -> None:
    tall = PAGE.format(outside=asked[0]).replace("<h1>", '<div style="height:3000px"></div><h1>')
    made = printing.png(tall, width=640, pool=browsers)
    assert made.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", made[16:24])
    assert width == 640
    assert 3000 < height < 3400
    assert asked[1:] == []
