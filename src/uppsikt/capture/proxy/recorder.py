"""What went to and fro: each question with its answer, bodies on disk, and when it is quiet."""

from __future__ import annotations

import asyncio
import io
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from uppsikt.capture.limits import Limits

SMALL: Final = 16 * 1024  # bytes of a body that are kept in memory before it gets a file
STALLED: Final = 3.0  # seconds without a byte after which an answer is not waited for
STREAMING: Final = 10.0  # seconds after which an answer that still drips is taken for a stream
READ: Final = 256 * 1024

Headers = Sequence[tuple[bytes, bytes]]


class Cut(Exception):
    """No more is taken of an answer. `why` is as in WARC-Truncated: length or time."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Body:
    """Bytes that are written once, and read while they come: memory stays flat however many they are."""

    def __init__(self, path: Path) -> None:
        """`path` gets a file only if the body grows."""
        self.size = 0
        self.ended = False
        self._path = path
        self._small = bytearray()
        self._file: BinaryIO | None = None
        self._news = asyncio.Event()

    def write(self, data: bytes) -> None:
        """Add some."""
        self.size += len(data)
        if self._file is None and self.size > SMALL:
            self._file = self._path.open("wb", buffering=0)
            self._file.write(bytes(self._small))
            self._small.clear()
        if self._file is None:
            self._small += data
        else:
            self._file.write(data)
        self._news.set()

    def end(self) -> None:
        """That was all."""
        self.ended = True
        if self._file:
            self._file.close()
        self._news.set()

    def open(self) -> BinaryIO:
        """The bytes, to read."""
        return self._path.open("rb") if self._file else io.BytesIO(bytes(self._small))

    async def more(self) -> None:
        """Wait until there is more than there was, or no more is to come."""
        self._news.clear()
        if not self.ended:
            await self._news.wait()


@dataclass
class Exchange:
    """A question and its answer. Headers stand as they were sent; `status` 0: there was no answer.

    `cut` says why the body is not whole: "" (it is), length, time, disconnect. `stream` marks one that has no end,
    `again` one that the browser asks for once more after its time was up.
    """

    url: str
    method: str
    target: str
    at: datetime
    asked: Headers
    question: Body
    body: Body
    address: str = ""
    status: int = 0
    reason: str = ""
    version: str = "1.1"
    headers: Headers = ()
    cut: str = ""
    document: bool = False
    stream: bool = False
    again: bool = False
    open: bool = True
    moved: float = field(default_factory=time.monotonic)
    begun: float = field(default_factory=time.monotonic)

    @property
    def answered(self) -> bool:
        """Whether an answer has begun."""
        return self.status != 0

    def header(self, name: bytes) -> bytes:
        """A header of the answer, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), b"")

    def waited_for(self, now: float) -> bool:
        """Whether the page may still be waiting for it."""
        if not self.open or self.stream or self.again or now - self.begun > STREAMING:
            return False
        return not self.answered or now - self.moved < STALLED


class Recorder:
    """All exchanges of one capture, and what was refused."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """Bodies go into `folder`, which must be there."""
        self.exchanges: list[Exchange] = []
        self.refused: dict[str, str] = {}
        self.counts: Counter[str] = Counter()
        self.bytes = 0
        self.moved = time.monotonic()
        self._folder, self._limits = folder, limits
        self._late: set[str] = set()

    def begin(self, *, url: str, method: str, target: str, asked: Headers) -> Exchange:
        """A question comes. Raises Cut when there were enough."""
        if len(self.exchanges) >= self._limits.max_requests:
            self.counts["requests_over"] += 1
            raise Cut("length")
        number = len(self.exchanges)
        made = Exchange(
            url=url,
            method=method,
            target=target,
            at=datetime.now(UTC),
            asked=asked,
            question=Body(self._folder / f"{number}.question"),
            body=Body(self._folder / f"{number}.body"),
            again=url in self._late,
            document=any(name.lower() == b"accept" and value.startswith(b"text/html") for name, value in asked),
        )
        self.exchanges.append(made)
        self.moved = time.monotonic()
        return made

    def took(self, exchange: Exchange, data: bytes) -> None:
        """Bytes of an answer came. Raises Cut when they pass a limit; what fits is kept."""
        now = exchange.moved = time.monotonic()
        endless = not exchange.header(b"content-length") and now - exchange.begun > STREAMING
        exchange.stream = exchange.stream or (endless and not exchange.document)
        if not exchange.stream or now - exchange.begun < STALLED:
            self.moved = now  # a stream's first words are waited for; that it goes on is not
        most = self._limits.max_document if exchange.document else self._limits.max_body
        room = min(most - exchange.body.size, self._limits.max_bytes - self.bytes)
        self.bytes += len(data)
        exchange.body.write(data[: max(room, 0)])
        if len(data) > room:
            raise Cut("length")

    def end(self, exchange: Exchange, cut: str = "") -> None:
        """No more will come."""
        exchange.cut = exchange.cut or cut
        exchange.open = False
        if exchange.cut == "time":
            self._late.add(exchange.url)
        exchange.question.end()
        exchange.body.end()
        self.moved = time.monotonic()

    def refuse(self, origin: str, code: str) -> None:
        """A server was not reached or not gone to; `origin` is scheme://host:port."""
        self.refused[origin] = code
        self.counts[code] += 1
        self.moved = time.monotonic()

    def downloading(self) -> bool:
        """Whether an answer that has an end is still on its way to it."""
        now = time.monotonic()
        return any(
            exchange.open and not exchange.stream and exchange.answered and now - exchange.moved < STALLED
            for exchange in self.exchanges
        )

    def quiet(self, seconds: float) -> bool:
        """Whether nothing has happened for so long, and nothing is waited for; streams do not count."""
        now = time.monotonic()
        return now - self.moved >= seconds and not any(exchange.waited_for(now) for exchange in self.exchanges)
