"""Where bytes are kept by name: a folder, or a bucket that speaks S3. The same promises for both.

What is added is whole or not there at all, and is never written over; names are relative paths with "/".
Plain Python: blobs and backups both stand on it.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotSupportedError, PermissionDeniedError
from obstore.exceptions import UnauthenticatedError as NobodyError
from obstore.store import S3Store

from uppsikt import env

CHUNK = 1 << 20  # bytes read at a time
RETRIES = 4  # after which a bucket that does not answer is given up
PATIENCE = timedelta(seconds=60)  # for all tries of one request together


class Missing(Exception):
    """Nothing is kept under the name."""


class Damaged(Exception):
    """The stored bytes are missing or are not those that were written."""


class Unreachable(Exception):
    """The place does not answer, or does not let us in; the text says which place and why, without any key."""


class Store(Protocol):
    """A place that keeps bytes by name. Every method may raise Unreachable."""

    @property
    def words(self) -> str:
        """The place as a person knows it: a path, or s3://bucket/prefix."""
        ...

    def size(self, name: str) -> int | None:
        """How many bytes are kept under the name, or None."""
        ...

    def stream(self, name: str) -> Iterator[bytes]:
        """The bytes, in pieces. Raises Missing."""
        ...

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Keep bytes, whole or not at all; what is there already is left as it is."""
        ...

    def replace(self, name: str, body: bytes) -> None:
        """Put right what is kept damaged. For backups alone: blobs are never written over."""
        ...

    def listing(self, under: str) -> Iterator[tuple[str, int]]:
        """Names below a folder (without a "/" at its end) with their sizes, in no order."""
        ...

    def remove(self, name: str) -> None:
        """Let go of one; it may be gone already."""
        ...


@dataclass(frozen=True)
class Folder:
    """A folder on a disk. Everything is synced before `add` returns, the folder's list of names too."""

    root: Path

    @property
    def words(self) -> str:
        """The path."""
        return str(self.root)

    def path(self, name: str) -> Path:
        """Where a name lies."""
        return self.root / name

    def size(self, name: str) -> int | None:
        """Bytes, or None."""
        with self._minded():
            try:
                return self.path(name).stat().st_size
            except (FileNotFoundError, NotADirectoryError):
                return None

    def stream(self, name: str) -> Iterator[bytes]:
        """The bytes, in pieces."""
        try:
            with self._minded(), self.path(name).open("rb") as file:
                while piece := file.read(CHUNK):
                    yield piece
        except (FileNotFoundError, NotADirectoryError) as error:
            raise Missing(f"{self.path(name)}: {error.strerror}") from error

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Written beside, synced, then named."""
        if self.path(name).exists():
            return
        with self._minded():
            self._write(self.path(name), pieces)

    def replace(self, name: str, body: bytes) -> None:
        """The new bytes take the old ones' place in one step."""
        with self._minded():
            self._write(self.path(name), [body])

    def listing(self, under: str) -> Iterator[tuple[str, int]]:
        """Files below, those being written left out."""
        with self._minded():
            for folder, _folders, names in os.walk(self.root / under):
                for name in names:
                    path = Path(folder) / name
                    if not name.startswith(".new-"):
                        yield path.relative_to(self.root).as_posix(), path.stat().st_size

    def remove(self, name: str) -> None:
        """Unlink, with the folders that this leaves empty."""
        path = self.path(name)
        with self._minded():
            path.unlink(missing_ok=True)
            for folder in path.parents:
                if folder == self.root or not folder.is_dir() or any(folder.iterdir()):
                    break
                folder.rmdir()

    def _write(self, target: Path, pieces: Iterable[bytes]) -> None:
        make_folder(target.parent)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as stream:
                for piece in pieces:
                    stream.write(piece)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        sync_folder(target.parent)

    @contextmanager
    def _minded(self) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, NotADirectoryError):
            raise
        except OSError as error:
            raise Unreachable(f"{error.filename or self.root}: {error.strerror}") from error


