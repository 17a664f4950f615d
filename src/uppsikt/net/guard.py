"""The sockets under the client: the checked address is the one connected to, and the clock is always on.

TLS still names the host that was asked for: only the address that the socket opens is
fixed beforehand, so certificates and virtual hosts work as usual.
"""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

import httpcore

from uppsikt.net import addresses
from uppsikt.net.errors import NetError
from uppsikt.net.limits import Limits

_deadline: ContextVar[float] = ContextVar("deadline")


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Everything read or written inside ends within so many seconds, or with NetError too_slow."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def _time_left(timeout: float | None, *, sent: bool) -> float:
    left = _deadline.get() - time.monotonic()
    if left <= 0:
        raise NetError("too_slow", sent=sent)
    return left if timeout is None else min(left, timeout)


@contextlib.contextmanager
def _slow_is_too_slow(*, sent: bool) -> Iterator[None]:
    """A step that ended because the whole time was spent is told as such."""
    try:
        yield
    except httpcore.TimeoutException:
        _time_left(None, sent=sent)
        raise


class GuardedStream(httpcore.NetworkStream):
    """A connection whose every read and write looks at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read up to so many bytes."""
        with _slow_is_too_slow(sent=True):
            return self._stream.read(max_bytes, _time_left(timeout, sent=True))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all bytes."""
        with _slow_is_too_slow(sent=True):
            self._stream.write(buffer, _time_left(timeout, sent=True))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Encrypt the connection, towards the name that was asked for."""
        with _slow_is_too_slow(sent=False):
            return GuardedStream(self._stream.start_tls(ssl_context, server_hostname, _time_left(timeout, sent=False)))

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a stream (its socket, its TLS object)."""
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens sockets, to checked addresses only."""

    def __init__(self, limits: Limits, resolver: addresses.Resolver = addresses.system_resolver) -> None:
        self._limits = limits
        self._resolver = resolver
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check, and connect to one of the checked addresses. Raises NetError."""
        name = host.strip("[]").lower()
        found = addresses.resolve(name, port, seconds=_time_left(timeout, sent=False), resolver=self._resolver)
        last: Exception | None = None
        for address in addresses.checked(name, port, found, self._limits.allow_private):
            try:
                with _slow_is_too_slow(sent=False):
                    stream = self._plain.connect_tcp(
                        address, port, _time_left(timeout, sent=False), local_address, socket_options
                    )
                return GuardedStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last or NetError("site_down", host=name)

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Never: no address that we take leads to a local socket."""
        raise NetError("private_address")
