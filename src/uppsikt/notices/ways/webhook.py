"""A notice as JSON to an address of the person's own: a chat room, a duty phone system.

The body is signed, so that the receiver can tell it from a stranger's: `X-Uppsikt-Signature` is
`t=<seconds since 1970>,v1=<hex HMAC-SHA256 of "t.body" under the address's own secret>`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.crypto import salted_hmac

from uppsikt.net import NetError
from uppsikt.notices.ways.base import GONE, Message, Undelivered, client, judge, lost

SIGNATURE = "X-Uppsikt-Signature"


def secret_of(address: int) -> str:
    """The secret of an address (its key), worked out from the installation's key: kept nowhere, shown when asked."""
    name = f"uppsikt.webhook.{address}"
    return salted_hmac(name, "v1", secret=settings.CREDENTIALS_KEY, algorithm="sha256").hexdigest()


def signature(body: bytes, secret: str, at: datetime) -> str:
    """What the receiver checks the body against."""
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"


def is_allowed(url: str) -> bool:
    """Whether a webhook may lead there: encrypted (or a private server that is opened), and to a host that is allowed.

    `UPPSIKT_WEBHOOK_HOSTS` names the hosts; without it any public one will do.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    opened = f"{host}:{port or (443 if parts.scheme == 'https' else 80)}" in settings.ALLOW_PRIVATE
    named = not settings.WEBHOOK_HOSTS or host in settings.WEBHOOK_HOSTS
    return bool(host) and named and (parts.scheme == "https" or (parts.scheme == "http" and opened))


def send(message: Message, target: str, *, address: int, now: datetime) -> None:
    """Hand a notice over. Raises Undelivered."""
    if not is_allowed(target):
        raise Undelivered("not_allowed", permanent=True)
    body = json.dumps(
        {
            "id": message.key,
            "kind": message.kind,
            "text": message.words,
            "url": message.url,
            "urgent": message.urgent,
            "at": message.at.isoformat(),
        },
        ensure_ascii=False,
    ).encode()
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": message.key,
        SIGNATURE: signature(body, secret_of(address), now),
    }
    try:
        with client() as web:
            judge(web.request("POST", target, headers=headers, content=body), gone=GONE)
    except NetError as error:
        raise lost(error) from error
