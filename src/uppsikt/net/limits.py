"""How much of the other side we put up with: time, size, redirects, addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MIB = 1024 * 1024
HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one client. Times in seconds, sizes in bytes.

    `connect`, `read` and `write` bound one step each; `total` bounds the whole request with
    its redirects, so that a server that drips a byte a second is cut off too.
    `max_bytes` counts the body after unpacking. `allow_private` opens single private servers, as
    exact `host:port` in the way the address is written (see `parse_allowed`).
    """

    connect: float = 10.0
    read: float = 20.0
    write: float = 20.0
    total: float = 60.0
    max_bytes: int = 16 * MIB
    max_redirects: int = 5
    allow_private: frozenset[str] = frozenset()
    user_agent: str = "Uppsikt/0.1 (reads and answers for the owner of the account)"


def parse_allowed(words: str | Iterable[str]) -> frozenset[str]:
    """Read an allow-list: `host:port` parted by commas or blanks, or given one by one.

    Hosts are lower-cased; an IPv6 address stands in brackets ("[::1]:8080"). Raises
    ValueError for anything that is not exactly one host and one port: no wildcards, no
    default port, so that nobody opens more than he wrote.
    """
    parts = words.replace(",", " ").split() if isinstance(words, str) else list(words)
    return frozenset(_entry(part) for part in parts)


def _entry(part: str) -> str:
    host, colon, port = part.strip().lower().rpartition(":")
    bare_v6 = ":" in host and not (host.startswith("[") and host.endswith("]"))
    if not (colon and host and port.isascii() and port.isdigit() and 0 < int(port) <= HIGHEST_PORT) or bare_v6:
        raise ValueError(f"not host:port: {part!r}")
    if any(sign in host for sign in "/@*?# "):
        raise ValueError(f"not a host: {part!r}")
    return f"{host}:{int(port)}"
