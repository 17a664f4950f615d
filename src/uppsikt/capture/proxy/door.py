"""The way out: a name becomes an address that may be gone to, and that address is the one connected to."""

from __future__ import annotations

import asyncio
import functools
import os
import ssl

import httpx

from uppsikt.net import NetError, addresses


@functools.lru_cache(maxsize=4)
def _trust(_file: str, _folder: str) -> ssl.SSLContext:
    """Whom we trust, as the product's other client does; SSL_CERT_FILE and SSL_CERT_DIR are heard."""
    context = httpx.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context


class Door:
    """Opens connections for one capture. Names are looked up once: a page cannot change where its name leads to."""

    def __init__(
        self,
        allowed: frozenset[str],
        *,
        connect: float,
        tls: ssl.SSLContext | None = None,
        resolver: addresses.Resolver = addresses.system_resolver,
    ) -> None:
        """`allowed` are servers in private networks, as host:port; `connect` bounds each step in seconds."""
        self._allowed, self._seconds, self._resolver = allowed, connect, resolver
        self._tls = tls or _trust(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))
        self._known: dict[tuple[str, int], asyncio.Task[list[str]]] = {}

    async def check(self, host: str, port: int) -> list[str]:
        """The addresses to connect to. Raises NetError private_address, site_down, timeout."""
        name = host.strip("[]").lower()
        asked = self._known.get((name, port))
        if asked is None:
            asked = self._known[name, port] = asyncio.create_task(self._look_up(name, port))
        return await asyncio.shield(asked)

    async def open(self, scheme: str, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection, verified where it is https. Raises NetError."""
        last: NetError | None = None
        for address in await self.check(host, port):
            try:
                async with asyncio.timeout(self._seconds):
                    if scheme == "https":
                        return await asyncio.open_connection(
                            address, port, ssl=self._tls, server_hostname=host.strip("[]")
                        )
                    return await asyncio.open_connection(address, port)
            except TimeoutError:
                last = NetError("timeout", host=host)
            except ssl.SSLError:
                raise NetError("certificate", host=host) from None
            except OSError:
                last = NetError("site_down", host=host)
        raise last or NetError("site_down", host=host)

    async def _look_up(self, host: str, port: int) -> list[str]:
        found = await asyncio.to_thread(addresses.resolve, host, port, seconds=self._seconds, resolver=self._resolver)
        return addresses.checked(host, port, found, self._allowed)
