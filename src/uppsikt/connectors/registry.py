"""Which networks there are. A new network is one new file here, and one name in `NETWORKS` (D1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Protocol, cast

from uppsikt.connectors.base import Connector, Now, Permanent, Recognition, Trouble
from uppsikt.net import Client

# In the order in which an address is tried.
NETWORKS = ("practice", "wordpress", "feed", "handed_over")
# A network that knows a site as its own and is shut out by it: another way in may stand open.
SHUT = frozenset({"not_json", "login_wall", "forbidden", "not_found", "wrong_shape", "rejected", "moved", "too_large"})


class Maker(Protocol):
    """How a file makes its connector, and what is known of the network before."""

    takers: frozenset[str]

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


def takers(name: str) -> frozenset[str]:
    """Who besides the product can take away what is said on a network. Raises Permanent("unknown_network")."""
    return network(name).CONNECTOR.takers


def recognise(address: str, client: Client) -> Recognition:
    """Ask each network in turn whether an address is its own. Raises Trouble; Permanent("not_recognised") for none.

    A site that shuts one network's way in may still be read by another's; where none is, the first trouble is told.
    """
    shut: tuple[str, Trouble] | None = None
    for name in NETWORKS:
        try:
            found = network(name).recognise(address, client)
        except Trouble as trouble:
            if shut:
                raise shut[1] from None
            if trouble.code not in SHUT or name == NETWORKS[-1]:
                raise
            shut = name, trouble
            continue
        if found is not None:
            return instead(found, *shut) if shut else found
    raise shut[1] if shut else Permanent("not_recognised", address=address)


def instead(found: Recognition, name: str, trouble: Trouble) -> Recognition:
    """Another way in than the natural one: told with whose place it takes and why, so that a person can choose."""
    return replace(found, found={**found.found, "instead_of": name, "shut_by": trouble.code})


def build(name: str, client: Client, settings: Mapping[str, object], secrets: Mapping[str, str], now: Now) -> Connector:
    """A network's connector for one account."""
    return network(name).CONNECTOR(client, settings, secrets, now)
