"""Taking a backup while the service runs.

First the database in one snapshot, then the blobs that the snapshot names: blobs are written before their rows, so all
of them are there by then. The manifest comes last; what has none was cut off, and is never taken for whole.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from uppsikt.kernel import stores
from uppsikt.kernel.backups import keys as key_places
from uppsikt.kernel.backups import manifest as manifests
from uppsikt.kernel.backups import tools
from uppsikt.kernel.backups.keys import Keys
from uppsikt.kernel.backups.manifest import Manifest, Part
from uppsikt.kernel.stores import Damaged, Folder, Store
from uppsikt.kernel.terminal import Trouble

ONE_AT_A_TIME = 0x55505042  # the advisory lock: two backups at once would trip over each other's retention
# Sessions are keys to the service, and the cache is made anew: a copy needs neither.
LEFT_OUT = ("django_session", "kernel_cache")
LOCK_WAIT = "60s"  # a migration under way is waited for so long
THREADS = 4
MOST_AT_ONCE = 10_000  # lines that one listing of the place answers for

Progress = Callable[[str, int, int], None]


class Line(NamedTuple):
    """One blob that the snapshot names."""

    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Order:
    """What to back up and where. `keys_place` None leaves the keys out."""

    url: str
    place: Store
    blobs: Store
    keys: Keys
    scratch: Path
    app: str
    settings: dict[str, str]
    blobs_before: Store | None = None
    keys_place: Store | None = None
    passphrase: str = field(default="", repr=False)


def nothing(_what: str, _done: int, _of: int) -> None:
    """Progress that nobody watches."""


def take(order: Order, *, now: datetime, progress: Progress = nothing) -> Manifest:
    """Make a backup and sign it off, alone. Raises Trouble and Unreachable; then there is no new whole backup."""
    with alone(order.url):
        return make(order, now=now, progress=progress)


def make(order: Order, *, now: datetime, progress: Progress = nothing) -> Manifest:
    """As `take`, for whoever holds `alone` already, with more to do under it."""
    if order.keys_place:
        key_places.check_apart(order.place, order.keys_place)
    made = Manifest(manifests.new_id(now), now.isoformat(), app=order.app, settings=order.settings)
    made.fingerprints = order.keys.fingerprints
    made.keys = "apart" if order.keys_place else "left_out"
    with scratch(order, made) as folder:
        listed = folder / "blobs.list"
        with snapshot(order.url) as (connection, mark):
            look(connection, made)
            write_list(connection, listed)
            progress("database", 0, 1)
            dump(order, made, folder / "database", mark)
        progress("database", 1, 1)
        made.parts = [*keep_dump(order, made, folder / "database"), keep_list(order, made, listed)]
        copy_blobs(order, made, listed, progress)
        if order.keys_place:
            key_places.keep(order.keys_place, made.id, order.keys, order.passphrase)
        made.ended_at = datetime.now(UTC).isoformat()
        manifests.sign_off(order.place, made, order.keys.credentials)
    progress("signed", 1, 1)
    return made


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Nobody else makes or lets go of backups meanwhile. Raises Trouble where somebody does already."""
    with psycopg.connect(url, autocommit=True) as guard:
        only_one(guard)
        yield


def only_one(connection: psycopg.Connection[Any]) -> None:
    """Hold the lock until the connection closes. Raises Trouble where another backup is being made."""
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [ONE_AT_A_TIME]).fetchone()
    if not row or not row[0]:
        raise Trouble(
            "En annan säkerhetskopiering pågår. Vänta tills den är klar.",
            "Another backup is being made. Wait until it is done.",
        )


@contextmanager
def scratch(order: Order, made: Manifest) -> Iterator[Path]:
    """Where the dump is written first: in place for a folder (it may be large), else below the data folder."""
    if isinstance(order.place, Folder):
        folder = order.place.path(made.folder)
        stores.make_folder(folder)
        yield folder
        (folder / "blobs.list").unlink(missing_ok=True)
        return
    order.scratch.mkdir(parents=True, exist_ok=True)
    made_here = Path(tempfile.mkdtemp(prefix="backup-", dir=order.scratch))
    try:
        yield made_here
    finally:
        shutil.rmtree(made_here, ignore_errors=True)


@contextmanager
def snapshot(url: str) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """A transaction that sees one moment of the database, and the mark by which pg_dump sees the same."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, str(row[0] if row else "")
        connection.rollback()


def look(connection: psycopg.Connection[Any], made: Manifest) -> None:
    """What the snapshot holds: rows per table, migrations, the trail's head."""
    made.postgresql = connection.info.server_version
    made.counts = counts(connection)
    rows = connection.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    made.migrations = [[app, name] for app, name in rows]
    made.trail = head(connection)


