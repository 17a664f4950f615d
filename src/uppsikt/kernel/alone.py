"""Doing something alone: at most one process at a time, whichever machine it runs on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import Error, connection

TRY = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
FREE = "SELECT pg_advisory_unlock(hashtextextended(%s, 0))"


@contextmanager
def alone(name: str) -> Iterator[bool]:
    """Whether we are the only one who does what is called so; False where somebody else is at it already.

    It hangs on the connection to the database: whoever is killed lets go of it. It opens no transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(TRY, [name])
        [ours] = cursor.fetchone()
    try:
        yield ours
    finally:
        if ours:
            # A connection that is broken has let go already.
            with suppress(Error), connection.cursor() as cursor:
                cursor.execute(FREE, [name])
