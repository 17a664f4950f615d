"""Locks credentials before they reach the database, and never shows them in a log."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from uppsikt.channels.models import Channel, Secret


class Locked(Exception):
    """A credential cannot be opened: the key for credentials is another than the one that locked it."""


def fernet() -> Fernet:
    """The lock, from the installation's key for credentials."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(str(settings.CREDENTIALS_KEY).encode()).digest()))


def keep(channel: Channel, name: str, value: str, *, now: datetime) -> None:
    """Lock and keep a credential."""
    Secret.objects.update_or_create(
        channel=channel, name=name, defaults={"locked": fernet().encrypt(value.encode()), "set_at": now}
    )


def secrets_of(channel: Channel) -> dict[str, str]:
    """The channel's credentials, opened. Raises Locked."""
    try:
        return {row.name: fernet().decrypt(bytes(row.locked)).decode() for row in channel.secrets.all()}
    except InvalidToken as error:
        raise Locked(str(channel.pk)) from error