@dataclass(frozen=True)
class Bucket:
    """A bucket, or a part of one. Fit for versioning and object lock: nothing is overwritten where we can help it."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    key_id: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)

    @property
    def words(self) -> str:
        """The address."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    def size(self, name: str) -> int | None:
        """Bytes, or None."""
        try:
            with self._minded():
                return int(obstore.head(self._store, name)["size"])
        except FileNotFoundError:
            return None

    def stream(self, name: str) -> Iterator[bytes]:
        """The bytes, in pieces."""
        try:
            with self._minded():
                for piece in obstore.get(self._store, name).stream(min_chunk_size=CHUNK):
                    yield bytes(piece)
        except FileNotFoundError as error:
            raise Missing(f"{self.words}/{name}") from error

    def add(self, name: str, pieces: Iterable[bytes]) -> None:
        """Small ones in one request that the server refuses where the name is taken; large ones in parts."""
        rest = iter(pieces)
        first = b"".join(islice(rest, 8))
        following = next(rest, None)
        with self._minded():
            if following is not None:
                if self.size(name) is None:
                    obstore.put(self._store, name, chain([first, following], rest))
                return
            try:
                obstore.put(self._store, name, first, mode="create", use_multipart=False)
            except AlreadyExistsError:
                return
            except (NotImplementedError, NotSupportedError):  # a server that knows no conditions
                if self.size(name) is None:
                    obstore.put(self._store, name, first, use_multipart=False)

    def replace(self, name: str, body: bytes) -> None:
        """Overwrite; with versioning the old one stays as a version."""
        with self._minded():
            obstore.put(self._store, name, body, use_multipart=False)

    def listing(self, under: str) -> Iterator[tuple[str, int]]:
        """Names below, a page at a time."""
        with self._minded():
            for page in obstore.list(self._store, prefix=under or None):
                for one in page:
                    yield one["path"], one["size"]

    def remove(self, name: str) -> None:
        """Delete; object lock may keep it all the same."""
        with self._minded():
            obstore.delete(self._store, name)

    @property
    def _store(self) -> S3Store:
        return _connected(self)

    @contextmanager
    def _minded(self) -> Iterator[None]:
        try:
            yield
        except (PermissionDeniedError, NobodyError) as error:
            raise Unreachable(f"{self.words}: the keys are refused ({said(error)})") from error
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                raise Unreachable(f"{self.words}: there is no such bucket") from error
            raise
        except (BaseError, OSError) as error:
            raise Unreachable(f"{self.words}: {said(error)}") from error


def said(error: Exception) -> str:
    """An error of the S3 library in one line, without the body of the answer and its debug pages."""
    return str(error).partition("\n")[0].partition(": <?xml")[0][:300]


@lru_cache(maxsize=8)
def _connected(bucket: Bucket) -> S3Store:
    """One client for each place; it keeps its connections."""
    options: dict[str, Any] = {
        "prefix": bucket.prefix or None,
        "region": bucket.region or "us-east-1",
        "access_key_id": bucket.key_id,
        "secret_access_key": bucket.secret,
        "checksum_algorithm": "SHA256",  # the server refuses what was changed on the way
    }
    if bucket.endpoint:
        options["endpoint"] = bucket.endpoint
    return S3Store(
        bucket.bucket,
        **{name: value for name, value in options.items() if value},
        client_options={
            "allow_http": bucket.endpoint.startswith("http://"),
            "timeout": "120s",
            "connect_timeout": "5s",
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": PATIENCE},
    )


def at(place: str | Path, *, who: str = "UPPSIKT_S3") -> Store:
    """The store that a place names: s3://bucket/prefix, else a folder. Raises SettingError.

    The settings of a bucket are {who}_ENDPOINT, _REGION, _KEY_ID and _SECRET; what {who} lacks is taken from
    UPPSIKT_S3, so that backups may have keys of their own.
    """
    words = str(place)
    if not words.startswith("s3://"):
        if "://" in words:
            raise env.SettingError(f"{words} is neither a folder nor s3://bucket/prefix.")
        return Folder(Path(words).expanduser().absolute())
    parts = urlsplit(words)
    if not parts.netloc:
        raise env.SettingError(f"{words} names no bucket. Write s3://bucket/prefix.")

    def setting(name: str) -> str:
        return env.text(f"{who}_{name}", "") or env.text(f"UPPSIKT_S3_{name}", "")

    return Bucket(
        parts.netloc,
        parts.path.strip("/"),
        setting("ENDPOINT"),
        setting("REGION"),
        setting("KEY_ID"),
        setting("SECRET"),
    )


def read(store: Store, name: str) -> bytes:
    """All the bytes of one name. Raises Missing and Unreachable."""
    return b"".join(store.stream(name))


def digest_name(sha256: str) -> str:
    """The name of bytes that are kept by their digest: two levels of folders, so that none grows too large."""
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def checked(store: Store, sha256: str) -> bytes:
    """Bytes that are kept by their digest, compared with it. Raises Damaged and Unreachable."""
    try:
        body = read(store, digest_name(sha256))
    except Missing as error:
        raise Damaged(f"blob {sha256} is missing in {store.words}") from error
    if hashlib.sha256(body).hexdigest() != sha256:
        raise Damaged(f"blob {sha256} in {store.words} is not what was written")
    return body


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
