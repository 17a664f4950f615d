"""Speaks the Chrome DevTools Protocol over a pair of pipes: commands, their answers, and events.

Pipes and not a port: a port on loopback lets every account on the machine drive the browser, and a browser whose pipe
closes ends by itself, so that none is left behind when we are killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Callable
from typing import Any, Final

from uppsikt.capture.errors import CaptureFailed

# An event of our own: the browser has ended.
GONE: Final = "gone"

Params = dict[str, Any]
Listener = Callable[[str, Params], None]


class CdpError(Exception):
    """The browser refused a command; the text is its own."""


class _Inbox(asyncio.Protocol):
    """Cuts what comes through the pipe at its zero bytes; a screenshot makes a message of many megabytes."""

    def __init__(self, heard: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        self._heard, self._ended = heard, ended
        self._parts: list[bytes] = []

    def data_received(self, data: bytes) -> None:
        """One more piece."""
        *whole, rest = data.split(b"\0")
        for piece in whole:
            self._parts.append(piece)
            message = b"".join(self._parts)
            self._parts = []
            self._heard(message)
        if rest:
            self._parts.append(rest)

    def connection_lost(self, _error: Exception | None) -> None:
        """The browser is gone."""
        self._ended()


class Cdp:
    """One browser's pipes. Use it from the loop that it was opened in."""

    def __init__(self) -> None:
        """Nothing is open; `open` opens."""
        self.alive = False
        self._number = 0
        self._waiting: dict[int, tuple[str, asyncio.Future[Params]]] = {}
        self._listeners: dict[str, list[Listener]] = {}
        self._transports: list[asyncio.BaseTransport] = []

    async def open(self, read: int, write: int) -> None:
        """Take over two file descriptors: what the browser writes, and what it reads."""
        loop = asyncio.get_running_loop()
        inbox = _Inbox(self._heard, self._ended)
        reader, _ = await loop.connect_read_pipe(lambda: inbox, os.fdopen(read, "rb", buffering=0))
        writer, _ = await loop.connect_write_pipe(asyncio.BaseProtocol, os.fdopen(write, "wb", buffering=0))
        self._transports = [reader, writer]
        self._writer = writer
        self.alive = True

    def close(self) -> None:
        """Close both pipes: the browser then ends by itself."""
        for transport in self._transports:
            with contextlib.suppress(RuntimeError):
                transport.close()
        self._ended()

    def listen(self, session: str, listener: Listener) -> None:
        """Call `listener(method, params)` for every event of a session ("" is the browser itself)."""
        self._listeners.setdefault(session, []).append(listener)

    def forget(self, session: str) -> None:
        """Stop calling anyone about a session."""
        self._listeners.pop(session, None)

    def unlisten(self, session: str, listener: Listener) -> None:
        """Stop calling this one."""
        with contextlib.suppress(ValueError, KeyError):
            self._listeners[session].remove(listener)

    def fail(self, session: str) -> None:
        """Whoever waits for an answer in this session waits in vain: its page has crashed."""
        for waiting_in, answer in list(self._waiting.values()):
            if waiting_in == session and not answer.done():
                answer.set_exception(CaptureFailed("browser_died", why="page"))

    async def call(
        self, method: str, params: Params | None = None, *, session: str = "", seconds: float = 30
    ) -> Params:
        """Send a command and wait for its answer. Raises CdpError, TimeoutError, CaptureFailed browser_died."""
        if not self.alive:
            raise CaptureFailed("browser_died")
        self._number += 1
        number = self._number
        message: Params = {"id": number, "method": method, "params": params or {}}
        if session:
            message["sessionId"] = session
        answer: asyncio.Future[Params] = asyncio.get_running_loop().create_future()
        self._waiting[number] = (session, answer)
        try:
            self._writer.write(json.dumps(message).encode() + b"\0")
            async with asyncio.timeout(seconds):
                return await answer
        finally:
            self._waiting.pop(number, None)

    def _heard(self, message: bytes) -> None:
        told = json.loads(message)
        waiting = self._waiting.pop(told.get("id", 0), None)
        if waiting is not None:
            answer = waiting[1]
            if answer.done():
                return
            if "error" in told:
                answer.set_exception(CdpError(str(told["error"].get("message", ""))[:300]))
            else:
                answer.set_result(told.get("result", {}))
        elif "method" in told:
            for listener in list(self._listeners.get(told.get("sessionId", ""), ())):
                listener(told["method"], told.get("params", {}))

    def _ended(self) -> None:
        was_alive, self.alive = self.alive, False
        waiting, self._waiting = self._waiting, {}
        for _session, answer in waiting.values():
            if not answer.done():
                answer.set_exception(CaptureFailed("browser_died"))
        if was_alive:
            # Whoever waits for news of a page waits in vain.
            for listener in [one for several in self._listeners.values() for one in several]:
                listener(GONE, {})
