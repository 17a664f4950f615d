"""After a test with transactions of its own, the database is as the migrations left it: the policy, and nothing more.

Django's own way empties every table (half a second, with so many) and makes its own rows anew, but not those that our
migrations laid in. Here only what holds something is emptied, and what migrations wrote is put back where it changed.
Every table is looked at, those that no model of ours makes too: the search's index, the queue, the cache.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from psycopg import sql

# A request that was still being answered may write once more while the tables are emptied.
TRIES = 5
# A partition is emptied with the table it is part of; which migrations ran is nobody's but Django's.
TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
AND NOT relispartition AND relname <> 'django_migrations' ORDER BY relname
"""
# The queue's own triggers guard nothing: they loosen what points to a job that goes.
TRIGGERS = """
SELECT c.relname, t.tgname, t.tgenabled FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND t.tgtype & 8 <> 0
AND c.relname NOT LIKE 'procrastinate%'
"""
DIGEST = 'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t'
ENABLE = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA"}


@dataclass
class Born:
    """What a table held when the database was new, as COPY writes it, and a digest of it."""

    rows: bytes
    digest: str


@dataclass
class Emptier:
    """Knows a new database, and can make it so again."""

    tables: list[str]
    born: dict[str, Born]
    # The triggers that look at deletions, by table: their name, and how they are turned on again.
    guards: dict[str, list[tuple[str, str]]]

    @classmethod
    def of_new(cls) -> Emptier:
        """Look at a database that the migrations have just made."""
        with connection.cursor() as cursor:
            cursor.execute(TABLES)
            tables = [str(name) for (name,) in cursor.fetchall()]
        born = {table: Born(copied(table), digest(table)) for table in filled(tables)}
        guards: dict[str, list[tuple[str, str]]] = {}
        with connection.cursor() as cursor:
            cursor.execute(TRIGGERS)
            for table, name, enabled in cursor.fetchall():
                if enabled in ENABLE:
                    guards.setdefault(table, []).append((name, ENABLE[enabled]))
        return cls(tables, born, guards)

    def empty(self) -> None:
        """Make it new again."""
        for left in reversed(range(TRIES)):
            try:
                with transaction.atomic():
                    self.empty_once()
            except IntegrityError:
                if not left:
                    raise
            else:
                return

    def empty_once(self) -> None:
        """In a transaction: what holds more, or other, than it was born with."""
        held = filled(self.tables)
        more = [table for table in held if table not in self.born]
        changed = [table for table, born in self.born.items() if digest(table) != born.digest]
        dirty = [*more, *changed]
        if not dirty:
            return
        guarded = [(table, *guard) for table in dirty for guard in self.guards.get(table, [])]
        run(*(f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"' for table, name, _enable in guarded))
        run(*(f'DELETE FROM "{table}"' for table in dirty))  # noqa: S608 its own names
        for table in changed:
            put_back(table, self.born[table].rows)
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(*(f'ALTER TABLE "{table}" {enable} TRIGGER "{name}"' for table, name, enable in guarded))


def run(*statements: str) -> None:
    """Several statements, in one going to the server."""
    if statements:
        with connection.cursor() as cursor:
            cursor.execute(";".join(statements))


def filled(tables: list[str]) -> list[str]:
    """The tables that hold anything."""
    with connection.cursor() as cursor:
        parts = [f'EXISTS (SELECT 1 FROM "{table}")' for table in tables]  # noqa: S608 the database's own names
        cursor.execute(f"SELECT {', '.join(parts)}")
        found = cursor.fetchone()
    return [table for table, holds in zip(tables, found, strict=True) if holds]


def digest(table: str) -> str:
    """What tells one content of a table from another."""
    with connection.cursor() as cursor:
        cursor.execute(DIGEST.format(table=table))
        return str(cursor.fetchone()[0])


def copied(table: str) -> bytes:
    """A table's rows."""
    asked = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(asked) as copy:
        return b"".join(copy)


def put_back(table: str, rows: bytes) -> None:
    """Rows that `copied` gave."""
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy,
    ):
        copy.write(rows)
