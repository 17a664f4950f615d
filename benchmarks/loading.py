"""Comments into our own tables, past the taking in: what is measured is search, and not how they came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.corpus import CHANNELS, Comment, Corpus, authors
from benchmarks.engines import lots
from uppsikt.channels.models import Channel
from uppsikt.kernel import blobs
from uppsikt.organisation.models import Board, Department, Person, Unit
from uppsikt.records import indexing, vocabulary
from uppsikt.records.models import Actor, Item, RawResponse, Thread, Walk

LOT = 20_000
# From so many on it is worth while to make the indexes afterwards.
MANY = 100_000
LOADED = ("records_item", "records_version")
Tell = Callable[[str], None]


def load(corpus: Corpus, tell: Tell = print) -> None:
    """Fill our tables, unless they hold the corpus already."""
    if Item.objects.count() == corpus.size:
        return
    people = authors(max(10, corpus.size // 25))
    organisation()
    around(people)
    with light() if corpus.size >= MANY else nullcontext():
        done = 0
        for lot in lots(corpus, LOT):
            write(lot)
            indexing.index([one.id for one in lot])
            done += len(lot)
            tell(f"{done:,} of {corpus.size:,} comments")
        tell("indexes")
    Walk.objects.update_or_create(name="index", defaults={"through": corpus.size, "goal": corpus.size})
    tell("statistics")
    tidy("records_searchable", "records_item", "records_version", "records_actor", "records_thread")
    tell("vocabulary")
    vocabulary.gather(most=corpus.size)
    tidy("records_word")


def tidy(*tables: str) -> None:
    """Let the planner know what is there."""
    how = "ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)"
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"{how} {table}")


def organisation() -> None:
    """Units, and channels on them."""
    board, _ = Board.objects.get_or_create(name="Kommunstyrelsen")
    department, _ = Department.objects.get_or_create(name="Kommunledningskontoret", defaults={"board": board})
    units = [Unit.objects.get_or_create(name=f"Enhet {n}", department=department)[0] for n in range(1, 11)]
    person, _ = Person.objects.get_or_create(email="eva@bench.example", defaults={"name": "Eva", "unit": units[0]})
    Channel.objects.bulk_create(
        [
            Channel(
                id=number,
                network="practice",
                name=f"Kanal {number}",
                address=f"https://natet.example/{number}",
                unit=units[number % 10],
                responsible=person,
                connected_at=timezone.now(),
            )
            for number in range(1, CHANNELS + 1)
        ],
        ignore_conflicts=True,
    )


def around(people: list[tuple[int, str]]) -> None:
    """Authors, a conversation for each, and an answer for each channel."""
    digest = blobs.put(b"{}", "application/json", now=timezone.now())
    RawResponse.objects.bulk_create(
        RawResponse(
            id=number, channel_id=number, address="", status=200, headers={}, blob_id=digest, fetched_at=timezone.now()
        )
        for number in range(1, CHANNELS + 1)
    )
    Actor.objects.bulk_create(
        (Actor(id=n, channel_id=channel, native_id=f"a{n}", name=name) for n, (channel, name) in enumerate(people, 1)),
        batch_size=5_000,
    )
    Thread.objects.bulk_create(
        (Thread(id=n, channel_id=channel, native_id=f"t{n}") for n, (channel, _name) in enumerate(people, 1)),
        batch_size=5_000,
    )


ITEM = """
COPY records_item (id, channel_id, native_id, kind, direction, thread_id, actor_id, parent_native_id, state, address,
    can, published_at, captured_at, at, version_id, versions_count, etag, checked_at, secret)
FROM STDIN
"""
VERSION = """
COPY records_version (id, item_id, number, fingerprint, title, text, html, author_name, captured_at, raw_id, place,
    remarks, missing, reading)
FROM STDIN
"""


def write(lot: list[Comment]) -> None:
    """Some comments into the tables of items and wordings, keyed by their numbers."""
    # Items and wordings point at each other, which is looked at when both are there.
    with transaction.atomic(), connection.cursor() as cursor:
        with cursor.copy(ITEM) as rows:
            for one in lot:
                said = (one.id, one.channel, f"c{one.id}", "comment", "received", one.actor, one.actor, "", "visible")
                rows.write_row((*said, "", "{}", one.at, one.at, one.at, one.id, 1, "", one.at, one.secret))
        with cursor.copy(VERSION) as rows:
            for one in lot:
                said = (one.id, one.id, 1, "", "", one.text, "", one.author, one.at, one.channel)
                rows.write_row((*said, "", "{}", "{}", "{}"))


@contextmanager
def light() -> Iterator[None]:
    """Without foreign keys and the index of words meanwhile; both are made in one go afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            [list(LOADED)],
        )
        keys = cursor.fetchall()
        for table, name, _words in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute("DROP INDEX searchable_words")
        yield
        cursor.execute("CREATE INDEX searchable_words ON records_searchable USING gin (words)")
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index JOIN pg_inherits ON inhrelid = indexrelid"
            " WHERE inhparent = 'searchable_words'::regclass AND indexrelid::regclass::text ~ '[0-9]{4}_words_idx'"
            " AND substring(indexrelid::regclass::text FROM '[0-9]{4}')::int < extract(year FROM now())"
        )
        for (name,) in cursor.fetchall():
            cursor.execute(f"ALTER INDEX {name} SET (fastupdate = off)")
        for table, name, words in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {words}")
