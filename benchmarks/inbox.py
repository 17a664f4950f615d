"""The inbox with many cases: its pages through Django's test client, logged in as an officer, time and queries.

The same officer, the same pages, at the small number of cases and then at the large one in the same database. One
case in ten is open; of those some wait for an expert, some are promised, some are laid aside, one in a hundred was
handed to a unit. The channels are twenty, and the officer answers on all of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from benchmarks.tables import Table, Times
from uppsikt.channels.models import Channel, Mandate
from uppsikt.inbox import figures
from uppsikt.kernel import blobs
from uppsikt.organisation.models import Board, Department, Person, RoleGrant, Unit
from uppsikt.records.models import RawResponse

CHANNELS = 20
MOST_QUERIES, MOST_TIMES = 15, 1.5

FILL = """
WITH new AS (SELECT n FROM generate_series(%(first)s, %(last)s) n), actors AS (
    INSERT INTO records_actor (channel_id, native_id, name, handle, address)
    SELECT %(channel)s + n %% %(channels)s, 'user/' || n, 'Maria ' || n %% 5000, '', '' FROM new
    RETURNING id, channel_id, native_id
), threads AS (
    INSERT INTO records_thread (channel_id, native_id, post_native_id)
    SELECT %(channel)s + n %% %(channels)s, 'thread/' || n, '' FROM new RETURNING id, channel_id, native_id
), items AS (
    INSERT INTO records_item (channel_id, native_id, kind, direction, thread_id, actor_id, parent_native_id, state,
        address, can, captured_at, at, versions_count, etag, checked_at, secret)
    SELECT threads.channel_id, 'comment/' || n, 'comment', 'received', threads.id, actors.id, '', 'visible',
        'https://natet.example/' || n, '{reply}', at, at, 1, '', at, false
    FROM new JOIN threads ON threads.native_id = 'thread/' || n JOIN actors ON actors.native_id = 'user/' || n
    CROSS JOIN LATERAL (SELECT %(now)s::timestamptz - n * interval '5 minutes' AS at) AS times
    RETURNING id, channel_id, thread_id, native_id, at
), versions AS (
    INSERT INTO records_version (item_id, number, fingerprint, title, text, html, author_name, captured_at, raw_id,
        place, remarks, missing, reading)
    SELECT id, 1, md5(native_id), '', repeat('När plogas gatan utanför oss? ', 1 + id::int %% 9), '', 'Maria', at,
        %(raw)s, '', '{}', '{}', '{}' FROM items RETURNING id, item_id
), cases AS (
    INSERT INTO inbox_case (thread_id, channel_id, state, last_item_id, waiting_item_id, received_at, due_at,
        assignee_id, outcome, outcome_reason, answered_at, closed_at, times_opened, snoozed_until, unit_id)
    SELECT thread_id, channel_id,
        CASE WHEN id %% 10 > 0 THEN 'closed' WHEN id %% 70 = 0 THEN 'promised' ELSE 'open' END,
        id, id, at, at + interval '1 day', CASE WHEN id %% 3 = 0 THEN %(person)s END,
        CASE WHEN id %% 10 > 0 THEN 'answered' ELSE '' END, '', CASE WHEN id %% 10 > 0 THEN at + interval '3 hours' END,
        CASE WHEN id %% 10 > 0 THEN at + interval '3 hours' END, 1,
        CASE WHEN id %% 190 = 0 THEN %(now)s::timestamptz + interval '3 hours' END,
        CASE WHEN id %% 100 = 0 THEN %(unit)s::bigint END
    FROM items RETURNING id, last_item_id
)
INSERT INTO inbox_caseitem (item_id, case_id) SELECT last_item_id, id FROM cases
"""
# A version is written after its item, and both in one statement would not see each other.
POINT = """
UPDATE records_item SET version_id = records_version.id FROM records_version
WHERE records_version.item_id = records_item.id AND records_item.version_id IS NULL
"""
FORWARDS = """
INSERT INTO inbox_forward (case_id, email, name, title, unit_name, question, digest, state, sent_by_id, sent_at,
    expires_at, text)
SELECT id, 'anna@foretag.example', 'Anna', '', '', '', md5(id::text), 'sent', %(person)s, %(now)s,
    %(now)s::timestamptz + interval '14 days', ''
FROM inbox_case WHERE state = 'open' AND id %% 7 = 0
    AND NOT EXISTS (SELECT FROM inbox_forward WHERE case_id = inbox_case.id)
"""
FIRST = """
INSERT INTO inbox_firstanswer
    (case_id, channel_id, unit_id, received_at, due_at, answered_at, seconds, in_time, holding)
