"""Bytes by their digest: written once, on disk or in a bucket before anything points at them, checked on each read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from django.conf import settings

from uppsikt.kernel import stores
from uppsikt.kernel.models import Blob
from uppsikt.kernel.stores import Damaged, Store, Unreachable

__all__ = ["Damaged", "Unreachable", "path_of", "put", "put_many", "read", "store", "write"]

# So many are written at the same time.
AT_ONCE = 8


def store() -> Store:
    """Where blobs are kept (UPPSIKT_BLOBS). Raises SettingError."""
    return stores.at(settings.BLOBS)


def path_of(sha256: str) -> Path:
    """Where the bytes lie, for a store that is a folder."""
    return Path(settings.BLOBS) / stores.digest_name(sha256)


def write(body: bytes) -> str:
    """Put bytes in the store, for good, and return their sha256. Writing the same bytes again is free.

    Raises Unreachable.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    store().add(stores.digest_name(sha256), [body])
    return sha256


def write_many(bodies: Sequence[bytes]) -> list[str]:
    """Put bytes in the store, several at once: a disk syncs many files as fast as one, and a bucket answers late."""
    if len(bodies) < 2:  # noqa: PLR2004 one alone
        return [write(body) for body in bodies]
    with ThreadPoolExecutor(min(AT_ONCE, len(bodies))) as pool:
        return list(pool.map(write, bodies))


def put_many(bodies: Iterable[tuple[bytes, str]], *, now: datetime) -> list[str]:
    """Keep each (bytes, media type); bytes first, rows after, so that a row never points at nothing."""
    listed = list(bodies)
    digests = write_many([body for body, _media_type in listed])
    rows = [
        Blob(sha256=sha256, size=len(body), media_type=media_type[:120], created_at=now)
        for sha256, (body, media_type) in zip(digests, listed, strict=True)
    ]
    Blob.objects.bulk_create({row.sha256: row for row in rows}.values(), ignore_conflicts=True)
    return [row.sha256 for row in rows]


def put(body: bytes, media_type: str, *, now: datetime) -> str:
    """Keep bytes and return their sha256."""
    return put_many([(body, media_type)], now=now)[0]


def read(sha256: str) -> bytes:
    """The bytes, checked against their digest. Raises Damaged, and Unreachable where nobody can say."""
    try:
        return stores.checked(store(), sha256)
    except Damaged:
        # While blobs are being moved, those that were written last may still be in the old place.
        if not settings.BLOBS_BEFORE:
            raise
        return stores.checked(stores.at(settings.BLOBS_BEFORE), sha256)
