"""Writing many rows at once: keys drawn beforehand, rows by COPY, changes by one statement for a whole list.

For the few places where thousands of rows come in together. The caller gives values as the database holds them:
text, numbers, times, lists as `literal` writes them, and JSON as `as_json` does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models
from django.db.models.fields import NOT_PROVIDED
from django.db.models.fields.generated import GeneratedField

as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

KEYS = """
WITH wanted AS MATERIALIZED (
  SELECT place, pg_get_serial_sequence(name, 'id')::regclass AS keys, number
  FROM unnest(%s::int[], %s::text[], %s::int[]) AS w(place, name, number)
)
SELECT place, nextval(keys) FROM wanted, generate_series(1, number)
"""

Model = type[models.Model]


def keys(wanted: Mapping[Model, int]) -> dict[Model, Iterator[int]]:
    """Draw so many keys for each model, rising, in one question. One that is not used is lost."""
    asked = [(model, number) for model, number in wanted.items() if number]
    drawn: list[list[int]] = [[] for _ in asked]
    if asked:
        with connection.cursor() as cursor:
            tables = [model._meta.db_table for model, _number in asked]
            cursor.execute(KEYS, [list(range(len(asked))), tables, [number for _model, number in asked]])
            for place, key in cursor.fetchall():
                drawn[place].append(key)
    found = {model: iter(sorted(numbers)) for (model, _number), numbers in zip(asked, drawn, strict=True)}
    return {model: found.get(model, iter(())) for model in wanted}


def copy(model: Model, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write new rows by COPY, inside the transaction that is open. Raises IntegrityError as an INSERT would.

    `columns` are names of columns. A field that is not among them gets its default; the key, where it is not
    named, is the database's.
    """
    rest = {name: value for name, value in defaults(model).items() if name not in columns}
    names = ", ".join(connection.ops.quote_name(name) for name in [*columns, *rest])
    more = tuple(rest.values())
    begin = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({names}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(begin) as stream:
        write = stream.write_row
        for row in rows:
            write((*row, *more))


def defaults(model: Model) -> dict[str, Any]:
    """What a new row holds in each column that has a value of its own, by the column's name."""
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.primary_key or isinstance(field, GeneratedField) or field.db_default is not NOT_PROVIDED:
            continue
        value = field.get_default()
        if isinstance(field, models.JSONField) and value is not None:
            value = as_json(value)
        found[str(field.column)] = literal(value) if isinstance(value, list) else value
    return found


def change(model: Model, columns: Sequence[str], rows: Sequence[Sequence[Any]], **fixed: Any) -> None:
    """Change rows by their keys, in one statement: each row is its key and then the values of `columns`.

    `fixed` are columns that get the same value in every row. Lists are given as PostgreSQL writes them (`literal`).
    """
    if not rows:
        return
    quote = connection.ops.quote_name
    fields = [model._meta.pk, *(field_of(model, column) for column in columns)]
    types = [str(field.cast_db_type(connection)) if field else "" for field in fields]
    lists = ", ".join(f"%s::{base(kind)}[]" for kind in types)
    names = ["id", *columns]
    setting = [f"{quote(name)} = n.{quote(name)}::{kind}" for name, kind in zip(names[1:], types[1:], strict=True)]
    setting += [f"{quote(name)} = %s" for name in fixed]
    statement = (
        f"UPDATE {quote(model._meta.db_table)} AS t SET {', '.join(setting)} FROM unnest({lists})"  # noqa: S608 names of ours
        f" AS n({', '.join(map(quote, names))}) WHERE t.id = n.id"
    )
    values = [list(found) for found in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*fixed.values(), *values])


def field_of(model: Model, column: str) -> models.Field[Any, Any]:
    """The field that a column belongs to. Raises StopIteration for a column that is not there."""
    return next(field for field in model._meta.concrete_fields if field.column == column)


def base(kind: str) -> str:
    """What a list of such values is sent as: lists in a list must be of one length, so they travel as text."""
    return "text" if kind.endswith("[]") else kind


def literal(words: Sequence[str]) -> str:
    """A list of words as PostgreSQL reads it."""
    if not words:
        return "{}"
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return "{" + ",".join(f'"{word}"' for word in escaped) + "}"
