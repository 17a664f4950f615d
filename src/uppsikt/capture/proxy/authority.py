"""A certificate authority for one life of a process: the browser trusts it by its key's digest, nobody else does."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import os
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LIFE: Final = timedelta(days=90)
MOST_NAMES: Final = 2000  # contexts that are kept; a page with more hosts than this makes them anew


class Authority:
    """Signs for any host. Its key is never written down; that of the hosts only for OpenSSL to read it.

    `pin` is what Chromium's --ignore-certificate-errors-spki-list wants: SHA-256 of the authority's public key, base64.
    """

    def __init__(self) -> None:
        """Two new keys: its own, and one that all hosts share."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._host_key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = self._sign("Uppsikt capture", None)
        self._contexts: dict[str, ssl.SSLContext] = {}
        spki = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.pin = base64.b64encode(hashlib.sha256(spki).digest()).decode()

    def context(self, host: str) -> ssl.SSLContext:
        """How we answer as `host` towards the browser."""
        if found := self._contexts.get(host):
            return found
        if len(self._contexts) >= MOST_NAMES:
            self._contexts.clear()
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.set_alpn_protocols(["http/1.1"])
        _load(made, self._chain(host))
        self._contexts[host] = made
        return made

    def close(self) -> None:
        """Forget all."""
        self._contexts.clear()

    def _chain(self, host: str) -> bytes:
        encoding = serialization.Encoding.PEM
        return b"".join(
            (
                self._sign(host, host).public_bytes(encoding),
                self._certificate.public_bytes(encoding),
                self._host_key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
            )
        )

    def _sign(self, name: str, host: str | None) -> x509.Certificate:
        now = datetime.now(UTC)
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Uppsikt capture")])
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key((self._host_key if host else self._key).public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + LIFE)
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host:
            made = made.add_extension(x509.SubjectAlternativeName([_alternative(host)]), critical=False)
        return made.sign(self._key, hashes.SHA256())


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return x509.DNSName(host)


def _load(context: ssl.SSLContext, chain: bytes) -> None:
    """Python reads keys from files only: one that is there for the moment, and readable by us alone."""
    handle, name = tempfile.mkstemp()
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(chain)
        context.load_cert_chain(name)
    finally:
        Path(name).unlink()
