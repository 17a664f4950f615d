"""What is sealed, and the bytes that its digests are taken of (docs/explanation/seals.md says them in full).

A row's bytes are the line that PostgreSQL's COPY writes for it in text form: the columns in the seal's order, parted
by tabs, with COPY's own escapes, times as microseconds since 1970 and days as 2026-11-12. Nothing of it depends on
settings of the session.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models
from django.db.models.fields.generated import GeneratedField
from psycopg import sql

from uppsikt.kernel.ranges import Range

Row = tuple[int, bytes]


class UnknownColumn(Exception):
    """A seal names a column that the table does not have."""


@dataclass(frozen=True)
class Source:
    """A table whose rows are sealed: its name in the trail, its rising key, its columns with the key first."""

    kind: str
    table: str
    key: str
    columns: tuple[str, ...]
    times: frozenset[str]
    days: frozenset[str] = frozenset()


def sources() -> list[Source]:
    """Every table that is sealed, in the order of their names; found by the models that name `sealed`."""
    found = []
    for model in apps.get_models():
        key = getattr(model, "sealed", "")
        if key:
            found.append(source_of(model, key))
    return sorted(found, key=lambda source: source.kind)


def source_of(model: type[models.Model], key: str) -> Source:
    """How one model is sealed: all its columns but those that the database works out from the others."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, GeneratedField)]
    names = [str(field.column) for field in fields]
    return Source(
        kind=model._meta.label_lower,
        table=model._meta.db_table,
        key=key,
        columns=(key, *(name for name in names if name != key)),
        times=frozenset(str(field.column) for field in fields if isinstance(field, models.DateTimeField)),
        days=frozenset(str(field.column) for field in fields if field.get_internal_type() == "DateField"),
    )


def after(
    source: Source, key: int, *, until: int | None = None, limit: int | None = None, ordered: bool = True
) -> sql.Composable:
    """The condition and order for rows after a key, until another (counted in), at most so many."""
    name = sql.Identifier(source.key)
    words = sql.SQL("WHERE {} > {}").format(name, sql.Literal(key))
    if until is not None:
        words += sql.SQL(" AND {} <= {}").format(name, sql.Literal(until))
    return words + in_order(source, limit) if ordered else words


def within(
    source: Source, ranges: Sequence[Range], *, limit: int | None = None, ordered: bool = True
) -> sql.Composable:
    """The condition and order for rows whose keys lie in ranges, at most so many."""
    words = sql.SQL(
        "JOIN unnest({}::bigint[], {}::bigint[]) AS wanted(wanted_a, wanted_b) ON {} BETWEEN wanted_a AND wanted_b"
    ).format(
        sql.Literal([first for first, _last in ranges]),
        sql.Literal([last for _first, last in ranges]),
        sql.Identifier(source.key),
    )
    return words + in_order(source, limit) if ordered else words


def in_order(source: Source, limit: int | None) -> sql.Composable:
    """By rising key, at most so many."""
    words = sql.SQL(" ORDER BY {}").format(sql.Identifier(source.key))
    return words if limit is None else words + sql.SQL(" LIMIT {}").format(sql.Literal(limit))


def counting(source: Source, which: sql.Composable) -> sql.Composable:
    """The question how many rows there are."""
    return sql.SQL("SELECT count(*) FROM {} {}").format(sql.Identifier(source.table), which)


def rows(source: Source, which: sql.Composable, columns: Sequence[str] | None = None) -> Iterator[Row]:
    """Key and digest of each row, streamed. `columns` are those of a seal, else the table's. Raises UnknownColumn."""
    chosen = source.columns if columns is None else tuple(columns)
    if strange := set(chosen) - set(source.columns):
        raise UnknownColumn(", ".join(sorted(strange)))
    if chosen[:1] != (source.key,):
        raise UnknownColumn(source.key)
    asked = sql.SQL("COPY (SELECT {} FROM {} {}) TO STDOUT").format(
        sql.SQL(", ").join(column(source, name) for name in chosen), sql.Identifier(source.table), which
    )
    sha256 = hashlib.sha256
    with connection.cursor() as cursor, cursor.copy(asked) as stream:
        for line in stream:
            body = bytes(line)[:-1]  # without its line end
            yield int(body[: body.index(b"\t")]), sha256(body).digest()


def column(source: Source, name: str) -> sql.Composable:
    """A column as it goes into the line."""
    known = sql.Identifier(name)
    if name in source.times:
        return sql.SQL("(extract(epoch FROM {}) * 1000000)::bigint").format(known)
    if name in source.days:
        return sql.SQL("to_char({}, 'YYYY-MM-DD')").format(known)
    return known
