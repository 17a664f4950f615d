"""One connection from the browser, plain or encrypted, as bytes in and bytes out."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import Protocol

CHUNK = 64 * 1024


class Wire(Protocol):
    """What both kinds can do."""

    async def read(self) -> bytes:
        """Some bytes; none at the end."""
        ...

    async def write(self, data: bytes) -> None:
        """Send all; waits while the other side is slow. Raises OSError when it has gone."""
        ...

    def close(self) -> None:
        """Close at once."""
        ...


class Plain:
    """Unencrypted."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def read(self) -> bytes:
        """Some bytes; none at the end."""
        return await self._reader.read(CHUNK)

    async def write(self, data: bytes) -> None:
        """Send all."""
        self._writer.write(data)
        await self._writer.drain()

    def close(self) -> None:
        """Close at once."""
        self._writer.transport.abort()


class Secured:
    """Encrypted by us as the server, over a plain one. Not asyncio's own: it would lose what has been read already."""

    def __init__(self, plain: Plain, context: ssl.SSLContext, already: bytes) -> None:
        """`already` is what the browser has begun to say."""
        self._plain = plain
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._in.write(already)
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)

    async def shake_hands(self) -> None:
        """Agree on keys. Raises OSError (ssl.SSLError is one)."""
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._more()
            else:
                await self._flush()
                return

    async def read(self) -> bytes:
        """Some bytes; none at the end."""
        while True:
            try:
                return self._tls.read(CHUNK)
            except ssl.SSLWantReadError:
                await self._flush()
                try:
                    await self._more()
                except ConnectionError:
                    return b""
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""

    async def write(self, data: bytes) -> None:
        """Send all."""
        view = memoryview(data)
        while view:
            view = view[self._tls.write(view) :]
            await self._flush()

    def close(self) -> None:
        """Close at once."""
        with contextlib.suppress(OSError):
            self._plain.close()

    async def _more(self) -> None:
        data = await self._plain.read()
        if not data:
            raise ConnectionResetError
        self._in.write(data)

    async def _flush(self) -> None:
        if data := self._out.read():
            await self._plain.write(data)
