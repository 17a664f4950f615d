"""Writes what was recorded as WARC 1.1: each question beside its answer, so that a POSTed one can be replayed too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from uppsikt.capture.proxy.recorder import Exchange

# The chunks were taken apart on the way: a header that speaks of them would make readers look for them.
RENAMED: Final = frozenset({"transfer-encoding"})
ORIGINAL: Final = "X-Archive-Orig-"


def write(path: Path, exchanges: Iterable[Exchange], *, software: str) -> int:
    """Write all that was answered, gzipped record by record; returns how many pairs. Bodies are read from disk."""
    pairs = 0
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True, warc_version="1.1")
        info = {"software": software, "format": "WARC File Format 1.1", "robots": "ignore"}
        writer.write_record(writer.create_warcinfo_record(path.name, info))
        for exchange in exchanges:
            if exchange.answered:
                _pair(writer, exchange)
                pairs += 1
    return pairs


def _pair(writer: WARCWriter, exchange: Exchange) -> None:
    facts = {"WARC-Date": stamp(exchange.at)}
    told = {**facts, "WARC-IP-Address": exchange.address} if exchange.address else dict(facts)
    if exchange.cut:
        told["WARC-Truncated"] = exchange.cut
    # Whole addresses only: warcio would quote what is not ASCII, and a browser has done so already.
    with exchange.body.open() as body, exchange.question.open() as question:
        answer = writer.create_warc_record(
            exchange.url,
            "response",
            payload=body,
            length=exchange.body.size,
            warc_headers_dict=told,
            http_headers=StatusAndHeaders(
                f"{exchange.status} {exchange.reason}".strip(), _answered(exchange), protocol=f"HTTP/{exchange.version}"
            ),
        )
        asked = writer.create_warc_record(
            exchange.url,
            "request",
            payload=question,
            length=exchange.question.size,
            warc_headers_dict=facts,
            http_headers=StatusAndHeaders(
                f"{exchange.method} {exchange.target} HTTP/1.1", _text(exchange.asked), is_http_request=True
            ),
        )
        writer.write_request_response_pair(asked, answer)


def _answered(exchange: Exchange) -> list[tuple[str, str]]:
    """The answer's headers; those that no longer hold keep their words under another name."""
    headers = []
    length = str(exchange.body.size)
    bodiless = exchange.method == "HEAD" or exchange.status in (204, 304)
    for name, value in _text(exchange.headers):
        lower = name.lower()
        wrong = lower == "content-length" and value.strip() != length and not bodiless
        headers.append((f"{ORIGINAL}{name}", value) if wrong or lower in RENAMED else (name, value))
    if not bodiless and not any(name.lower() == "content-length" for name, _ in headers):
        headers.append(("Content-Length", length))
    return headers


def _text(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def stamp(at: datetime) -> str:
    """A moment in UTC as WARC and our reports write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
