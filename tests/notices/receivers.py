"""The other ends of a notice's ways, on loopback, each held to its published contract.

SMS gateways: the form that 46elks documents (POST of `from`, `to`, `message` under HTTP Basic; 200 with the message as
JSON; 401 and 403 with words), and JSON with a bearer token. Push: RFC 8030 (201 with Location; 404 and 410 for a
subscription that is gone; TTL asked for, or 400), RFC 8291 (the body opens with the browser's own key, or 400) and
RFC 8292 (the signed token names this origin and has not run out, or 403). Webhook: 204 for a body whose signature
holds under the secret it was given. What they do not cover: a gateway's charges and delivery reports, a push service's
own limits on rate and size, and the browser's showing of what came.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from py_vapid import Vapid02

USER, PASSWORD = "u123", "hemligt"


@dataclass
class Receiver:
    """One server. `statuses` are answers to give before it behaves well; `taken` is what it has accepted."""

    port: int = 0
    statuses: list[int] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    taken: list[dict[str, Any]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    keys: dict[str, Browser] = field(default_factory=dict)
    secret: str = ""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """The status and body for a request."""
        self.asked.append({"path": path, "headers": headers, "body": body})
        if self.statuses:
            return self.statuses.pop(0), b"later"
        if path in self.gone:
            return 410, b"gone"
        room = path.split("/")[1]
        return {"sms": self.elks, "json": self.json, "push": self.push, "hook": self.hook}[room](path, headers, body)

    def elks(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        told = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if headers.get("authorization") != f"Basic {told}":
            return 401, b"API access requires Basic HTTP authentication"
        sent = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if set(sent) != {"from", "to", "message"}:
            return 400, b"Missing key"
        if not sent["to"].startswith("+"):
            return 400, b"Invalid to number"
        self.taken.append(sent)
        return 200, json.dumps({"id": f"s{len(self.taken)}", "status": "created", **sent}).encode()

    def json(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if headers.get("authorization") != f"Bearer {PASSWORD}":
            return 401, b""
        sent = json.loads(body)
        if sent["id"] not in {one["id"] for one in self.taken}:
            self.taken.append(sent)
        return 202, b"{}"

    def push(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        if "ttl" not in headers or headers.get("content-encoding") != "aes128gcm":
            return 400, b""
        scheme, _space, rest = headers.get("authorization", "").partition(" ")
        if scheme != "vapid" or not Vapid02.verify(headers["authorization"]):
            return 403, b""
        token = dict(part.split("=", 1) for part in rest.split(","))["t"]
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        if claims["aud"] != self.url("") or not claims["sub"]:
            return 403, b""
        self.taken.append({**self.keys[path].open(body), "urgency": headers["urgency"]})
        return 201, b""

    def hook(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        given = dict(part.split("=", 1) for part in headers["x-uppsikt-signature"].split(","))
        right = hmac.new(self.secret.encode(), given["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right, given["v1"]):
            return 401, b""
        self.taken.append(json.loads(body))
        return 204, b""


class Browser:
    """What a browser keeps to itself when it subscribes, and what it gives."""

    def __init__(self, receiver: Receiver, path: str) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.auth = os.urandom(16)
        self.endpoint = receiver.url(path)
        receiver.keys[path] = self

    @property
    def point(self) -> bytes:
        """The public key."""
        encoding, form = serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        return self.private.public_key().public_bytes(encoding, form)

    def given(self) -> str:
        """PushSubscription.toJSON()."""
        keys = {"p256dh": words(self.point), "auth": words(self.auth)}
        return json.dumps({"endpoint": self.endpoint, "expirationTime": None, "keys": keys})

    def open(self, body: bytes) -> dict[str, Any]:
        """What was sent to this browser."""
        salt, length = body[:16], body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.private.exchange(ec.ECDH(), point)
        seed = hkdf(self.auth, shared, b"WebPush: info\x00" + self.point + sender, 32)
        key, nonce = (
            hkdf(salt, seed, b"Content-Encoding: aes128gcm\x00", 16),
            hkdf(salt, seed, b"Content-Encoding: nonce\x00", 12),
        )
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\x00")
        assert plain.endswith(b"\x02"), "the last record says that it is the last"
        plain = plain[:-1]
        opened: dict[str, Any] = json.loads(plain)
        return opened


def hkdf(salt: bytes, secret: bytes, what: bytes, length: int) -> bytes:
    """RFC 5869 with SHA-256, for at most one block."""
    stretched = hmac.new(salt, secret, hashlib.sha256).digest()
    return hmac.new(stretched, what + b"\x01", hashlib.sha256).digest()[:length]


def words(raw: bytes) -> str:
    """As browsers write bytes."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@contextmanager
def listening() -> Iterator[Receiver]:
    """A receiver on loopback."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, answer = receiver.answer(
                self.path, {name.lower(): value for name, value in self.headers.items()}, body
            )
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words: object) -> None:
            """Nothing on the tests' screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
