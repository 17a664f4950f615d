"""From a channel to a working connector, and from an address to a network."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils import timezone

from uppsikt.channels import vault
from uppsikt.channels.models import Channel
from uppsikt.connectors import registry
from uppsikt.connectors.base import Connector, Recognition, Reconnect
from uppsikt.net import Client, Limits
from uppsikt.net.limits import MIB
from uppsikt.policy import queries as policy


def client() -> Client:
    """The one HTTP client, within the policy's limits, with the installation's allow-list of private servers."""
    return Client(
        Limits(
            total=policy.number("network.total_seconds"),
            max_bytes=policy.number("network.max_megabytes") * MIB,
            max_redirects=policy.number("network.max_redirects"),
            allow_private=settings.ALLOW_PRIVATE,
        )
    )


def full(address: str) -> str:
    """The address as one would write it in full; who gives no scheme means https."""
    typed = address.strip()
    return typed if "://" in typed else f"https://{typed}"


def recognise(address: str) -> Recognition:
    """Which network an address belongs to, what was found and what is needed. Raises Trouble."""
    return registry.recognise(address, client())


def build(network: str, options: Mapping[str, object], secrets: Mapping[str, str]) -> Connector:
    """A connector that is not yet a channel: to try credentials before anything is saved."""
    return registry.build(network, client(), options, secrets, timezone.now)


def connector(channel: Channel) -> Connector:
    """The channel's connector. Raises Reconnect where its credentials cannot be opened."""
    try:
        secrets = vault.secrets_of(channel)
    except vault.Locked as error:
        raise Reconnect("locked") from error
    worked = {"worked_before": channel.pulled_at is not None}
    return build(channel.network, {**channel.settings, **worked}, secrets)
