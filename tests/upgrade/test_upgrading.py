"""Migrating while the release before still writes: nobody waits behind a change of a table, and no row is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import CommandError
from django.db import connection
from psycopg.conninfo import make_conninfo

from uppsikt.kernel import upgrading

pytestmark = pytest.mark.django_db(transaction=True)


def connect() -> psycopg.Connection:
    """A program of the old release."""
    about = connection.settings_dict
    return psycopg.connect(
        make_conninfo(
            host=about["HOST"],
            port=about["PORT"],
            user=about["USER"],
            password=about["PASSWORD"],
            dbname=str(about["NAME"]),
        ),
        autocommit=True,
    )


@pytest.fixture
def table() -> Iterator[str]:
    """A table that the old release writes to."""
    with connect() as admin:
        admin.execute("CREATE TABLE trial_upgrade (id bigserial PRIMARY KEY, word text NOT NULL)")
        yield "trial_upgrade"
        admin.execute("DROP TABLE trial_upgrade")


@contextmanager
def old_release() -> Iterator[list[int]]:
    """The old code writes rows by the columns that it knows, one after the other; how many so far."""
    stop, written, failed = threading.Event(), [0], []

    def write() -> None:
        try:
            with connect() as writer:
                while not stop.is_set():
                    writer.execute("INSERT INTO trial_upgrade (word) VALUES ('gammal kod')")
                    written[0] += 1
        except psycopg.Error as error:
            failed.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield written
    finally:
        stop.set()
        thread.join()
    assert not failed, failed


def expand() -> None:
    """What a migration does: a column that old code need not know."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trial_upgrade ADD COLUMN new text DEFAULT ''")


def test_old_code_writes_on_while_the_change_waits_for_a_slow_reader(table: str) -> None:
    """Somebody reads for long. The change gives up its place in the line again and again, and those behind get by."""
    reading, at_pauses = connect(), []
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM trial_upgrade")
    with old_release() as written:

        def pause(_seconds: float) -> None:
            before = written[0]
            while written[0] < before + 20:  # they do get by
                pass
            at_pauses.append(written[0] - before)
            if len(at_pauses) == 2:
                reading.execute("COMMIT")

        assert upgrading.migrate_gently(expand, pause=pause) == 3
        after = written[0]
        while written[0] < after + 20:  # the old code writes on after the change too
            pass
    reading.close()
    assert all(at_pauses)
    with connect() as admin:
        rows = admin.execute("SELECT count(*), count(new) FROM trial_upgrade").fetchone()
    assert rows is not None
    assert rows[0] == rows[1] == written[0]


def test_a_table_that_never_comes_free_is_left_as_it_was(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upgrading, "PAUSES", (0.0,))
    monkeypatch.setattr(upgrading, "LOCK_WAIT", "50ms")
    reading = connect()
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM trial_upgrade")
    with pytest.raises(CommandError, match="Nothing is half done"):
        upgrading.migrate_gently(expand, pause=lambda _seconds: None)
    reading.close()
    assert upgrading.migrate_gently(expand) == 1
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone()[0] == "0", "the connection is as it was"


def test_an_index_that_was_given_up_is_cleared_and_made_anew(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """CREATE INDEX CONCURRENTLY leaves a useless index behind when it is cut off; the next try must get past it."""
    monkeypatch.setattr(upgrading, "LOCK_WAIT", "100ms")
    writing = connect()
    writing.execute("BEGIN")
    writing.execute("INSERT INTO trial_upgrade (word) VALUES ('länge')")

    def index() -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX CONCURRENTLY trial_word ON trial_upgrade (word)")

    assert upgrading.migrate_gently(index, pause=lambda _seconds: writing.execute("COMMIT") and None) == 2
    writing.close()
    with connect() as admin:
        valid = admin.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'trial_word'::regclass").fetchone()
    assert valid == (True,)


def test_two_who_migrate_at_once_take_turns(table: str) -> None:
    """`serve`, `pull` and `connect` may all come at once after a change of version."""
    held = connect()
    held.execute("SELECT pg_advisory_lock(%s)", [upgrading.ONE_AT_A_TIME])
    done = threading.Event()

    def second() -> None:
        upgrading.migrate_gently(lambda: None)
        done.set()
        connection.close()

    thread = threading.Thread(target=second)
    thread.start()
    with connect() as admin:
        ask = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
        while (row := admin.execute(ask, [upgrading.ONE_AT_A_TIME]).fetchone()) and not row[0]:
            pass
    assert not done.is_set()
    held.close()
    thread.join()
    assert done.is_set()
