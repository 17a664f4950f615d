"""Which addresses of the internet protocol we go to, and how a name becomes one of them.

The check is made on the address that is connected to, not on the name: a name may answer
with one address to the one who checks and with another to the one who connects.
"""

from __future__ import annotations

import contextlib
import ipaddress
import queue
import socket
import threading
from collections.abc import Callable, Sequence

from uppsikt.net.errors import NetError

Resolver = Callable[[str, int], Sequence[str]]

MOST_ADDRESSES = 4

# IANA special-purpose registries (RFC 6890 and later), multicast, and the address at which
# one large cloud answers its guests although it looks public (168.63.129.16).
_REFUSED_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip  # a table, read as one
# Only global unicast is given out at all; the rest of the space is ours to refuse.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(ipaddress.IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_MAPPED_V6 = (ipaddress.IPv6Network("::ffff:0:0/96"), ipaddress.IPv6Network("64:ff9b::/96"))


def is_public(address: str) -> bool:
    """Whether an IPv4 or IPv6 address lies on the open internet.

    Addresses that wrap an IPv4 address (mapped, NAT64) are judged by what they wrap;
    6to4 and Teredo tunnels are refused. What cannot be read is not public.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if any(ip in block for block in _MAPPED_V6):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        return ip in _GLOBAL_V6 and not any(ip in block for block in _REFUSED_V6)
    return not any(ip in block for block in _REFUSED_V4)


def system_resolver(host: str, port: int) -> list[str]:
    """Ask the system for a name's addresses, in its order of preference. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve(host: str, port: int, *, seconds: float, resolver: Resolver = system_resolver) -> list[str]:
    """The addresses of a name, within a time. Raises NetError site_down or timeout.

    The system's resolver takes no timeout, so it runs on a thread that is left behind when
    it hangs.
    """
    answer: queue.SimpleQueue[list[str] | None] = queue.SimpleQueue()

    def ask() -> None:
        found: list[str] | None = None
        with contextlib.suppress(OSError, UnicodeError):
            found = list(resolver(host, port))
        answer.put(found)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        found = answer.get(timeout=max(seconds, 0.001))
    except queue.Empty:
        raise NetError("timeout", host=host) from None
    if not found:
        raise NetError("site_down", host=host, why="name")
    return found


def checked(host: str, port: int, addresses: Sequence[str], allowed: frozenset[str]) -> list[str]:
    """Those of the addresses that may be connected to. Raises NetError private_address when none may."""
    written = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    if written.lower() in allowed:
        return list(addresses[:MOST_ADDRESSES])
    public = [address for address in addresses if is_public(address)]
    if not public:
        raise NetError("private_address", host=host)
    return public[:MOST_ADDRESSES]
