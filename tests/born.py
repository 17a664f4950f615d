"""What a database is like when it is new: made once in a run of the tests, then copied.

Making all tables takes longer than most tests; a copy takes a moment. Those who test the making itself make their own.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from psycopg import sql

from settings_for_tests import HASTE
from uppsikt.cli.house import environment, manage
from uppsikt.kernel.postgres import embedded
from uppsikt.kernel.postgres_home import Home

TEMPLATE = "born"


@contextmanager
def alone(what: str) -> Iterator[Path]:
    """One at a time of all the run's processes; gives the file that says that it is done."""
    run = Path(os.environ["UPPSIKT_TEST_RUN"])
    with (run / f"{what}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield run / f"{what}.done"


@contextmanager
def database() -> Iterator[None]:
    """While pytest-django makes a process its database: the first makes the tables, the others copy what it made."""
    with alone("database") as done:
        if done.exists():
            connection.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE
            yield
            return
        yield
        made = connection.settings_dict["NAME"]
        connection.close()
        connection.close_pool()
        with connection._nodb_cursor() as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*map(sql.Identifier, (TEMPLATE, made))))
        done.touch()


def data_folder(place: Path) -> None:
    """Put into `place` the cluster of a service that was started once and stopped: all tables, and nothing in them."""
    with alone("data") as done:
        first = Home(done.parent / "born")
        if not done.exists():
            with embedded(first.folder, options=HASTE) as url:
                manage(["migrate_gently"], environment(UPPSIKT_DATA=str(first.folder), DATABASE_URL=url))
            done.touch()
    place.mkdir(parents=True, exist_ok=True)
    for source, to in ((first.place, "postgres"), (first.password_file, first.password_file.name)):
        subprocess.run(["cp", "-a", source, place / to], check=True)
