"""From a channel to a working connector, and from an address to a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from uppsikt.channels import vault
from uppsikt.channels.models import Channel
from uppsikt.connectors import registry
from uppsikt.connectors.base import Connector, Permanent, Profile, Recognition, Reconnect
from uppsikt.net import Client, Limits
from uppsikt.net.limits import MIB
from uppsikt.policy import queries as policy

# Somebody waits for the page, and meanwhile it holds a web process.
STEP_SECONDS, IN_ALL = 6.0, 12.0


def client(*, waited_for: bool = False) -> Client:
    """The one HTTP client, within the policy's limits, with the installation's allow-list of private servers.

    Where somebody waits for the page (`waited_for`) it is less patient.
    """
    usual = Limits(
        total=policy.number("network.total_seconds"),
        max_bytes=policy.number("network.max_megabytes") * MIB,
        max_redirects=policy.number("network.max_redirects"),
        allow_private=settings.ALLOW_PRIVATE,
    )
    if not waited_for:
        return Client(usual)
    steps = {step: min(getattr(usual, step), STEP_SECONDS) for step in ("connect", "read", "write")}
    return Client(replace(usual, **steps, total=min(usual.total, IN_ALL)))


def recognise(address: str) -> Recognition:
    """Which network an address belongs to, what was found and what is needed. Raises Trouble."""
    typed = address.strip()
    try:
        urlsplit(typed)
    except ValueError as error:
        raise Permanent("bad_address") from error
    with client(waited_for=True) as asking:
        return registry.recognise(typed, asking)


@contextmanager
def build(
    network: str, options: Mapping[str, object], secrets: Mapping[str, str], *, waited_for: bool = False
) -> Iterator[Connector]:
    """A connector, be there a channel yet or not; its connections are closed afterwards."""
    with client(waited_for=waited_for) as asking:
        yield registry.build(network, asking, options, secrets, timezone.now)


def check(network: str, options: Mapping[str, object], secrets: Mapping[str, str]) -> Profile:
    """Log in with credentials before anything is saved, and say whom they make us. Raises Trouble."""
    with build(network, options, secrets, waited_for=True) as connector:
        return connector.check()


@contextmanager
def opened(channel: Channel, *, waited_for: bool = False) -> Iterator[Connector]:
    """The channel's connector; its connections are closed afterwards. Raises Reconnect for locked credentials.

    `waited_for` says that somebody waits for the page.
    """
    try:
        secrets = vault.secrets_of(channel)
    except vault.Locked as error:
        raise Reconnect("locked") from error
    worked = {"worked_before": channel.pulled_at is not None}
    with build(channel.network, {**channel.settings, **worked}, secrets, waited_for=waited_for) as connector:
        yield connector
