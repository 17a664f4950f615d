"""Evidence made by hand, as a capture would leave it, for whoever closes it and looks at it again."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from uppsikt.capture import package
from uppsikt.capture.signing import Signer, new
from uppsikt.capture.stamping import Authority

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AT = "2026-11-22T11:59:30Z"
PAGE = "http://exempel.test/nyheter?id=7&A=1"
TEXT = "Ny lekpark\nVad bra!\nHär bor Åke, personnummer 19121212-1212."
HTML = """<!doctype html><meta charset="utf-8"><title>Ny lekpark</title><link rel="stylesheet" href="/stil.css">
<h1>Ny lekpark</h1><ul id="k"></ul><script src="/k.js"></script>"""
SCRIPT = """fetch("/api/kommentarer", {method: "POST", headers: {"Content-Type": "application/json"},
 body: JSON.stringify({post: 7, sida: {nummer: [1, true, null]}})}).then(a => a.json()).then(rader => {
 for (const rad of rader) { const li = document.createElement("li"); li.textContent = rad; k.append(li); } });"""
ASKED = '{"post":7,"sida":{"nummer":[1,true,null]}}'
COMMENTS = ["Vad bra!", "Här bor Åke, personnummer 19121212-1212."]


@dataclass
class Warc:
    """A WARC file under way."""

    file: Path
    writer: WARCWriter = field(init=False)

    def __post_init__(self) -> None:
        self.stream = self.file.open("wb")
        self.writer = WARCWriter(self.stream, gzip=True, warc_version="1.1")
        self.writer.write_record(self.writer.create_warcinfo_record(self.file.name, {"software": "test"}))

    def pair(self, url: str, body: str, media_type: str, *, asked: str = "", status: str = "200 OK") -> None:
        """A question and its answer."""
        said, question = body.encode(), asked.encode()
        headers = [("Content-Type", media_type), ("Content-Length", str(len(said)))]
        answer = self.writer.create_warc_record(
            url,
            "response",
            payload=io.BytesIO(said),
            warc_headers_dict={"WARC-Date": AT},
            http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
        )
        more = [("Content-Type", "application/json"), ("Content-Length", str(len(question)))] if asked else []
        head = StatusAndHeaders(
            f"{'POST' if asked else 'GET'} / HTTP/1.1", [("Host", "exempel.test"), *more], is_http_request=True
        )
        request = self.writer.create_warc_record(
            url,
            "request",
            payload=io.BytesIO(question),
            warc_headers_dict={"WARC-Date": AT},
            http_headers=head,
        )
        self.writer.write_request_response_pair(request, answer)

    def close(self) -> Path:
        """The file."""
        self.stream.close()
        return self.file


def captured(folder: Path) -> Path:
    """A folder with what a capture of a page with two comments leaves."""
    folder.mkdir(parents=True, exist_ok=True)
    warc = Warc(folder / "page.warc.gz")
    warc.pair(PAGE, HTML, "text/html; charset=utf-8")
    warc.pair("http://exempel.test/stil.css", "h1 { color: rgb(1, 2, 3) }", "text/css")
    warc.pair("http://exempel.test/k.js", SCRIPT, "text/javascript; charset=utf-8")
    warc.pair("http://exempel.test/api/kommentarer", json.dumps(COMMENTS), "application/json", asked=ASKED)
    warc.close()
    (folder / "screenshot-001.png").write_bytes(b"\x89PNG ettan")
    (folder / "screenshot-002.png").write_bytes(b"\x89PNG tvaan")
    (folder / "dom.html").write_text(HTML, encoding="utf-8")
    (folder / "text.txt").write_text(TEXT, encoding="utf-8")
    (folder / "answer.json").write_text('{"id": 7}', encoding="utf-8")
    report = {"url": PAGE, "state": "whole", "at": AT, "title": "Ny lekpark", "tools": {"browser": "Chromium 140"}}
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")
    return folder


def signer() -> Signer:
    """A key of its own."""
    return Signer.read(new("uppsikt.exempel.test", now=NOW))


def closed(folder: Path, key: Signer, authority: Authority | None = None) -> Path:
    """Evidence, closed."""
    package.pack(captured(folder), facts={"item": "wordpress:7"}, signer=key, authority=authority, now=NOW)
    return folder
