"""Bytes by their digest: written once, synced to disk before anything points at them, checked on each read."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from uppsikt.kernel.models import Blob


class Damaged(Exception):
    """The stored bytes are missing or are not those that were written."""


def path_of(sha256: str) -> Path:
    """Where the bytes lie."""
    return Path(settings.BLOBS) / sha256[:2] / sha256[2:4] / sha256


def write(body: bytes) -> str:
    """Put bytes on disk, synced, and return their sha256. Writing the same bytes again is free."""
    sha256 = hashlib.sha256(body).hexdigest()
    target = path_of(sha256)
    if target.exists():
        return sha256
    make_folder(target.parent)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as stream:
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())
    Path(name).replace(target)
    sync_folder(target.parent)
    return sha256


def make_folder(folder: Path) -> None:
    """Make a folder and those above it; each is synced into its own, or a power cut could take it away again."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Bring a folder's list of names to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put_many(bodies: Iterable[tuple[bytes, str]], *, now: datetime) -> list[str]:
    """Keep each (bytes, media type); files first, rows after, so that a row never points at nothing."""
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
    """The bytes, checked against their digest. Raises Damaged."""
    try:
        body = path_of(sha256).read_bytes()
    except OSError as error:
        raise Damaged(f"blob {sha256} cannot be read: {error.strerror}") from error
    if hashlib.sha256(body).hexdigest() != sha256:
        raise Damaged(f"blob {sha256} is not what was written")
    return body
