"""What the commands share: where things are, the environment of the programs they start, the database."""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from types import ModuleType

import django
import psycopg
from django.core.management.base import CommandError

from uppsikt import env
from uppsikt.kernel import postgres
from uppsikt.kernel.postgres_home import make_folder
from uppsikt.kernel.terminal import Trouble, say

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "src"
LEAST_POSTGRESQL = 15
# A schema that is there while a restore has not come to its end: nothing of it may run, or it might send.
UNFINISHED = "restore_unfinished"


def environment(**more: str) -> dict[str, str]:
    """The environment for our own programs, with `more` on top."""
    return {**os.environ, "PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "uppsikt.settings", **more}


@contextmanager
def database() -> Iterator[str]:
    """The address of the database: the one that DATABASE_URL names, else the embedded one, running meanwhile."""
    os.umask(0o077)  # what we write from here on holds what citizens wrote, and keys
    outside = env.text("DATABASE_URL", "")
    if outside:
        look_at(outside)
    with nullcontext(outside) if outside else postgres.embedded(env.folder()) as url:
        os.environ["DATABASE_URL"] = url  # for our own settings and for the programs we start
        try:
            yield url
        finally:
            if not outside:
                os.environ.pop("DATABASE_URL", None)


def look_at(url: str) -> None:
    """See that somebody's own server answers and is new enough. Raises Trouble."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        why = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise Trouble(
            f"Databasen som DATABASE_URL anger svarar inte: {why}. Kontrollera adressen och att servern är igång.",
            f"The database that DATABASE_URL names does not answer: {why}. Look at the address, and at the server.",
        ) from error
    if version < LEAST_POSTGRESQL:
        raise Trouble(
            f"Servern som DATABASE_URL anger är PostgreSQL {version}; Uppsikt behöver {LEAST_POSTGRESQL} eller nyare.",
            f"The server that DATABASE_URL names is PostgreSQL {version}; Uppsikt needs {LEAST_POSTGRESQL} or newer.",
        )


def manage(words: Sequence[str], environ: Mapping[str, str], *, quiet: bool = False) -> None:
    """Run a Django management command as a program. Raises Trouble when it fails."""
    done = subprocess.run(  # noqa: S603 our own commands
        [sys.executable, "-m", "django", *words],
        env=dict(environ),
        cwd=ROOT,
        check=False,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
    )
    if done.returncode:
        if quiet and done.stdout:
            print(done.stdout, file=sys.stderr)
        raise Trouble(
            f"Kommandot {words[0]} misslyckades (kod {done.returncode}). Det som står ovanför säger varför.",
            f"The command {words[0]} failed (code {done.returncode}). What stands above says why.",
        )


def prepare(environ: Mapping[str, str], *, restoring: bool = False) -> None:
    """Bring the database's tables up to date, and make the folder that the web server looks for static files in."""
    make_folder(env.folder() / "static")
    if not restoring:
        check_finished(environ["DATABASE_URL"])
    manage(["migrate_gently"], environ)


@contextmanager
def prepared() -> Iterator[None]:
    """For a small command: the database running and its tables up to date, seen to in this process.

    As `prepare` does it, without another start of Django, which takes longer than most commands. Raises Trouble.
    """
    with database() as url:
        make_folder(env.folder() / "static")
        check_finished(url)
        try:
            room("uppsikt.kernel.upgrading").migrate_gently()
        except CommandError as error:
            raise Trouble(
                f"Databasens tabeller gick inte att ändra. {error}", f"The database's tables did not change. {error}"
            ) from error
        yield


def check_finished(url: str) -> None:
    """Refuse to run on what a restore left half done. Raises Trouble."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT to_regnamespace(%s)", [UNFINISHED]).fetchone()
    if row and row[0]:
        raise Trouble(
            "En återställning avbröts innan den var klar. Kör den igen: ./uppsikt restore … --overwrite ERSÄTT-ALLT",
            "A restore was cut off before its end. Run it again: ./uppsikt restore … --overwrite REPLACE-EVERYTHING",
        )


def room(name: str, *, ready: bool = True) -> ModuleType:
    """A module of a room that needs Django: set up first, for models cannot be imported before.

    Without `ready`, Django is not set up: for what must look before the settings are read.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uppsikt.settings")
    with suppress(OSError):  # the settings say it in words
        make_folder(env.folder())
    if ready:
        django.setup()
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise Trouble(f"{name} är inte byggt än.", f"{name} is not built yet.") from error


def next_port(first: int, host: str = "127.0.0.1") -> int:
    """The first free port from `first` on. Raises Trouble after fifty."""
    for port in range(first, first + 50):
        if free(port, host):
            return port
    raise Trouble(
        f"Portarna {first}–{first + 49} är upptagna. Ange en annan med --port.",
        f"The ports {first}–{first + 49} are taken. Name another with --port.",
    )


def free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether one may listen on the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            return False
    return True


def step(number: int, of: int, sv: str, en: str) -> None:
    """Say what is being done, and how far it is."""
    say(f"[{number}/{of}] {sv}", f"[{number}/{of}] {en}")
