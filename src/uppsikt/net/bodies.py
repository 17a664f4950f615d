"""Reading a body to its end or to the limit, unpacking no further than the limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from uppsikt.net.errors import NetError

ACCEPTED = "gzip"
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS


def read(chunks: Iterable[bytes], *, encoding: str, limit: int) -> bytes:
    """Join the chunks of a body, unpacked. Raises NetError too_large or broken_answer.

    `encoding` is the Content-Encoding header. Only one layer of gzip or deflate is
    unpacked, in pieces that never pass the limit: a small answer that swells is refused
    before it has swollen, and layers upon layers are not opened at all.
    """
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return _plain(chunks, limit)
    if name in ("gzip", "x-gzip", "deflate"):
        return _packed(chunks, limit)
    raise NetError("broken_answer", sent=True, why="encoding")


def _plain(chunks: Iterable[bytes], limit: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limit:
            raise NetError("too_large", sent=True, limit=str(limit))
    return bytes(body)


def _packed(chunks: Iterable[bytes], limit: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP_OR_ZLIB)
    body = bytearray()
    begun = False
    for chunk in chunks:
        begun = begun or bool(chunk)
        try:
            body += unpacker.decompress(chunk, limit + 1 - len(body))
        except zlib.error:
            raise NetError("broken_answer", sent=True, why="packing") from None
        if len(body) > limit:
            raise NetError("too_large", sent=True, limit=str(limit))
        if unpacker.eof:
            break
    if begun and not unpacker.eof:
        raise NetError("broken_answer", sent=True, why="packing")
    return bytes(body)
