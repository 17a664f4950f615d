"""PostgreSQL's own programs, pg_dump and pg_restore: which to use for a server, and how to call them."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from uppsikt import env
from uppsikt.kernel.postgres_home import CARRIER, MAJOR, Home
from uppsikt.kernel.terminal import Trouble

SECURE = {"require", "verify-ca", "verify-full"}
DEBIAN = Path("/usr/lib/postgresql")
NAMES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
# pg_restore of 17 and newer sets this; an older server does not know it and loses nothing by it.
HARMLESS = 'unrecognized configuration parameter "transaction_timeout"'


def candidates(*, tls: bool) -> Iterator[tuple[int, Path]]:
    """Every set of programs on this machine: major version and folder. The embedded ones know no TLS."""
    if not tls and importlib.util.find_spec(CARRIER):
        yield int(MAJOR), Home(env.folder()).binaries
    for folder in sorted(DEBIAN.glob("*/bin")):
        if folder.parent.name.isdigit() and (folder / "pg_dump").exists():
            yield int(folder.parent.name), folder
    if found := shutil.which("pg_dump"):
        said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        if number := re.search(r"\) (\d+)", said):
            yield int(number[1]), Path(found).parent


def choose(major: int, *, tls: bool) -> Path:
    """The folder of the programs for a server: of its own version, else the nearest newer. Raises Trouble."""
    fit = sorted((number, str(folder)) for number, folder in candidates(tls=tls) if number >= major)
    if not fit:
        raise Trouble(
            f"Det behövs pg_dump och pg_restore för PostgreSQL {major}"
            f"{' med TLS' if tls else ''}. Installera dem: apt-get install -y postgresql-client-{major}",
            f"pg_dump and pg_restore for PostgreSQL {major}{' with TLS' if tls else ''} are needed. "
            f"Install them: apt-get install -y postgresql-client-{major}",
        )
    return Path(fit[0][1])


def run(url: str, command: Sequence[str], *, forgive: str = "") -> str:
    """Run one of the programs against a database; what it wrote. Raises Trouble with its own last words.

    The password goes by the environment: the command line is everybody's to read.
    """
    about = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    environ = {"PATH": os.defpath, "LC_ALL": "C", "PGDATABASE": about.get("dbname", ""), "PGCONNECT_TIMEOUT": "10"}
    environ |= {NAMES[name]: value for name, value in about.items() if name in NAMES}
    with psycopg.connect(url, connect_timeout=10) as connection:
        major = connection.info.server_version // 10_000
    program = choose(major, tls=about.get("sslmode") in SECURE) / command[0]
    done = subprocess.run(  # noqa: S603 PostgreSQL's programs with our words
        [str(program), *command[1:]], env=environ, capture_output=True, text=True, check=False, cwd="/"
    )
    errors = [line for line in done.stderr.splitlines() if "error:" in line or "ERROR" in line]
    if done.returncode and not (forgive and errors and all(forgive in line for line in errors)):
        why = " ".join((errors or done.stderr.splitlines() or ["?"])[:3])[:600]
        raise Trouble(f"{command[0]} misslyckades: {why}", f"{command[0]} failed: {why}")
    return done.stdout
