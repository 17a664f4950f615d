"""Putting a backup back: database, blobs, keys. What must not go out afterwards is held by uppsikt.channels.restored.

Knows nothing of Django's settings: the installation that is restored into has not started yet.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from uppsikt.kernel import stores
from uppsikt.kernel.backups import checking, tools
from uppsikt.kernel.backups.keys import Keys
from uppsikt.kernel.backups.manifest import Manifest
from uppsikt.kernel.backups.taking import LEFT_OUT, THREADS, Line, Progress, counts, nothing, place_name
from uppsikt.kernel.stores import Folder, Store
from uppsikt.kernel.terminal import Trouble

# What an installation that has been used holds; a fresh one has none of it.
SIGNS_OF_USE = ("organisation_person", "kernel_step", "kernel_blob")
ASIDE = "replaced_by_restore"


def check_version(manifest: Manifest, known: set[tuple[str, str]]) -> None:
    """Refuse a backup by a newer Uppsikt than this one; an older one's is brought up to date. Raises Trouble."""
    ours = {app for app, _name in known}
    newer = [f"{app}.{name}" for app, name in manifest.migrations if app in ours and (app, name) not in known]
    if newer:
        raise Trouble(
            f"Säkerhetskopian är tagen av en nyare Uppsikt ({manifest.app}) än den här: den känner inte till "
            f"{', '.join(newer[:3])}. Hämta samma version eller en nyare, och försök igen.",
            f"The backup was made by a newer Uppsikt ({manifest.app}) than this one, which does not know "
            f"{', '.join(newer[:3])}. Get the same version or a newer one, and try again.",
        )


def check_empty(url: str, *, overwrite: bool) -> None:
    """Refuse to write over an installation in use. Raises Trouble."""
    with psycopg.connect(url) as connection:
        # What a restore that was cut off put aside is what is there, not what it had time to load.
        schema = ASIDE if cut_off(connection) else "public"
        used = any(used_table(connection, schema, table) for table in SIGNS_OF_USE)
        if used and not overwrite:
            raise Trouble(
                "Här finns redan en Uppsikt med innehåll. Inget är ändrat. Återställ i en tom datamapp (--into MAPP), "
                "eller skriv --overwrite ERSÄTT-ALLT för att låta säkerhetskopian ersätta det som finns.",
                "There is an Uppsikt with content here already. Nothing is changed. Restore into an empty data folder "
                "(--into FOLDER), or write --overwrite REPLACE-EVERYTHING to let the backup replace what is there.",
            )
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND usename = current_user"
        ).fetchone()
        if others and others[0]:
            raise Trouble(
                "Tjänsten är igång mot den här databasen. Stoppa den (web och köarbetare) och försök igen.",
                "The service runs on this database. Stop it (web and queue workers) and try again.",
            )


def used_table(connection: psycopg.Connection[Any], schema: str, table: str) -> bool:
    """Whether a table is there and holds anything."""
    there = connection.execute("SELECT to_regclass(%s)", [f"{schema}.{table}"]).fetchone()
    if not there or there[0] is None:
        return False
    row = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(schema, table))).fetchone()
    return bool(row and row[0])


@contextmanager
def dump_at_hand(place: Store, manifest: Manifest, scratch: Path) -> Iterator[Path]:
    """The dump's files in a folder, each checked. Raises Trouble that names every part that is damaged."""
    faults = [fault for part in manifest.parts for fault in checking.part_faults(place, manifest, part)]
    if faults:
        named = "\n".join(f"  {fault.part}: {fault.words}" for fault in faults)
        raise Trouble(
            f"Säkerhetskopian är skadad. Inget är ändrat.\n{named}",
            f"The backup is damaged. Nothing is changed.\n{named}",
        )
    if isinstance(place, Folder):
        yield place.path(f"{manifest.folder}/database")
        return
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=scratch) as made:
        for part in manifest.parts:
            if part.table or part.name.startswith("database/"):
                with (Path(made) / part.name.rpartition("/")[2]).open("wb") as file:
                    file.writelines(place.stream(f"{manifest.folder}/{part.name}"))
        yield Path(made)


