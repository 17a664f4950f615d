"""A notice to a browser, over the Web Push protocol (RFC 8030), locked for that browser alone (RFC 8291).

The push service in between sees that we send something, and when, but not what. We say who we are by RFC 8292.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from py_vapid import Vapid02, VapidException

from uppsikt.net import NetError
from uppsikt.notices.ways.base import GONE, Message, Undelivered, client, judge, lost

# A push that has not reached the browser within a working day tells of something old.
KEEP_SECONDS = 8 * 3600
TOKEN_SECONDS = 12 * 3600
POINT_BYTES, AUTH_BYTES = 65, 16
LONGEST_ENDPOINT = 2000
RECORD_BYTES = 4096
# A push service takes 4,096 bytes, locked; a sign is at most four.
LONGEST_WORDS = 600
# The number of points on the curve (SEC 2, secp256r1).
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser gives: where to send, its public key (65 bytes, P-256), its shared secret (16 bytes)."""

    endpoint: str
    key: bytes
    auth: bytes

    def as_text(self) -> str:
        """As it is kept."""
        return json.dumps({"endpoint": self.endpoint, "key": encode(self.key), "auth": encode(self.auth)})


def encode(raw: bytes) -> str:
    """URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(words: str) -> bytes:
    """The bytes of URL-safe base64, padded or not. Raises ValueError."""
    return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))


def read(words: str) -> Subscription:
    """A browser's subscription, as its JSON or as we keep it. Raises ValueError where it cannot be one."""
    given = json.loads(words)
    if not isinstance(given, dict):
        raise TypeError("not an object")
    keys = given.get("keys")
    keys = keys if isinstance(keys, dict) else {}
    endpoint = given.get("endpoint")
    key, auth = (given.get("key") or keys.get("p256dh")), (given.get("auth") or keys.get("auth"))
    if not (isinstance(endpoint, str) and isinstance(key, str) and isinstance(auth, str)):
        raise TypeError("endpoint, key or auth is missing")
    found = Subscription(endpoint, decode(key), decode(auth))
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), found.key)
    if len(found.key) != POINT_BYTES or len(found.auth) != AUTH_BYTES or len(endpoint) > LONGEST_ENDPOINT:
        raise ValueError("wrong length")
    if urlsplit(endpoint).scheme not in {"https", "http"}:
        raise ValueError("not an address")
    return found


def own_key() -> Vapid02:
    """The installation's own key, by which push services know us: a point worked out from its secret."""
    number = int.from_bytes(hashlib.sha256(settings.PUSH_KEY.encode()).digest(), "big") % (P256_ORDER - 1) + 1
    return Vapid02(ec.derive_private_key(number, ec.SECP256R1()))


def public_key() -> str:
    """What a browser is told when it subscribes."""
    point = own_key().public_key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return encode(point)


def locked(
    plain: bytes, to: Subscription, *, salt: bytes = b"", own: ec.EllipticCurvePrivateKey | None = None
) -> bytes:
    """The bytes that only that browser can open, in one record (RFC 8291 and RFC 8188, aes128gcm).

    `salt` (16 bytes) and `own`, the key for this message alone, are drawn anew where they are not given.
    """
    salt = salt or os.urandom(16)
    own = own or ec.generate_private_key(ec.SECP256R1())
    ours = own.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), to.key)
    secret = own.exchange(ec.ECDH(), theirs)
    seed = stretched(secret, salt=to.auth, what=b"WebPush: info\0" + to.key + ours, length=32)
    key = stretched(seed, salt=salt, what=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = stretched(seed, salt=salt, what=b"Content-Encoding: nonce\0", length=12)
    head = salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(ours)]) + ours
    # The last record ends with a 2.
    return head + AESGCM(key).encrypt(nonce, plain + b"\x02", None)


def stretched(secret: bytes, *, salt: bytes, what: bytes, length: int) -> bytes:
    """A key for one purpose (HKDF with SHA-256)."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=what).derive(secret)


def send(message: Message, target: str, *, now: datetime) -> None:
    """Hand a notice to the browser's push service. Raises Undelivered."""
    try:
        to = read(target)
    except (ValueError, TypeError) as error:
        raise Undelivered("bad_subscription", gone=True) from error
    parts = urlsplit(to.endpoint)
    claims = {
        "sub": settings.PUBLIC_URL if settings.SECURE else f"mailto:{settings.DEFAULT_FROM_EMAIL}",
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(now.timestamp()) + TOKEN_SECONDS,
    }
    try:
        signed = own_key().sign(claims)
    except VapidException as error:
        raise Undelivered("bad_subscription", permanent=True) from error
    words = message.words if len(message.words) <= LONGEST_WORDS else f"{message.words[: LONGEST_WORDS - 1]}…"
    body = json.dumps({"words": words, "url": message.url, "tag": message.key}, ensure_ascii=False).encode()
    headers = {
        **signed,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEEP_SECONDS),
        "Urgency": "high" if message.urgent else "normal",
    }
    try:
        with client() as web:
            judge(web.request("POST", to.endpoint, headers=headers, content=locked(body, to)), gone=GONE)
    except NetError as error:
        raise lost(error) from error
