"""What search is held against: SQLite FTS5 and tantivy, each with the same comments and asked in its own best way."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import tantivy

from benchmarks.corpus import Corpus

PAGE, EXACT = 25, 1_000


@dataclass(frozen=True, slots=True)
class Wish:
    """One question, the same for each engine."""

    words: tuple[str, ...] = ()
    phrase: bool = False
    prefix: bool = False
    part: bool = False
    author: str = ""
    channel: int = 0
    since: datetime | None = None
    before: datetime | None = None
    # Only how many, exactly up to a thousand.
    counts: bool = False
    # The page after this comment.
    after: int = 0
    reads: frozenset[int] = field(default_factory=frozenset)


class Fts5:
    """SQLite's own search. Keys rise with time, so the newest come first by key, which it does without sorting."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path, corpus: Corpus) -> None:
        """Open the index, made from the corpus first where it is not there."""
        self.file = folder / f"fts5-{corpus.size}-letters.db"
        if not self.file.exists():
            unfinished = self.file.with_suffix(".part")
            unfinished.unlink(missing_ok=True)
            self.load(sqlite3.connect(unfinished), corpus)
            unfinished.rename(self.file)
        self.base = sqlite3.connect(self.file)
        self.base.execute("PRAGMA cache_size = -1000000")
        self.base.execute("PRAGMA mmap_size = 20000000000")

    @staticmethod
    def load(base: sqlite3.Connection, corpus: Corpus) -> None:
        """Fill and index."""
        base.execute("PRAGMA journal_mode = OFF")
        base.execute("PRAGMA synchronous = OFF")
        base.execute("PRAGMA cache_size = -1000000")
        base.execute(
            "CREATE TABLE item (id INTEGER PRIMARY KEY, at INTEGER, channel INTEGER, secret INTEGER, author, text)"
        )
        # As it comes, SQLite takes å, ä and ö for a and o, and finds other words than the other two.
        letters = "unicode61 remove_diacritics 0"
        base.execute(f"CREATE VIRTUAL TABLE said USING fts5(text, author, content='', tokenize='{letters}')")
        for lot in lots(corpus, 20_000):
            base.executemany(
                "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?)",
                ((one.id, int(one.at.timestamp()), one.channel, one.secret, one.author, one.text) for one in lot),
            )
            base.executemany(
                "INSERT INTO said (rowid, text, author) VALUES (?, ?, ?)",
                ((one.id, one.text, one.author) for one in lot),
            )
        base.execute("CREATE INDEX item_channel ON item (channel, id)")
        base.execute("CREATE INDEX item_at ON item (at)")
        base.execute("INSERT INTO said (said) VALUES ('optimize')")
        base.execute("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(said, row)")
        base.execute("CREATE TABLE word AS SELECT term FROM vocabulary")
        base.execute("ANALYZE item")
        base.commit()
        base.close()

    def ask(self, wish: Wish) -> list[int] | int:
        """The keys of the newest, whose texts have been read too, or how many there are."""
        match, where, values = self.match(wish), ["1"], []
        if match:
            where.append("said MATCH ?")
            values.append(match)
        table = "said JOIN item ON item.id = said.rowid" if match else "item"
        key = "said.rowid" if match else "item.id"
        if wish.reads:
            where.append(f"(secret = 0 OR channel IN ({', '.join(map(str, sorted(wish.reads)))}))")
        for moment, sign in ((wish.since, ">="), (wish.before, "<")):
            if moment:
                where.append(f"at {sign} ?")
                values.append(int(moment.timestamp()))
        if wish.channel:
            where.append("channel = ?")
            values.append(wish.channel)
        if wish.after:
            where.append(f"{key} < ?")
            values.append(wish.after)
        shown = key if wish.counts else f"{key}, at, channel, item.author, item.text"
        query = f"SELECT {shown} FROM {table} WHERE {' AND '.join(where)}"
        if wish.counts:
            return int(self.base.execute(f"SELECT count(*) FROM ({query} LIMIT {EXACT + 1})", values).fetchone()[0])
        rows = self.base.execute(f"{query} ORDER BY {key} DESC LIMIT {PAGE}", values).fetchall()
        return [found for found, *_shown in rows]

    def match(self, wish: Wish) -> str:
        """The question in FTS5's words."""
        parts = []
        if wish.part:
            like = self.base.execute("SELECT term FROM word WHERE term LIKE ?", (f"%{wish.words[0]}%",))
            parts.append("text : (" + (" OR ".join(f'"{term}"' for (term,) in like) or '"?"') + ")")
        elif wish.phrase:
            parts.append(f'text : "{" ".join(wish.words)}"')
        else:
            parts += [f'text : "{word}"{"*" if wish.prefix else ""}' for word in wish.words]
        parts += [f'author : "{name}"' for name in wish.author.split()]
        return " AND ".join(parts)


