"""Signatures on evidence: one key of this installation, with its certificate, in one PEM text.

A key made here is an elliptic one (P-384), whose signatures the common viewers of web archives can read, and its
certificate vouches for itself: whoever wants to know whose it is compares its fingerprint. A municipality that has a
certificate from an authority gives key and chain instead. By itself anybody can see a signature is right:
`openssl dgst -sha256 -verify <(openssl x509 -in signer.pem -noout -pubkey) -signature manifest.sig manifest.json`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

LASTS = timedelta(days=365 * 25)
_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----", re.DOTALL)
Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Public = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class BadKey(Exception):
    """A key or its certificate cannot be used; the text says why, for whoever runs the service."""


def new(name: str, *, now: datetime | None = None) -> str:
    """A new key and a certificate that it signed itself, as PEM. `name` is what the certificate says: our host."""
    key = ec.generate_private_key(ec.SECP384R1())
    since = (now or datetime.now(UTC)).replace(microsecond=0) - timedelta(minutes=5)
    who = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Uppsikt"),
            x509.NameAttribute(NameOID.COMMON_NAME, name[:64] or "uppsikt"),
        ]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return secret.decode() + made.public_bytes(Encoding.PEM).decode()


@dataclass(frozen=True, slots=True)
class Signer:
    """A key and its certificate, the authorities' above it after it."""

    key: Private = field(repr=False)
    chain: tuple[x509.Certificate, ...]

    @classmethod
    def read(cls, pem: str) -> Signer:
        """Key and certificates from one PEM text. Raises BadKey."""
        found = _KEY.search(pem)
        if not found:
            raise BadKey("no private key in it")
        try:
            key = load_pem_private_key(found[0].encode(), password=None)
            chain = tuple(x509.load_pem_x509_certificates(_KEY.sub("", pem).encode()))
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise BadKey("the key is locked, or key or certificate cannot be read") from error
        if not isinstance(key, Private):
            raise BadKey("the key is neither elliptic nor RSA")
        if raw(public_of(chain[0])) != raw(key.public_key()):
            raise BadKey("the first certificate is for another key")
        return cls(key, chain)

    @property
    def certificate(self) -> x509.Certificate:
        """Ours."""
        return self.chain[0]

    @property
    def pem(self) -> str:
        """All certificates, ours first, for those who look at what was signed."""
        return "\n".join(one.public_bytes(Encoding.PEM).decode() for one in self.chain)

    @property
    def domain(self) -> str:
        """The first host that somebody else vouches for; empty where we vouch for ourselves."""
        if self.certificate.issuer == self.certificate.subject:
            return ""
        try:
            names = self.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        except x509.ExtensionNotFound:
            return ""
        return next(iter(names.value.get_values_for_type(x509.DNSName)), "")

    def sign(self, data: bytes) -> bytes:
        """A signature over the bytes (SHA-256): DER for an elliptic key, PKCS #1 for RSA."""
        if isinstance(self.key, rsa.RSAPrivateKey):
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


def public_of(certificate: x509.Certificate) -> Public:
    """The key in a certificate. Raises BadKey for a kind that we do not use."""
    key = certificate.public_key()
    if not isinstance(key, Public):
        raise BadKey("the key is neither elliptic nor RSA")
    return key


def raw(key: Public) -> bytes:
    """A public key as its standard bytes (DER, SubjectPublicKeyInfo)."""
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(certificate: x509.Certificate) -> str:
    """What a key is recognised by: the sha256 of its public half, in hexadecimal. A renewed certificate keeps it."""
    return hashlib.sha256(raw(public_of(certificate))).hexdigest()


def right(signature: bytes, data: bytes, key: Public) -> bool:
    """Whether the key made this signature (as `Signer.sign` does) over the bytes."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def joined(signature: bytes, key: ec.EllipticCurvePrivateKey) -> bytes:
    """An elliptic signature as browsers write it: r and s side by side, each as long as the key."""
    size = (key.curve.key_size + 7) // 8
    return b"".join(number.to_bytes(size, "big") for number in decode_dss_signature(signature))


def parted(signature: bytes) -> bytes:
    """The other way: r and s side by side as DER."""
    half = len(signature) // 2
    return encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))


def written(key: Public) -> str:
    """A public key in base64."""
    return base64.b64encode(raw(key)).decode()


def spoken(text: str) -> Public:
    """What `written` wrote. Raises BadKey."""
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadKey("no public key") from error
    if not isinstance(key, Public):
        raise BadKey("the key is neither elliptic nor RSA")
    return key
