"""Sealing and verifying the trail, in rows a second, against the same rows read and hashed with nothing around it.

The rows are steps and wordings, in the proportion in which a history brings them. The bare loop is what no such thing
can do without: COPY each row out of the database once, and take its sha256. It keeps no chain, looks for no late rows
and compares nothing.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

from django.db import connection

from benchmarks.tables import Table, Times
from uppsikt.channels.models import Channel
from uppsikt.kernel import blobs, sealed, seals
from uppsikt.kernel.verify import Examination
from uppsikt.organisation.models import Board, Department, Person, Unit
from uppsikt.records.models import Actor, Item, RawResponse, Thread

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
GOAL = 100_000  # rows a second that verifying is to reach
# Of the bare loop's pace. Sealing also writes, synced, one seal for each ten thousand rows.
ENOUGH_SEALED, ENOUGH_VERIFIED = 0.25, 0.5

STEPS = """
INSERT INTO kernel_step (kind, thing_id, label, name, before, after, by, by_name, at, reason, facts)
SELECT 'records.item', n, 'comment/' || n, 'take_in', '', 'visible', 'system:pull', 'Uppsikt',
  %s::timestamptz + n * interval '1 second', '',
  jsonb_build_object('address', 'https://natet.example/inlagg/' || n, 'fingerprint', md5(n::text) || md5(n::text))
FROM generate_series(%s, %s) AS n
"""
VERSIONS = """
INSERT INTO records_version
  (item_id, number, fingerprint, title, text, html, author_name, captured_at, raw_id, place, remarks, missing, reading)
SELECT %s, n, md5(n::text) || md5(n::text), '', repeat('Hur länge ska vi vänta på snöröjningen? ', 1 + n %% 9), '',
  'Maria L.', %s::timestamptz + n * interval '1 second', %s, 'comments/' || n, '{}', '{}',
  jsonb_build_object('type', 'Note', 'id', 'https://natet.example/inlagg/' || n)
FROM generate_series(%s, %s) AS n
"""


def options(parser: argparse.ArgumentParser) -> None:
    """The sizes that can be chosen."""
    parser.add_argument("--rows", type=int, default=100_000, help="rows of each sort in one round: steps and wordings")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured, in turn")


def run(chosen: argparse.Namespace) -> Table:
    """Each once, one after the other, and that some times over; the trail grows from round to round."""
    took = {name: Times() for name in ("copy", "bare", "seal", "recent", "whole")}
    item, raw = scene()
    seals.seal_all(now=NOW, seconds=600)
    total = []
    for number in range(chosen.rounds):
        first = number * chosen.rows + 1
        before = {source.kind: seals.highest(source) for source in sealed.sources()}
        since = seals.head()
        with connection.cursor() as cursor:
            cursor.execute(STEPS, [NOW, first, first + chosen.rows - 1])
            cursor.execute(VERSIONS, [item, NOW, raw, first, first + chosen.rows - 1])
            cursor.execute("ANALYZE kernel_step, records_version")
        took["copy"].run(lambda before=before: read(before, hashed=False))  # type: ignore[misc]  # used at once
        new = took["bare"].run(lambda before=before: read(before, hashed=True))  # type: ignore[misc]  # used at once
        done, whole = took["seal"].run(
            lambda number=number: seals.seal_all(now=NOW + timedelta(minutes=number), seconds=3600)  # type: ignore[misc]
        )
        seen = took["recent"].run(lambda since=since: go_through(since))  # type: ignore[misc]  # used at once
        if not (whole and done == new == seen == 2 * chosen.rows):
            raise RuntimeError(f"sealed {done}, read {new}, verified {seen} of {2 * chosen.rows} rows")
        total.append(took["whole"].run(lambda: go_through(None)))
    return told(chosen, took, total)


def scene() -> tuple[int, int]:
    """One item and one raw answer, that the wordings can hang on."""
    if found := Item.objects.filter(native_id="bench-seals").first():
        return found.pk, RawResponse.objects.latest("pk").pk
    board = Board.objects.create(name="Kommunstyrelsen")
    unit = Unit.objects.create(name="Enheten", department=Department.objects.create(name="Förvaltningen", board=board))
    person = Person.objects.create(email="bench@alvsta.example", name="Bench", unit=unit)
    channel = Channel.objects.create(
        network="practice", name="Bench", address="https://natet.example/bench", unit=unit, responsible=person,
        connected_at=NOW,
    )  # fmt: skip
    raw = RawResponse.objects.create(
        channel=channel, address="https://natet.example", status=200, blob_id=blobs.put(b"[]", "", now=NOW),
        fetched_at=NOW,
    )  # fmt: skip
    item = Item.objects.create(
        channel=channel, native_id="bench-seals", kind="comment", direction="received", captured_at=NOW, at=NOW,
        thread=Thread.objects.create(channel=channel, native_id="bench"),
        actor=Actor.objects.create(channel=channel, native_id="bench"), checked_at=NOW,
    )  # fmt: skip
    return item.pk, raw.pk


def read(before: dict[str, int], *, hashed: bool) -> int:
    """Read each new row once, and take its digest or not; how many there were."""
    count = 0
    for source in sealed.sources():
        if hashed:
            for _row in sealed.rows(source, sealed.after(source, before[source.kind])):
                count += 1
        else:
            columns = ", ".join(f'"{name}"' for name in source.columns)
            words = f"COPY (SELECT {columns} FROM {source.table} WHERE {source.key} > {before[source.kind]}) TO STDOUT"
            with connection.cursor() as cursor, cursor.copy(words) as stream:
                for _line in stream:
                    count += 1
    return count


def go_through(since: seals.Head | None) -> int:
    """Go through what is new, or everything; how many rows there were. All is well, or it is no measure."""
    work = Examination(since=since)
    while work.step(now=NOW):
        pass
    if not work.passed:
        raise RuntimeError(f"not whole: {work.outcome()}")
    return sum(work.rows.values())


def told(chosen: argparse.Namespace, took: dict[str, Times], total: list[int]) -> Table:
    """The table."""
    new = 2 * chosen.rows
    table = Table(
        "Sealing and verifying",
        f"{new:,} rows are new in each of {chosen.rounds} rounds; {total[-1]:,} in the end.",
        ("what", "median ms", "p95 ms", "rows/s", "of the bare loop"),
    )
    bare = new / took["bare"].median * 1000
    names = {
        "copy": "rows read by COPY, no digest",
        "bare": "rows read and hashed: the bare loop",
        "seal": "seal what is new",
        "recent": "verify what is new",
        "whole": "verify everything (last round)",
    }
    paces = {}
    for key, name in names.items():
        times, rows = took[key], new
        middle = times.median
        if key == "whole":
            middle, rows = times.taken[-1], total[-1]
        paces[key] = rows / middle * 1000
        table.rows.append((name, middle, times.p95, paces[key], paces[key] / bare))
    table.claims += [
        (f"everything is verified at {GOAL:,} rows a second or more", paces["whole"] >= GOAL),
        (f"sealing keeps {ENOUGH_SEALED} of the bare loop's pace", paces["seal"] >= ENOUGH_SEALED * bare),
        (f"verifying keeps {ENOUGH_VERIFIED} of the bare loop's pace", paces["whole"] >= ENOUGH_VERIFIED * bare),
    ]
    return table