SELECT id, channel_id, %(unit)s, received_at, due_at, closed_at, 60 * (id %% 300), id %% 20 > 0, id %% 9 = 0
FROM inbox_case WHERE state = 'closed' ON CONFLICT DO NOTHING
"""


def options(parser: argparse.ArgumentParser) -> None:
    """The sizes that can be chosen."""
    parser.add_argument("--small", type=int, default=1_000, help="cases at first")
    parser.add_argument("--large", type=int, default=100_000, help="cases in the end")
    parser.add_argument("--rounds", type=int, default=30, help="how often each page is asked for")


def run(chosen: argparse.Namespace) -> Table:
    """Fill, measure, fill on, measure."""
    settings.ALLOWED_HOSTS = ["*"]
    place = scene()
    client = Client()
    client.force_login(place.person)
    sizes = [chosen.small, chosen.large]
    found: dict[int, dict[str, tuple[Times, int]]] = {}
    done = 0
    for size in sizes:
        fill(done, size, place)
        done = size
        found[size] = {name: measure(client, address, chosen.rounds) for name, address in pages(place.channel)}
    return told(chosen, found)


@dataclass(frozen=True, slots=True)
class Scene:
    """An officer, the key of the first channel, of a raw answer, and of a unit that cases are handed to."""

    person: Person
    channel: int
    raw: int
    unit: int


def scene() -> Scene:
    """The channels and an officer with a mandate on all of them."""
    now = timezone.now()
    board = Board.objects.create(name="Kommunstyrelsen")
    department = Department.objects.create(name="Förvaltningen", board=board)
    units = [Unit.objects.create(name=f"Enhet {number}", department=department) for number in range(4)]
    person = Person.objects.create(email="bench@alvsta.example", name="Bench", unit=units[0])
    for role in ("officer", "communications"):
        RoleGrant.objects.create(person=person, role=role, since=now - timedelta(days=1))
    channels = [
        Channel.objects.create(
            network="practice",
            name=f"Kanal {number:02}",
            address=f"https://natet.example/{number}",
            unit=units[number % 4],
            responsible=person,
            central=number % 5 == 0,
            connected_at=now,
        )
        for number in range(CHANNELS)
    ]
    Mandate.objects.create(
        person=person, acts=["answer"], since=now - timedelta(days=1), given_by=person, reason="Svarar"
    )
    raw = RawResponse.objects.create(
        channel=channels[0],
        address="https://natet.example",
        status=200,
        blob_id=blobs.put(b"[]", "", now=now),
        fetched_at=now,
    )
    return Scene(person, channels[0].pk, raw.pk, units[1].pk)


def fill(done: int, size: int, place: Scene) -> None:
    """Write cases until there are so many, and let the database get to know them."""
    now = datetime.now(UTC)
    facts = {
        "first": done + 1, "last": size, "channel": place.channel, "channels": CHANNELS, "now": now,
        "raw": place.raw, "person": place.person.pk, "unit": place.unit,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for statement in (FILL, POINT, FORWARDS, FIRST):
            cursor.execute(statement, facts)
        cursor.execute("VACUUM ANALYZE")
    figures.make_due(now=now)


def pages(first: int) -> Iterator[tuple[str, str]]:
    """What is asked for, by name."""
    yield "to do", "/inkorg/"
    yield "to do, one channel", f"/inkorg/?kanal={first}"
    yield "mine", "/inkorg/?flik=mina"
    yield "my unit", "/inkorg/?flik=enhet"
    yield "waiting for an expert", "/inkorg/?flik=sakkunnig"
    yield "laid aside", "/inkorg/?flik=at-sidan"
    yield "answered", "/inkorg/?flik=avslutade"
    yield "all", "/inkorg/?flik=alla"
    yield "figures", "/inkorg/siffror/"


def measure(client: Client, address: str, rounds: int) -> tuple[Times, int]:
    """How long the page takes, once it has been asked for, and how many queries it makes."""
    for _ in range(3):
        answer = client.get(address)
        if answer.status_code != 200:  # all is well
            raise RuntimeError(f"{address} answered {answer.status_code}")
    queries = 0

    def counted(execute: Callable[..., Any], *words: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*words)

    with connection.execute_wrapper(counted):
        client.get(address)
    times = Times()
    for _ in range(rounds):
        times.run(lambda: client.get(address))
    return times, queries


def told(chosen: argparse.Namespace, found: dict[int, dict[str, tuple[Times, int]]]) -> Table:
    """The table, and whether what we claim holds."""
    small, large = found[chosen.small], found[chosen.large]
    table = Table(
        title="Inbox",
        told=f"Pages at {chosen.small:,} and at {chosen.large:,} cases, one in ten open; median and p95 in ms.",
        columns=["page", f"{chosen.small:,}", "p95", f"{chosen.large:,}", "p95", "ratio", "queries"],
    )
    for name, (times, queries) in large.items():
        before = small[name][0]
        ratio = times.median / before.median
        table.rows.append(
            [
                name,
                round(before.median, 1),
                round(before.p95, 1),
                round(times.median, 1),
                round(times.p95, 1),
                round(ratio, 2),
                queries,
            ]
        )
    listed = [name for name in large if name != "figures"]
    slowest = max(large[name][0].median / small[name][0].median for name in listed)
    most = max(large[name][1] for name in listed)
    table.claims.append((f"every list at most {MOST_TIMES} times as slow ({slowest:.2f})", slowest <= MOST_TIMES))
    table.claims.append((f"every list at most {MOST_QUERIES} queries ({most})", most <= MOST_QUERIES))
    return table
