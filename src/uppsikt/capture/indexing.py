"""The index of a web archive (CDXJ): by which key, and where in the file, each answer lies.

An answer to a question with a body (comments fetched by POST) gets a key that holds the question too, the way that
players ask for it; without that it could never be replayed.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote_plus, urlencode

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from uppsikt.capture import surts

LONGEST_BODY = 4_000_000  # of a question, in bytes; what is longer is indexed without it
LONGEST_QUERY = 4096  # signs of a question that go into a key: what players agree on
LINES = 1024  # in one piece of the packed index
ANSWERS = WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.resource
WANTED = WarcRecordType.request | ANSWERS


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, where it was more than an address."""

    method: str
    query: str

    def put_to(self, url: str) -> str:
        """The address with the question in it."""
        asked = f"__wb_method={self.method}" + (f"&{self.query}" if self.query else "")
        return f"{url}{'&' if '?' in url else '?'}{asked}"


@dataclass(frozen=True, slots=True)
class Line:
    """One answer in the index."""

    url: str
    at: str
    facts: dict[str, str]
    question: Question | None = None

    def __str__(self) -> str:
        key = surts.key(self.question.put_to(self.url) if self.question else self.url)
        facts = dict(self.facts)
        if self.question:
            facts |= {"method": self.question.method, "requestBody": self.question.query}
        return f"{key} {self.at} {json.dumps({'url': self.url, **facts}, ensure_ascii=True)}\n"


@dataclass(frozen=True, slots=True)
class Looked:
    """A record as it was found: `fault` is empty, `no_digest` or `bad_record`."""

    start: int
    id: str
    url: str
    answer: bool
    fault: str


def records(warc: IO[bytes]) -> Iterator[Looked]:
    """Each record of a WARC file against its own digest. Raises OSError and ValueError for what cannot be read."""
    for record in ArchiveIterator(warc, parse_http=False, record_types=WarcRecordType.any_type):
        fault = "no_digest"
        if "WARC-Block-Digest" in record.headers:
            fault = "" if record.verify_block_digest(consume=True) else "bad_record"
        yield Looked(
            start=record.stream_pos,
            id=record.record_id or "",
            url=said(record, "WARC-Target-URI"),
            answer=bool(record.record_type & ANSWERS),
            fault=fault,
        )
        record.consume()


def lines(warc: Path, name: str) -> list[str]:
    """The index of a WARC file, sorted; `name` is what the file is called where the index is read.

    Raises OSError and ValueError for one that cannot be read, or has a record that is not what its digest says.
    """
    with warc.open("rb") as stream:
        if wrong := next((record for record in records(stream) if record.fault), None):
            raise ValueError(f"{wrong.fault}: {wrong.url}")
    answers: list[tuple[str, Line]] = []
    questions: dict[str, Question] = {}
    starts: list[int] = []
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream, record_types=WarcRecordType.any_type, parse_http=False):
            starts.append(record.stream_pos)
            if not record.record_type & WANTED:
                continue
            record.parse_http()
            if record.record_type == WarcRecordType.request:
                if asked := question(record):
                    questions[said(record, "WARC-Concurrent-To")] = asked
            else:
                answers.append((record.record_id or "", line(record, name)))
    ends = dict(zip(starts, [*starts[1:], warc.stat().st_size], strict=True))
    found = []
    for number, one in answers:
        start = int(one.facts["offset"])
        facts = {**one.facts, "length": str(ends[start] - start)}
        found.append(str(Line(one.url, one.at, facts, questions.get(number))))
    return sorted(found)


def line(record: WarcRecord, name: str) -> Line:
    """The line of an answer, but for its length."""
    at = "".join(sign for sign in said(record, "WARC-Date") if sign.isdigit())[:14]
    facts = {"mime": mime_of(record)}
    if record.http_headers is not None and record.http_headers.status_code:
        facts["status"] = str(record.http_headers.status_code)
    if digest := said(record, "WARC-Payload-Digest") or said(record, "WARC-Block-Digest"):
        facts["digest"] = digest
    return Line(said(record, "WARC-Target-URI"), at, {**facts, "offset": str(record.stream_pos), "filename": name})


