"""Bytes by their digest: written once, on disk or in a bucket before anything points at them, checked on each read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from uppsikt.kernel import stores
from uppsikt.kernel.models import Blob
from uppsikt.kernel.stores import Missing, Store, Unreachable

__all__ = ["Damaged", "Unreachable", "name_of", "path_of", "put", "put_many", "read", "store", "write"]


class Damaged(Exception):
    """The stored bytes are missing or are not those that were written."""


def store() -> Store:
    """Where blobs are kept (UPPSIKT_BLOBS). Raises SettingError."""
    return stores.at(settings.BLOBS)


def name_of(sha256: str) -> str:
    """The name that the bytes have in a store: two levels of folders, so that none grows too large."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def path_of(sha256: str) -> Path:
    """Where the bytes lie, for a store that is a folder."""
    return Path(settings.BLOBS) / name_of(sha256)


def write(body: bytes) -> str:
    """Put bytes in the store, for good, and return their sha256. Writing the same bytes again is free.

    Raises Unreachable.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    store().add(name_of(sha256), [body])
    return sha256


def put_many(bodies: Iterable[tuple[bytes, str]], *, now: datetime) -> list[str]:
    """Keep each (bytes, media type); bytes first, rows after, so that a row never points at nothing."""
    rows = [
        Blob(sha256=write(body), size=len(body), media_type=media_type[:120], created_at=now)
        for body, media_type in bodies
    ]
    Blob.objects.bulk_create({row.sha256: row for row in rows}.values(), ignore_conflicts=True)
    return [row.sha256 for row in rows]


def put(body: bytes, media_type: str, *, now: datetime) -> str:
    """Keep bytes and return their sha256."""
    return put_many([(body, media_type)], now=now)[0]


def read(sha256: str) -> bytes:
    """The bytes, checked against their digest. Raises Damaged, and Unreachable where nobody can say."""
    try:
        return read_from(store(), sha256)
    except Damaged:
        # While blobs are being moved, those that were written last may still be in the old place.
        if not settings.BLOBS_BEFORE:
            raise
        return read_from(stores.at(settings.BLOBS_BEFORE), sha256)


def read_from(place: Store, sha256: str) -> bytes:
    """The bytes as one store keeps them, checked. Raises Damaged and Unreachable."""
    try:
        body = stores.read(place, name_of(sha256))
    except Missing as error:
        raise Damaged(f"blob {sha256} is missing in {place.words}") from error
    if hashlib.sha256(body).hexdigest() != sha256:
        raise Damaged(f"blob {sha256} in {place.words} is not what was written")
    return body
