"""One connection to a server of the page's: questions out, answers in."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Final

import h11

from uppsikt.capture.proxy.door import Door
from uppsikt.capture.proxy.recorder import READ, Exchange, Headers
from uppsikt.net import NetError

LARGEST_HEAD: Final = 256 * 1024


class Upstream:
    """A connection that may serve several questions, one after the other."""

    def __init__(self, place: tuple[str, str, int]) -> None:
        """`place` is scheme, host and port; `open` connects."""
        self.place = place
        self.fresh = True
        self.address = ""
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)

    async def open(self, door: Door) -> None:
        """Connect. Raises NetError."""
        self._reader, self._writer = await door.open(*self.place)
        peer = self._writer.get_extra_info("peername")
        self.address = str(peer[0]) if peer else ""

    def usable(self, place: tuple[str, str, int]) -> bool:
        """Whether it can take one more question for that server."""
        idle = self._http.our_state is h11.IDLE and self._http.their_state is h11.IDLE
        return self.place == place and idle and not self._reader.at_eof()

    def close(self) -> None:
        """Close at once."""
        with contextlib.suppress(AttributeError):
            self._writer.transport.abort()

    async def ask(self, exchange: Exchange, headers: Headers) -> h11.Response:
        """Send the question, and wait for the head of its answer. Raises NetError broken_answer or site_down."""
        try:
            await self._send(h11.Request(method=exchange.method, target=exchange.target, headers=list(headers)))
            with exchange.question.open() as body:
                while piece := body.read(READ):
                    await self._send(h11.Data(data=piece))
            await self._send(h11.EndOfMessage())
            while True:
                event = await self._next()
                if isinstance(event, h11.Response):
                    return event
                if not isinstance(event, h11.InformationalResponse):
                    raise NetError("site_down", sent=True)
        except (h11.RemoteProtocolError, h11.LocalProtocolError):
            raise NetError("broken_answer", sent=True) from None
        except OSError:
            raise NetError("site_down", sent=True) from None

    async def body(self) -> AsyncIterator[bytes]:
        """The answer's body in pieces. Raises NetError broken_answer when it ends too early."""
        try:
            while True:
                event = await self._next()
                if isinstance(event, h11.Data):
                    yield bytes(event.data)
                else:
                    break
        except (h11.RemoteProtocolError, OSError):
            raise NetError("broken_answer", sent=True) from None
        with contextlib.suppress(h11.LocalProtocolError):
            self._http.start_next_cycle()
        self.fresh = False

    async def _send(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data:
            self._writer.write(data)
            await self._writer.drain()

    async def _next(self) -> h11.Event | type[h11.PAUSED]:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event  # type: ignore[return-value]
            self._http.receive_data(await self._reader.read(READ))
