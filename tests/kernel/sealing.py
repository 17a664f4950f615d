"""What the tests of the seals share: rows to seal, hands that go around the guard, and one going through."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

import factories
from uppsikt.kernel import ranges, sealed, seals, trail
from uppsikt.kernel.findings import Finding
from uppsikt.kernel.models import Seal, Step
from uppsikt.kernel.sealed import Source
from uppsikt.kernel.verify import Examination

NOW = factories.THURSDAY
LATER = NOW + timedelta(days=2)


def source(kind: str = "kernel.step") -> Source:
    """A table that is sealed."""
    return next(one for one in sealed.sources() if one.kind == kind)


def seal(now: datetime = NOW) -> None:
    """Seal everything."""
    assert seals.seal_all(now=now)[1]


def records(number: int = 3) -> None:
    """Some items with their versions, raw answers, blobs and steps."""
    factories.items(factories.channel(), [factories.captured(text=f"Hej {one}") for one in range(number)])


def steps(number: int, *, at: datetime = NOW) -> list[int]:
    """So many steps; returns their keys."""
    made = Step.objects.bulk_create(
        Step(kind="test.thing", thing_id=one, label=f"sak {one}", name="note", by="system:test", by_name="Prov",
             after="", at=at + timedelta(microseconds=one), facts={"ö": one})
        for one in range(number)
    )  # fmt: skip
    return [step.pk for step in made]


def note(at: datetime = NOW) -> int:
    """One step more, by the trail's own verb."""
    return trail.note("look", factories.municipality().unit, by=factories.TESTER, at=at).pk


@contextmanager
def unguarded(*tables: str) -> Iterator[Any]:
    """A cursor for one who owns the database and has taken the guards away, foreign keys too."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(
                "SELECT conrelid::regclass::text, conname FROM pg_constraint"
                " WHERE contype = 'f' AND %s::regclass IN (conrelid, confrelid)",
                [table],
            )
            for holder, name in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {holder} DROP CONSTRAINT {name}")
        yield cursor
        for table in tables:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal", [table])
            for (name,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")


def tamper(table: str, words: str, *values: Any) -> None:
    """One statement without the guards of its table."""
    with unguarded(table) as cursor:
        cursor.execute(words, values)


def change(table: str, what: str, number: int, key: str = "id") -> None:
    """Change one row."""
    tamper(table, f"UPDATE {table} SET {what} WHERE {key} = {number}")  # noqa: S608 the tests' own words


def forge(number: int) -> Seal:
    """Work a seal out again over the rows as they are now."""
    link = Seal.objects.get(number=number)
    leaves = b"".join(digest for _key, digest in sealed.rows(source(), sealed.within(source(), ranges.read(link.ids))))
    link.leaves, link.rows = leaves, hashlib.sha256(leaves).hexdigest()
    link.digest = seals.digest_of(link)
    tamper(
        "kernel_seal",
        "UPDATE kernel_seal SET leaves = %s, rows = %s, digest = %s WHERE number = %s",
        leaves,
        link.rows,
        link.digest,
        number,
    )
    return link


def go_through(now: datetime = LATER, **how: Any) -> Examination:
    """The seals gone through to the end, written down and read back after every bite."""
    work = Examination(**how)
    while work.step(now=now):
        work = Examination.resume(work.as_data())
    return work


def found(now: datetime = LATER, **how: Any) -> list[tuple[str, str, int, int]]:
    """What was found: code, table, first and last row."""
    return [named(one) for one in go_through(now, **how).found.kept]


def named(one: Finding) -> tuple[str, str, int, int]:
    """A finding as the tests name it; a seal's number stands as its rows do."""
    return (str(one.code), one.kind, one.first or one.seal, one.last or one.seal)
