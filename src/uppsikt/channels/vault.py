"""Locks credentials before they reach the database, and never shows them in a log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.fernet import InvalidToken

from uppsikt.channels.models import Channel, Secret
from uppsikt.kernel.lockbox import fernet


class Locked(Exception):
    """A credential cannot be opened: the key for credentials is another than the one that locked it."""


def keep(channel: Channel, name: str, value: str, *, now: datetime) -> None:
    """Lock and keep a credential."""
    Secret.objects.update_or_create(
        channel=channel, name=name, defaults={"locked": fernet().encrypt(value.encode()), "set_at": now}
    )


def forget(channel: Channel) -> None:
    """Throw the channel's credentials away: they open nothing that is ours any more."""
    channel.secrets.all().delete()


def secrets_of(channel: Channel) -> dict[str, str]:
    """The channel's credentials, opened. Raises Locked."""
    try:
        return {row.name: fernet().decrypt(bytes(row.locked)).decode() for row in channel.secrets.all()}
    except InvalidToken as error:
        raise Locked(str(channel.pk)) from error


def seal(value: Mapping[str, Any]) -> str:
    """Lock what must wait in a browser between two steps, so that it can neither be read nor changed there."""
    return fernet().encrypt(json.dumps(value).encode()).decode()


def unseal(sealed: str, *, seconds: int) -> dict[str, Any]:
    """What was sealed. Raises Locked where it is not ours, or older than so many seconds."""
    try:
        value: dict[str, Any] = json.loads(fernet().decrypt(sealed.encode(), ttl=seconds))
    except InvalidToken as error:
        raise Locked("sealed") from error
    return value