def counts(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Rows of each table that is backed up, counted one by one: an estimate would prove nothing."""
    tables = connection.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1"
    ).fetchall()
    found = {}
    for (table,) in tables:
        if table not in LEFT_OUT:
            row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
            found[table] = int(row[0]) if row else 0
    return found


def head(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """The last step of the trail, and the last seal where steps are sealed."""
    row = connection.execute("SELECT coalesce(max(id), 0) FROM kernel_step").fetchone()
    found: dict[str, Any] = {"last_step": int(row[0]) if row else 0}
    if (is_there := connection.execute("SELECT to_regclass('kernel_seal')").fetchone()) and is_there[0]:
        seal = connection.execute("SELECT number, digest FROM kernel_seal ORDER BY number DESC LIMIT 1").fetchone()
        found["seal"] = f"{seal[0]}:{seal[1]}" if seal else ""
    return found


def write_list(connection: psycopg.Connection[Any], to: Path) -> None:
    """The blobs that the snapshot names, in order, one a line."""
    ask = 'SELECT sha256, size, media_type FROM kernel_blob ORDER BY sha256 COLLATE "C"'
    with to.open("wb") as file, connection.cursor().copy(f"COPY ({ask}) TO STDOUT") as rows:
        for piece in rows:
            file.write(piece)


def dump(order: Order, made: Manifest, to: Path, mark: str) -> None:
    """A file for each table, so that what is damaged later can be named."""
    command = ["pg_dump", "--format=directory", f"--file={to}", f"--snapshot={mark}", "--no-owner", "--no-acl"]
    command += [f"--jobs={min(2, os.cpu_count() or 1)}", "--compress=gzip:4", f"--lock-wait-timeout={LOCK_WAIT}"]
    command += ["--schema=public", *(f"--exclude-table-data={table}" for table in LEFT_OUT)]
    tools.run(order.url, command)


def keep_dump(order: Order, made: Manifest, folder: Path) -> list[Part]:
    """Bring the dump's files to the place, each with its digest and what it holds."""
    tables = tables_of(tools.run(order.url, ["pg_restore", "--list", str(folder)]))
    parts = []
    for file in sorted(folder.iterdir()):
        table = tables.get(file.name.partition(".")[0], "")
        rows = made.counts.get(table, 0)
        sha256, size = keep_file(order.place, f"{made.folder}/database/{file.name}", file)
        parts.append(Part(f"database/{file.name}", size, sha256, table, rows))
    return parts


def tables_of(listed: str) -> dict[str, str]:
    """From pg_restore's list: the number of each dump file, and the table whose rows it holds."""
    found = {}
    for line in listed.splitlines():
        number, _sep, rest = line.partition(";")
        words = rest.split()
        if not line.startswith(";") and words[2:4] == ["TABLE", "DATA"]:
            found[number] = words[5]
    return found


def keep_list(order: Order, made: Manifest, listed: Path) -> Part:
    """The list of blobs as a part of the backup."""
    packed = listed.with_suffix(".list.gz")
    with listed.open("rb") as plain, gzip.open(packed, "wb", compresslevel=4) as file:
        shutil.copyfileobj(plain, file)
    sha256, size = keep_file(order.place, f"{made.folder}/{manifests.LIST}", packed)
    return Part(manifests.LIST, size, sha256)


def keep_file(place: Store, name: str, file: Path) -> tuple[str, int]:
    """One file brought to the place and synced there; its digest and size."""
    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    if isinstance(place, Folder):  # it was written there
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
        stores.sync_folder(file.parent)
    else:
        place.add(name, pieces(file))
    return sha256, file.stat().st_size


def pieces(file: Path) -> Iterator[bytes]:
    """A file, a piece at a time."""
    with file.open("rb") as stream:
        while piece := stream.read(stores.CHUNK):
            yield piece


def lines(listed: Path) -> Iterator[Line]:
    """The list of blobs, read back."""
    with listed.open(encoding="utf-8") as file:
        for row in file:
            sha256, size, media_type = row.rstrip("\n").split("\t")
            yield Line(sha256, int(size), media_type)


def copy_blobs(order: Order, made: Manifest, listed: Path, progress: Progress) -> None:
    """Copy what the place lacks; what the service itself has lost is named in the manifest, not passed over."""
    total = sum(1 for _line in lines(listed))
    done = copied = size = 0
    with ThreadPoolExecutor(THREADS) as pool:
        for group in by_folder(lines(listed)):
            there = dict(order.place.listing(f"{manifests.BLOBS}/{group[0].sha256[:2]}"))
            lack = [line for line in group if there.get(place_name(line.sha256)) != line.size]
            damaged = [place_name(line.sha256) in there for line in lack]
            for line, why in zip(lack, pool.map(copy, repeat(order), lack, damaged), strict=True):
                copied += not why
                if why:
                    made.wanting[line.sha256] = why
            done, size = done + len(group), size + sum(line.size for line in group)
            progress("blobs", done, total)
    made.blobs = {"count": total, "bytes": size, "copied": copied}


def by_folder(rows: Iterator[Line]) -> Iterator[list[Line]]:
    """Lines with the same first two signs, which one listing of the place answers for; at most MOST_AT_ONCE."""
    group: list[Line] = []
    for row in rows:
        if group and (row.sha256[:2] != group[0].sha256[:2] or len(group) >= MOST_AT_ONCE):
            yield group
            group = []
        group.append(row)
    if group:
        yield group


def place_name(sha256: str) -> str:
    """A blob's name in a place for backups."""
    return f"{manifests.BLOBS}/{stores.digest_name(sha256)}"


def copy(order: Order, line: Line, damaged: bool) -> str:
    """Copy one blob, checked on the way; why it could not be, or nothing. Raises Unreachable.

    `damaged` says that the place has it in another size, and needs it anew.
    """
    name = place_name(line.sha256)
    try:
        body = stores.checked(order.blobs, line.sha256)
    except Damaged as error:
        if order.blobs_before is None:
            return str(error)
        try:
            body = stores.checked(order.blobs_before, line.sha256)
        except Damaged:
            return str(error)
    if damaged:
        order.place.replace(name, body)
    else:
        order.place.add(name, [body])
    return ""