def said(record: WarcRecord, name: str) -> str:
    """A header of the record; empty where it has none."""
    return record.headers.get(name, "") or ""


def mime_of(record: WarcRecord) -> str:
    """The media type of an answer."""
    if record.record_type == WarcRecordType.revisit:
        return "warc/revisit"
    kind = record.http_headers.get("Content-Type") if record.http_headers is not None else None
    if record.record_type == WarcRecordType.resource:
        kind = said(record, "Content-Type")
    return (kind or "").split(";")[0].strip().lower() or "unk"


def question(record: WarcRecord) -> Question | None:
    """What a request asked beside its address; None for a plain GET."""
    if record.http_headers is None:
        return None
    method = (record.http_headers.status_line or "").split(" ")[0].upper()
    if method in ("GET", ""):
        return None
    body = record.reader.read(LONGEST_BODY) if method in ("POST", "PUT") else b""
    return Question(method, as_query(body, record.http_headers.get("Content-Type") or "")[:LONGEST_QUERY])


def as_query(body: bytes, media_type: str) -> str:
    """A body as players write it in an address."""
    if not body:
        return ""
    kind = media_type.lower()
    try:
        if kind.startswith("application/x-www-form-urlencoded"):
            return unquote_plus(body.decode())
        if kind.startswith(("application/json", "text/plain")):
            return flat(json.loads(body))
        if kind.startswith("multipart/"):
            return of_parts(body, media_type)
    except (ValueError, RecursionError):
        if kind.startswith("application/json"):
            return ""
    return "__wb_post_data=" + base64.b64encode(body).decode()


def of_parts(body: bytes, media_type: str) -> str:
    """The fields of a form in parts. Raises ValueError where it is none."""
    form = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + media_type.encode("latin-1") + b"\r\n\r\n" + body)
    if not form.is_multipart():
        raise ValueError("no parts")
    fields: list[tuple[str, str]] = []
    for part in form.iter_parts():
        value: Any = part.get_payload(decode=True)
        fields.append((str(part.get_param("name", "", "content-disposition")), bytes(value or b"").decode()))
    return urlencode(fields)


def flat(value: Any) -> str:
    """JSON as an address asks for it: each name with its value, a name met again with a number."""
    found: dict[str, str] = {}
    again: dict[str, int] = {}
    for name, one in leaves(value, ""):
        key = name
        if name in found:
            again[name] = again.get(name, 1) + 1
            key = f"{name}.{again[name]}_"
        found[key] = one
    return urlencode(found)


def leaves(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Each value in JSON under the name nearest above it, as a browser's script would write it."""
    if isinstance(value, dict):
        for inner, one in value.items():
            yield from leaves(one, inner)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one, name)
    elif name:
        if isinstance(value, bool | None):
            yield name, {True: "true", False: "false", None: "null"}[value]
        elif isinstance(value, float) and value.is_integer():
            yield name, str(int(value))
        else:
            yield name, str(value)


def packed(sorted_lines: list[str], name: str) -> tuple[bytes, bytes]:
    """The index in pieces that can be read alone, and the list of the pieces (cdxj-gzip)."""
    body = bytearray()
    listed = ["!meta 0 " + json.dumps({"format": "cdxj-gzip-1.0", "filename": name}) + "\n"]
    for start in range(0, len(sorted_lines), LINES):
        bite = sorted_lines[start : start + LINES]
        piece = gzip.compress("".join(bite).encode(), mtime=0)
        place = {"offset": len(body), "length": len(piece), "digest": "sha256:" + hashlib.sha256(piece).hexdigest()}
        listed.append(f"{' '.join(bite[0].split(' ', 2)[:2])} {json.dumps({**place, 'filename': name})}\n")
        body += piece
    return bytes(body) or gzip.compress(b"", mtime=0), "".join(listed).encode()
