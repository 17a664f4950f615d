"""From pulled to searchable, in items a second, against a raw COPY of the same rows into the same indexed tables.

The readings are in memory, as a connector gives them after an answer. What is measured ends when they are committed
and can be searched: answers on disk and synced, authors, conversations, items, wordings, the trail's steps, cursor,
news for the inbox, and the table that is searched. For COPY the very same rows, with other keys, lie ready in memory
as PostgreSQL's own text: it computes nothing, decides nothing, and is one transaction.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction

from benchmarks.tables import Table, Times
from uppsikt.channels.models import Channel, Cursor
from uppsikt.connectors.base import Can, Captured, CapturedActor, Direction, Kind, RawResponse
from uppsikt.organisation.models import Board, Department, Person, Unit
from uppsikt.records import intake

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
PAGE = 100
AUTHORS = 20_000
VOCABULARY = 40_000
# Far above any key that a sequence gives here.
SHIFT = 10**9
ENOUGH = 0.3

# The tables that taking in fills, parents first, and which of their columns hold another one's keys.
KEYS = {
    "records_thread": {"id": "records_thread"},
    "records_actor": {"id": "records_actor"},
    "records_rawresponse": {"id": "records_rawresponse"},
    "records_item": {
        "id": "records_item",
        "thread_id": "records_thread",
        "actor_id": "records_actor",
        "version_id": "records_version",
    },
    "records_version": {"id": "records_version", "item_id": "records_item", "raw_id": "records_rawresponse"},
    "kernel_step": {"id": "kernel_step", "thing_id": "records_item"},
    "records_searchable": {"item_id": "records_item", "actor_id": "records_actor"},
}
NAMED = {"records_thread", "records_actor", "records_item"}
# Another table, for comparison: not divided by year, and the database makes the tsvector from the text.
GENERATED = """
DROP TABLE IF EXISTS bench_generated;
CREATE TABLE bench_generated (
    at timestamptz NOT NULL, item_id bigint NOT NULL, channel_id bigint NOT NULL, body text NOT NULL,
    words tsvector GENERATED ALWAYS AS (to_tsvector('swedish', body)) STORED, PRIMARY KEY (at, item_id)
);
CREATE INDEX ON bench_generated (channel_id, at, item_id);
CREATE INDEX ON bench_generated USING gin (words);
"""
TEXTS = (
    "SELECT i.at, i.id + {shift}, i.channel_id, v.text"
    " FROM records_item i JOIN records_version v ON v.id = i.version_id"
    " WHERE i.id > {since} AND i.id < 1000000000"
)


def options(parser: argparse.ArgumentParser) -> None:
    """The sizes that can be chosen."""
    parser.add_argument("--items", type=int, default=20_000, help="items that are there before anything is measured")
    parser.add_argument("--lot", type=int, default=6_000, help="items in what is measured once")
    parser.add_argument("--batch", type=int, default=2_000, help="items in a transaction of ours")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured, in turn")


def run(chosen: argparse.Namespace) -> Table:
    """Fill, then measure in turn."""
    source, channel = Source(), make_channel()
    took = {name: Times() for name in ("new", "unchanged", "reworded", "all", "search", "generated", "single")}
    for start in range(0, chosen.items, chosen.batch):
        intake.take_in(channel, source.readings(start, min(chosen.batch, chosen.items - start)), now=NOW, first=True)
    with connection.cursor() as cursor:
        cursor.execute(GENERATED)
        cursor.execute(f"INSERT INTO bench_generated (at, item_id, channel_id, body) {TEXTS.format(shift=0, since=0)}")
        cursor.execute("VACUUM ANALYZE")
    for number in range(chosen.rounds):
        one_round(chosen, source, channel, took, number)
    return told(chosen, took)


def one_round(
    chosen: argparse.Namespace, source: Source, channel: Channel, took: dict[str, Times], number: int
) -> None:
    """Each once, one after the other."""
    start, lot = chosen.items + number * chosen.lot, chosen.lot
    readings = source.readings(start, lot)
    before = newest()
    take(took["new"], channel, readings, chosen.batch)
    raw = dump(before, SHIFT * (number + 1))
    generated = copied(TEXTS.format(shift=SHIFT * (number + 1), since=before["records_item"]))
    texts = {"bench_generated (at, item_id, channel_id, body)": generated}
    into(took["generated"], texts)
    into(took["search"], {table: rows for table, rows in raw.items() if table.startswith("records_searchable")})
    into(took["all"], {table: rows for table, rows in raw.items() if not table.startswith("records_searchable")})
    took["all"].taken[-1] += took["search"].taken[-1]
    take(took["unchanged"], channel, source.readings(start, lot), chosen.batch)
    take(took["reworded"], channel, source.readings(start, lot, edit=f" Ändrat {number}."), chosen.batch)
    for one in source.readings(10 * SHIFT + number * 20, 20):
        take(took["single"], channel, [one], 1)


def take(times: Times, channel: Channel, readings: Sequence[Captured], batch: int) -> None:
    """Take readings in as a pull does, and note how long it took."""
    # As fresh from the connector: nothing that a reading keeps about itself has been worked out before.
    fresh = [replace(one) for one in readings]

    def work() -> None:
        for start in range(0, len(fresh), batch):
            intake.take_in(channel, fresh[start : start + batch], now=NOW, cursor={"at": start}, first=True)

    times.run(work)


def newest() -> dict[str, int]:
    """The highest key that a sequence has given, by table."""
    found = {}
    with connection.cursor() as cursor:
        for table in KEYS:
            if table != "records_searchable":
                cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table} WHERE id < %s", [SHIFT])
                found[table] = cursor.fetchone()[0]
    return found


def dump(before: dict[str, int], shift: int) -> dict[str, bytes]:
    """What has been written since, with other keys, as COPY takes it: by "table (columns)"."""
    return {
        f"{table} ({', '.join(columns)})": copied(select(table, columns, before, shift))
        for table, columns in columns_of()
    }


def columns_of() -> Iterator[tuple[str, list[str]]]:
    """The columns of each table that are written."""
    with connection.cursor() as cursor:
        for table in KEYS:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
                [table],
            )
            yield table, [name for (name,) in cursor.fetchall()]


def select(table: str, columns: Sequence[str], before: dict[str, int], shift: int) -> str:
    """The rows of a table that are new, with keys moved out of the way of the real ones."""
    shown = []
    for name in columns:
        owner = KEYS[table].get(name)
        if owner:
            shown.append(f"CASE WHEN {name} > {before[owner]} THEN {name} + {shift} ELSE {name} END")
        elif name == "native_id" and table in NAMED:
            shown.append(f"'{shift}/' || native_id")
        else:
            shown.append(name)
    key, owner = ("item_id", "records_item") if table == "records_searchable" else ("id", table)
    return f"SELECT {', '.join(shown)} FROM {table} WHERE {key} > {before[owner]} AND {key} < {SHIFT} ORDER BY {key}"


def copied(query: str) -> bytes:
    """The answer to a query in the text that COPY reads."""
    with connection.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as stream:
        return b"".join(stream)


def into(times: Times, tables: dict[str, bytes]) -> None:
    """COPY ready rows into tables, in one transaction."""

    def work() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in tables.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as stream:
                    stream.write(rows)

    times.run(work)


class Source:
    """Made-up readings: the same number gives the same reading, in any order."""

    def __init__(self) -> None:
        dice = random.Random(1)
        heads = ["sim", "väg", "skol", "park", "snö", "buss", "lykt", "bad", "fritids", "renhållnings", "äldre", "bygg"]
        tails = ["hall", "röjning", "plan", "tid", "kort", "lampa", "hus", "gården", "arbetet", "frågor", "avgift"]
        made = {a + b + c for a in heads for b in tails for c in ("", "en", "s", "arna", "et", "or", "erna")}
        while len(made) < VOCABULARY:
            made.add("".join(dice.choices("abdefghijklmnoprstuvåäö", k=dice.randint(3, 11))))
        self.words = sorted(made)
        dice.shuffle(self.words)
        self.weights = [0.0]
        for rank in range(1, len(self.words) + 1):
            self.weights.append(self.weights[-1] + 1 / rank)
        self.weights.pop(0)

    def readings(self, start: int, count: int, *, edit: str = "") -> list[Captured]:
        """Comments number `start` and on, a hundred in each answer; `edit` stands at the end of each."""
        return [
            one
            for page in range(start, start + count, PAGE)
            for one in self.page(page, min(PAGE, start + count - page), edit)
        ]

    def page(self, start: int, count: int, edit: str) -> Iterator[Captured]:
        """The readings of one answer."""
        dice = random.Random(start)
        texts = [
            " ".join(dice.choices(self.words, cum_weights=self.weights, k=int(dice.lognormvariate(3, 0.7)) + 2)) + edit
            for _ in range(count)
        ]
        body = "\n".join(texts).encode() + sha256(f"{start}{edit}".encode()).digest() * 400
        raw = RawResponse(f"https://natet.example/api/{start}", 200, NOW, body, {"content-type": "application/json"})
        for place, text in enumerate(texts):
            yield self.one(start + place, place, text, raw)

    def one(self, number: int, place: int, text: str, raw: RawResponse) -> Captured:
        """One comment; three in a conversation, fifty under a post."""
        who = number * 7919 % AUTHORS
        return Captured(
            native_id=f"comment/{number}",
            kind=Kind.COMMENT,
            direction=Direction.RECEIVED,
            raw=raw,
            place=f"/items/{place}",
            text=text,
            author=CapturedActor(
                f"user/{who}", f"Namn {who} Efternamn", f"namn{who}", f"https://natet.example/@namn{who}"
            ),
            address=f"https://natet.example/comment/{number}",
            published_at=NOW - timedelta(minutes=number * 3 % 2_500_000),
            parent_id=f"post/{number // 50}",
            thread_id=f"comment/{number - number % 3}",
            post_id=f"post/{number // 50}",
            can=frozenset({Can.REPLY, Can.HIDE}),
            reading={"likes": number % 9, "longest_answer": None},
        )


def make_channel() -> Channel:
    """A channel to take in on."""
    board = Board.objects.create(name="Nämnden")
    unit = Unit.objects.create(name="Enheten", department=Department.objects.create(name="Förvaltningen", board=board))
    who = Person.objects.create(email="eva@alvsta.example", name="Eva", unit=unit)
    channel = Channel.objects.create(
        network="practice",
        name="Kanalen",
        address="https://natet.example/@konto",
        unit=unit,
        responsible=who,
        connected_at=NOW,
    )
    Cursor.objects.create(channel=channel, value={}, saved_at=NOW)
    return channel


def told(chosen: argparse.Namespace, took: dict[str, Times]) -> Table:
    """The table."""
    table = Table(
        "Taking in",
        f"{chosen.items:,} items there before; {chosen.rounds} rounds of {chosen.lot:,} items, "
        f"{chosen.batch:,} in a transaction.",
        (
            "what",
            "items/s (median)",
            "of COPY into all",
            "of COPY into the search table",
            "of COPY with generated tsvector",
        ),
    )
    speed = {name: chosen.lot / times.median * 1000 for name, times in took.items() if name != "single"}
    speed["single"] = 1000 / took["single"].median
    words = {
        "new": "new, from readings to searchable",
        "unchanged": "unchanged",
        "reworded": "reworded",
        "single": "new, one at a time",
        "all": "COPY into all the tables that taking in fills",
        "search": "COPY into the search table alone, tsvectors ready",
        "generated": "COPY of texts into one plain table that makes its tsvectors, for comparison",
    }
    for name, what in words.items():
        table.rows.append((what, speed[name], *(speed[name] / speed[raw] for raw in ("all", "search", "generated"))))
    for raw in ("all", "search"):
        ratio = speed["new"] / speed[raw]
        table.claims.append((f"new items at {ratio:.2f} of {words[raw]}, at least {ENOUGH}", ratio >= ENOUGH))
    return table
