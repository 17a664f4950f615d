"""Time-stamps (RFC 3161): an authority outside the house says that some bytes were there at a time.

Whoever holds the bytes and the answer can see it for himself, without Uppsikt:
`openssl ts -verify -data FILE -in FILE.tsr -CAfile roots.pem`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from uppsikt.net import Client, Limits

LIMITS = Limits(connect=10.0, read=20.0, total=30.0, max_bytes=1_000_000, max_redirects=2)
OK = 200


class BadStamp(Exception):
    """A token is no time-stamp for these bytes.

    `why` is a code: unreadable, refused, other, nonce, untrusted, or http_ and a status.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Authority:
    """Whom to ask: its address, whom we trust to have signed its answers, private servers that may be reached."""

    url: str
    trusted: tuple[x509.Certificate, ...] = ()
    allow_private: frozenset[str] = frozenset()

    def stamp(self, data: bytes) -> bytes:
        """The authority's answer for the bytes, seen to be right. Raises NetError and BadStamp."""
        question = request(data)
        with Client(replace(LIMITS, allow_private=self.allow_private)) as client:
            answer = client.request(
                "POST",
                self.url,
                headers={"content-type": "application/timestamp-query", "accept": "application/timestamp-reply"},
                content=question.as_bytes(),
            )
        if answer.status != OK:
            raise BadStamp(f"http_{answer.status}")
        check(answer.body, data, self.trusted, nonce=question.nonce)
        return answer.body


@lru_cache(maxsize=4)
def read_certificates(names: tuple[str, ...]) -> tuple[x509.Certificate, ...]:
    """The certificates in PEM files. Raises ValueError, whose text is the name of the file that cannot be read."""
    found: list[x509.Certificate] = []
    for name in names:
        try:
            found += x509.load_pem_x509_certificates(Path(name).read_bytes())
        except (OSError, ValueError) as error:
            raise ValueError(name) from error
    return tuple(found)


def request(data: bytes) -> TimeStampRequest:
    """The question to an authority."""
    return TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()


def check(token: bytes, data: bytes, trusted: Sequence[x509.Certificate], *, nonce: int | None = None) -> datetime:
    """When an authority saw the bytes. Raises BadStamp where the token does not say so.

    Without anybody trusted it cannot be told who made the token: then it is seen only that it speaks of these bytes.
    """
    try:
        answer = decode_timestamp_response(token)
        if PKIStatus(answer.status) != PKIStatus.GRANTED:
            raise BadStamp("refused")
        info = answer.tst_info
        at: datetime = info.gen_time
        imprint = bytes(info.message_imprint.message)
        said = info.nonce
    except ValueError as error:
        raise BadStamp("unreadable") from error
    if imprint != hashlib.sha256(data).digest():
        raise BadStamp("other")
    if nonce is not None and said != nonce:
        raise BadStamp("nonce")
    if trusted:
        prove(answer, data, trusted)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def prove(answer: TimeStampResponse, data: bytes, trusted: Iterable[x509.Certificate]) -> None:
    """See that one of the trusted signed it. Raises BadStamp."""
    try:
        VerifierBuilder(roots=list(trusted)).build().verify_message(answer, data)
    except (VerificationError, ValueError, AssertionError) as error:
        raise BadStamp("untrusted") from error


def bare_token(answer: bytes) -> bytes:
    """The token inside an authority's answer, without the status around it, as the WACZ draft wants it."""
    return decode_timestamp_response(answer).time_stamp_token()


def chain_of(answer: bytes) -> str:
    """The certificates that came with a token, as PEM, the signer's own first."""
    held = decode_timestamp_response(answer).signed_data
    signers = {(one.issuer, one.serial_number) for one in held.signer_infos}
    found = [x509.load_der_x509_certificate(der) for der in sorted(held.certificates)]
    found.sort(key=lambda one: (one.issuer, one.serial_number) not in signers)
    return "\n".join(one.public_bytes(Encoding.PEM).decode() for one in found)