def load_database(url: str, dump: Path) -> None:
    """The dump into the database, in the schema `public`; what was there is put aside until it has gone well."""
    put_aside(url)
    try:
        fill(url, dump)
    except Trouble:
        put_back(url)
        raise
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {ASIDE} CASCADE")
        connection.execute("ANALYZE")


def fill(url: str, dump: Path) -> None:
    """The dump into the empty schema `public`. Raises Trouble."""
    command = ["pg_restore", "--no-owner", "--no-acl", f"--jobs={min(4, os.cpu_count() or 1)}"]
    # The dump makes the schema that it was told to hold; ours is there already.
    listed = [
        line for line in tools.run(url, ["pg_restore", "--list", str(dump)]).splitlines() if " SCHEMA " not in line
    ]
    with tempfile.NamedTemporaryFile("w", prefix="uppsikt-list-", encoding="utf-8") as chosen:
        chosen.write("\n".join(listed))
        chosen.flush()
        name = psycopg.conninfo.conninfo_to_dict(url).get("dbname")
        words = [*command, f"--use-list={chosen.name}", f"--dbname={name}", str(dump)]
        tools.run(url, words, forgive=tools.HARMLESS)


def put_aside(url: str) -> None:
    """An empty `public`, and beside it what was there before. All or nothing.

    Where something is put aside already, a restore was cut off: that is the only copy of what was there, and `public`
    is what was half loaded.
    """
    with psycopg.connect(url) as connection:
        if cut_off(connection):
            connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
        else:
            connection.execute(f"ALTER SCHEMA public RENAME TO {ASIDE}")
        connection.execute("CREATE SCHEMA public")


def cut_off(connection: psycopg.Connection[Any]) -> bool:
    """Whether a restore was cut off while it loaded, and has left what was there before aside."""
    row = connection.execute("SELECT to_regnamespace(%s)", [ASIDE]).fetchone()
    return bool(row and row[0])


def put_back(url: str) -> None:
    """The schema that was there before, as it was."""
    with psycopg.connect(url) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute(f"ALTER SCHEMA {ASIDE} RENAME TO public")


def compare(url: str, manifest: Manifest) -> list[str]:
    """What differs between the database as restored and the manifest, in words; nothing when all is there."""
    with psycopg.connect(url) as connection:
        found = counts(connection)
    differ = [
        f"{table}: {found.get(table, 0)} / {rows}"
        for table, rows in manifest.counts.items()
        if found.get(table, 0) != rows
    ]
    return differ + [f"{table}: ?" for table in found if table not in manifest.counts and table not in LEFT_OUT]


def load_blobs(place: Store, manifest: Manifest, to: Store, progress: Progress = nothing) -> dict[str, str]:
    """Every blob into the installation's own store, checked on the way; those that could not be had, and why."""
    missing: dict[str, str] = {}
    done, total = 0, manifest.blobs.get("count", 0)

    def one(line: Line) -> tuple[str, str]:
        return line.sha256, load_blob(place, to, line)

    with ThreadPoolExecutor(THREADS) as pool:
        rows = checking.blob_list(place, manifest)
        while batch := list(islice(rows, checking.BATCH)):
            missing.update({sha256: why for sha256, why in pool.map(one, batch) if why})
            done += len(batch)
            progress("blobs", done, total)
    return missing


def load_blob(place: Store, to: Store, line: Line) -> str:
    """One blob brought over; why it could not be, or nothing."""
    if fault := checking.blob_fault(place, line):
        return fault.words
    name = stores.digest_name(line.sha256)
    if to.size(name) not in {None, line.size}:
        to.replace(name, stores.read(place, place_name(line.sha256)))
    else:
        to.add(name, place.stream(place_name(line.sha256)))
    return ""


def keep_keys(folder: Path, keys: Keys, *, overwrite: bool) -> None:
    """The keys as files that their owner alone can read. Raises Trouble where others are there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in keys.by_name.items():
        file = folder / f"{name}.key"
        if file.exists():
            if file.read_text(encoding="utf-8").strip() == value:
                continue
            if not overwrite:
                raise Trouble(
                    f"{file} finns redan och är en annan nyckel. Inget är ändrat.",
                    f"{file} is there already and is another key. Nothing is changed.",
                )
            shutil.copy2(file, file.with_suffix(".key.before-restore"))
            file.unlink()
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(value)
