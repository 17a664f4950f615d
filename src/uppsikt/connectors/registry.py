"""Which networks there are. A new network is one new file here, and one name in `NETWORKS` (D1)."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol, cast

from uppsikt.connectors.base import Connector, Now, Permanent, Recognition
from uppsikt.net import Client

# In the order in which an address is tried.
NETWORKS = ("practice", "wordpress")


class Maker(Protocol):
    """How a file makes its connector."""

    def __call__(
        self, client: Client, settings: Mapping[str, object], secrets: Mapping[str, str], now: Now
    ) -> Connector: ...


class Network(Protocol):
    """What the file of a network holds."""

    CONNECTOR: Maker

    def recognise(self, address: str, client: Client) -> Recognition | None:
        """What the address is, or None where it is no account on this network. Raises Trouble."""
        ...


def network(name: str) -> Network:
    """The file of a network. Raises Permanent("unknown_network")."""
    if name not in NETWORKS:
        raise Permanent("unknown_network", network=name)
    return cast("Network", import_module(f"uppsikt.connectors.{name}"))


def recognise(address: str, client: Client) -> Recognition:
    """Ask each network in turn whether an address is its own. Raises Trouble; Permanent("not_recognised") for none."""
    for name in NETWORKS:
        found = network(name).recognise(address, client)
        if found is not None:
            return found
    raise Permanent("not_recognised", address=address)


def build(name: str, client: Client, settings: Mapping[str, object], secrets: Mapping[str, str], now: Now) -> Connector:
    """A network's connector for one account."""
    return network(name).CONNECTOR(client, settings, secrets, now)
