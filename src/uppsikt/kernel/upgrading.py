"""Migrating while the service runs: short waits for locks, tried again, one at a time.

A change of a table waits for those who read it, and everybody who comes later waits behind the change. So the wait is
kept short: it is given up, those behind go on, and it is tried again. What the migrations may do is held by
`migration_rules`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

log = logging.getLogger(__name__)

ONE_AT_A_TIME = 0x55504D47  # the advisory lock: serve, pull and connect may all come at once
LOCK_WAIT = "2s"
PAUSES = (0.5, 1, 2, 4, 8, 15, 15, 30, 30, 60)  # seconds between tries, in which those who waited get by
NOT_AVAILABLE = "55P03"  # PostgreSQL's code for a lock that was not had in time


def migrate_gently(migrate: Callable[[], None] | None = None, *, pause: Callable[[float], None] = time.sleep) -> int:
    """Apply what is left, and say how many tries it took. Raises CommandError when the tables stay too busy."""
    with alone():
        for number, seconds in enumerate((*PAUSES, None), 1):
            try:
                with impatient():
                    if number > 1:
                        clear_broken_indexes()
                    (migrate or plain)()
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") != NOT_AVAILABLE:
                    raise
                if seconds is None:
                    break
                log.warning("a table is busy; the change is tried again in %s s", seconds)
                pause(seconds)
            else:
                return number
    raise CommandError(
        "The tables were too busy to change. Nothing is half done: run the same command again at a quieter time."
    )


def plain() -> None:
    """Django's own command."""
    call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def alone() -> Iterator[None]:
    """One process migrates at a time; the others wait, and then find nothing left to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_AT_A_TIME])


@contextmanager
def impatient() -> Iterator[None]:
    """Locks on this connection are waited for a short while only."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{LOCK_WAIT}'")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def clear_broken_indexes() -> None:
    """An index whose making was given up stays behind, useless and in the way of the next try."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT i.indisvalid AND n.nspname = 'public'"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