class Tantivy:
    """The engine that shows what is possible. It orders by a fast field, as it must for the newest first."""

    name = "tantivy"

    def __init__(self, folder: Path, corpus: Corpus) -> None:
        """Open the index, made from the corpus first where it is not there."""
        build = tantivy.SchemaBuilder()
        build.add_text_field("text", stored=True)
        build.add_text_field("author", stored=True)
        for name in ("id", "at"):
            build.add_integer_field(name, stored=name == "id", indexed=True, fast=True)
        for name in ("channel", "secret"):
            build.add_integer_field(name, indexed=True, fast=True)
        self.schema = build.build()
        place = folder / f"tantivy-{corpus.size}"
        if not place.exists():
            unfinished = place.with_suffix(".part")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            self.load(tantivy.Index(self.schema, path=str(unfinished)), corpus)
            unfinished.rename(place)
        self.searcher = tantivy.Index(self.schema, path=str(place)).searcher()

    @staticmethod
    def load(index: Any, corpus: Corpus) -> None:
        """Fill and index."""
        writer = index.writer(heap_size=500_000_000, num_threads=1)
        for one in corpus:
            writer.add_document(
                tantivy.Document(
                    text=one.text,
                    author=one.author,
                    id=one.id,
                    at=int(one.at.timestamp()),
                    channel=one.channel,
                    secret=int(one.secret),
                )
            )
        writer.commit()
        writer.wait_merging_threads()

    def ask(self, wish: Wish) -> list[int] | int:
        """The keys of the newest, whose texts have been read too, or how many there are."""
        query = self.query(wish)
        if wish.counts:
            return min(EXACT + 1, int(self.searcher.search(query, 1, count=True).count))
        found = self.searcher.search(query, PAGE, count=False, order_by_field="id", order=tantivy.Order.Desc)
        rows = [self.searcher.doc(address) for _key, address in found.hits]
        return [int(row["id"][0]) for row in rows]

    def query(self, wish: Wish) -> Any:
        """The question in tantivy's words."""
        must, term = tantivy.Occur.Must, self.term
        parts: list[tuple[Any, Any]] = []
        if wish.phrase:
            parts.append((must, tantivy.Query.phrase_query(self.schema, "text", list(wish.words))))
        elif wish.prefix or wish.part:
            begin = ".*" if wish.part else ""
            pattern = f"{begin}{re.escape(wish.words[0])}.*"
            parts.append((must, tantivy.Query.regex_query(self.schema, "text", pattern)))
        else:
            parts += [(must, term("text", word)) for word in wish.words]
        parts += [(must, term("author", name.lower())) for name in wish.author.split()]
        if wish.channel:
            parts.append((must, term("channel", wish.channel)))
        if wish.since or wish.before:
            least = int(wish.since.timestamp()) if wish.since else 0
            most = int(wish.before.timestamp()) if wish.before else 2**40
            kind = tantivy.FieldType.Integer
            parts.append((must, tantivy.Query.range_query(self.schema, "at", kind, least, most, True, False)))
        if wish.after:
            kind = tantivy.FieldType.Integer
            parts.append((must, tantivy.Query.range_query(self.schema, "id", kind, 0, wish.after, True, False)))
        if wish.reads:
            may = [(tantivy.Occur.Should, term("secret", 0))]
            may += [(tantivy.Occur.Should, term("channel", channel)) for channel in sorted(wish.reads)]
            parts.append((must, tantivy.Query.boolean_query(may)))
        return tantivy.Query.boolean_query(parts)

    def term(self, field: str, value: object) -> Any:
        """A word or number in a field."""
        return tantivy.Query.term_query(self.schema, field, value)


def lots(corpus: Corpus, size: int) -> Iterable[list[Any]]:
    """The comments, so many at a time."""
    lot = []
    for one in corpus:
        lot.append(one)
        if len(lot) == size:
            yield lot
            lot = []
    if lot:
        yield lot
