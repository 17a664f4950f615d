"""One SQLite file holds the whole network. A change is on disk before it is answered."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

Value = str | int | float | bytes | None

SCHEMA = """
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS accounts (
  handle TEXT PRIMARY KEY, position INTEGER NOT NULL, name TEXT NOT NULL, flavour TEXT NOT NULL,
  description TEXT NOT NULL, colour TEXT NOT NULL, made_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS tokens (
  digest TEXT PRIMARY KEY, handle TEXT NOT NULL REFERENCES accounts, expires_at TEXT, revoked_at TEXT
);
CREATE TABLE IF NOT EXISTS people (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, handle TEXT NOT NULL UNIQUE, language TEXT NOT NULL,
  temper TEXT NOT NULL, cookie TEXT UNIQUE
);
CREATE TABLE IF NOT EXISTS items (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('post', 'comment')),
  handle TEXT NOT NULL REFERENCES accounts,
  post_id INTEGER, parent_id INTEGER, thread_id INTEGER, asked_id INTEGER,
  person_id INTEGER REFERENCES people,
  title TEXT NOT NULL DEFAULT '', text TEXT NOT NULL, alt TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'visible' CHECK (state IN ('visible', 'held', 'hidden', 'deleted')),
  created_at TEXT NOT NULL, edited_at TEXT, modified_at TEXT NOT NULL,
  likes INTEGER NOT NULL DEFAULT 0, key TEXT NOT NULL DEFAULT '',
  meaning TEXT NOT NULL DEFAULT '{}',
  change INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS items_by_change ON items (handle, kind, change);
CREATE INDEX IF NOT EXISTS items_by_post ON items (post_id, id);
CREATE INDEX IF NOT EXISTS items_by_kind ON items (kind, handle, id);
CREATE TABLE IF NOT EXISTS sent (
  handle TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, item_id INTEGER NOT NULL REFERENCES items,
  PRIMARY KEY (handle, key)
);
CREATE TABLE IF NOT EXISTS acts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, item_id INTEGER NOT NULL REFERENCES items, act TEXT NOT NULL,
  by TEXT NOT NULL, before TEXT NOT NULL, at TEXT NOT NULL, root INTEGER
);
CREATE INDEX IF NOT EXISTS acts_by_item ON acts (item_id, id);
CREATE TABLE IF NOT EXISTS follows (
  id INTEGER PRIMARY KEY AUTOINCREMENT, handle TEXT NOT NULL REFERENCES accounts,
  bond TEXT NOT NULL CHECK (bond IN ('like', 'follow')), name TEXT NOT NULL, url TEXT NOT NULL,
  UNIQUE (handle, bond, url)
);
CREATE TABLE IF NOT EXISTS planned (
  id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, what TEXT NOT NULL, item_id INTEGER NOT NULL
);
"""


class Store:
    """A connection that threads take turns on; `change` is a transaction."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self._turn = threading.RLock()
        self._depth = 0
        self._conn = sqlite3.connect(folder / "practice.sqlite3", timeout=30, check_same_thread=False)
        self._conn.isolation_level = None
        self._conn.row_factory = sqlite3.Row
        self._conn.execute("PRAGMA journal_mode=WAL")
        self._conn.execute("PRAGMA synchronous=FULL")
        self._conn.execute("PRAGMA foreign_keys=ON")
        self._conn.executescript(SCHEMA)

    @contextmanager
    def change(self) -> Iterator[None]:
        """A transaction: all of it is on disk afterwards, or none. May be nested; the outermost one decides."""
        with self._turn:
            if self._depth == 0:
                self._conn.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._depth -= 1
                if self._depth == 0:
                    self._conn.execute("ROLLBACK")
                raise
            self._depth -= 1
            if self._depth == 0:
                self._conn.execute("COMMIT")

    def rows(self, query: str, values: Sequence[Value] = ()) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self._turn:
            return self._conn.execute(query, values).fetchall()

    def row(self, query: str, values: Sequence[Value] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        found = self.rows(query, values)
        return found[0] if found else None

    def number(self, query: str, values: Sequence[Value] = ()) -> int:
        """The one number that a query gives; 0 for none."""
        found = self.row(query, values)
        return int(found[0] or 0) if found else 0

    def write(self, query: str, values: Sequence[Value] = ()) -> int:
        """Run one changing statement; returns the id of an inserted row."""
        with self.change():
            return self._conn.execute(query, values).lastrowid or 0

    def write_many(self, query: str, values: Sequence[Sequence[Value]]) -> None:
        """Run one changing statement for many rows."""
        with self.change():
            self._conn.executemany(query, values)

    def note(self, name: str) -> str | None:
        """A kept setting, or None."""
        found = self.row("SELECT value FROM notes WHERE name = ?", [name])
        return str(found[0]) if found else None

    def keep(self, name: str, value: str) -> None:
        """Keep a setting."""
        self.write(
            "INSERT INTO notes VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", [name, value]
        )

    def count_up(self, name: str) -> int:
        """The next number of a counter, within the caller's transaction."""
        number = int(self.note(name) or 0) + 1
        self.keep(name, str(number))
        return number

    def close(self) -> None:
        """Close the file; safe to call twice."""
        with self._turn:
            self._conn.close()
