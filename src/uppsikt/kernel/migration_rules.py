"""What a migration may do while the release before it still runs: expand first, contract a release later.

A test holds every migration to it. One that must do otherwise says so itself, with why:

    class Migration(migrations.Migration):
        accepted = {"index": "The table is new in this release and holds nothing."}
        contracts = "0.3.0"  # the first release whose code no longer used what is taken away here

docs/how-to/upgrade.md tells how each change is made in steps that nobody waits for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import connection, models
from django.db.migrations import Migration, operations
from django.db.models.expressions import Value

# Tables of these rooms grow without end; those of the others are small enough for any index.
LARGE = frozenset({"kernel", "records", "inbox", "notices", "triage"})

# What raw SQL may not do to a table that others use, and what to do instead.
RAW = (
    (r"create\s+(unique\s+)?index\s+(?!concurrently)", "index", "CREATE INDEX CONCURRENTLY, with atomic = False"),
    (r"reindex\s+(?!.*concurrently)", "index", "REINDEX CONCURRENTLY"),
    (r"set\s+not\s+null", "not_null", "a NOT VALID check first, validated in a migration of its own"),
    (r"add\s+constraint\s+(?!.*(not\s+valid|using\s+index))", "constraint", "NOT VALID, then VALIDATE CONSTRAINT"),
    (r"alter\s+column\s+\S+\s+(set\s+data\s+)?type", "rewrite", "a new column, filled bit by bit"),
    (r"\b(vacuum\s+full|cluster)\b", "rewrite", "nothing of the sort while the service runs"),
    (r"\block\s+table\b", "lock", "no lock of a whole table"),
    (r"\b(drop\s+(column|table)|rename\s+(column\s+)?\S*\s*to)\b", "contract", "take it away a release later"),
)

TAKES_AWAY = (
    operations.RemoveField,
    operations.DeleteModel,
    operations.RenameField,
    operations.RenameModel,
    operations.AlterModelTable,
)


@dataclass(frozen=True, slots=True)
class Breach:
    """An operation that would stop others, or break the code that still runs; `code` is what `accepted` may name."""

    where: str
    code: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}: {self.words}"


def breaches(migration: Migration, before: Any) -> Iterator[Breach]:
    """What is wrong with a migration. `before` is Django's ProjectState as it was before it; it is moved on."""
    accepted: Mapping[str, str] = getattr(migration, "accepted", {})
    first: bool = getattr(migration, "initial", None) or False
    fresh: set[str] = set()
    touched = run = False
    for operation in migration.operations:
        if isinstance(operation, operations.CreateModel):
            fresh.add(operation.name_lower)
        run = run or isinstance(operation, operations.RunPython)
        touched = touched or not isinstance(operation, operations.RunPython | operations.RunSQL)
        if not first:
            for code, words in faults(operation, migration, before, fresh):
                if code not in accepted and not (code == "contract" and hasattr(migration, "contracts")):
                    yield Breach(f"{migration.app_label}.{migration.name}", code, words)
        operation.state_forwards(migration.app_label, before)
    if run and touched and migration.atomic and not first and "mixed" not in accepted:
        words = "fills rows and changes tables in one transaction: the change's lock is held all the while"
        yield Breach(f"{migration.app_label}.{migration.name}", "mixed", words)


def faults(operation: Any, migration: Migration, before: Any, fresh: set[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with one operation."""
    room = migration.app_label
    if getattr(operation, "model_name_lower", getattr(operation, "name_lower", "")) in fresh:
        return
    if isinstance(operation, operations.SeparateDatabaseAndState):
        for inner in operation.database_operations:
            yield from faults(inner, migration, before, fresh)
    elif isinstance(operation, operations.AddField):
        yield from added(operation, room)
    elif isinstance(operation, operations.AlterField):
        yield from altered(operation, room, before)
    elif isinstance(operation, operations.RunSQL):
        yield from raw(operation, {f"{room}_{one}" for one in fresh})
    elif isinstance(operation, TAKES_AWAY):
        yield "contract", f"takes away what the release before may still use ({operation.describe()})"
    elif room in LARGE:
        yield from under_lock(operation, migration)


def under_lock(operation: Any, migration: Migration) -> Iterator[tuple[str, str]]:
    """Indexes and constraints that read a whole table while everybody else waits."""
    if isinstance(operation, AddIndexConcurrently):
        if migration.atomic:
            yield "index", "a concurrent index needs atomic = False"
    elif isinstance(operation, operations.AddIndex):
        yield "index", f"an index on {operation.model_name} stops all who write there; use AddIndexConcurrently"
    elif isinstance(operation, operations.AddConstraint) and not isinstance(operation, AddConstraintNotValid):
        words = f"a constraint on {operation.model_name} reads the whole table under lock; use AddConstraintNotValid"
        yield "constraint", words


def added(operation: operations.AddField, room: str) -> Iterator[tuple[str, str]]:
    """A new column: the old code writes rows without it, and no table is written anew for it."""
    field = operation.field
    if isinstance(field, models.ManyToManyField):
        return
    default = getattr(field, "db_default", models.NOT_PROVIDED)
    if not field.null and default is models.NOT_PROVIDED:
        yield (
            "not_null",
            f"{operation.name} must be null=True or have a db_default: the old code writes rows without it",
        )
    if default is not models.NOT_PROVIDED and hasattr(default, "resolve_expression") and not isinstance(default, Value):
        yield "rewrite", f"{operation.name} is worked out for each row, which writes the whole table anew"
    if field.unique and room in LARGE:
        yield "index", f"{operation.name} is unique: its index is made under lock; make it concurrently afterwards"


def altered(operation: operations.AlterField, room: str, before: Any) -> Iterator[tuple[str, str]]:
    """A changed column: wider is free, anything else is not."""
    old = before.models[room, operation.model_name_lower].fields[operation.name]
    new: Any = operation.field
    if old.null and not new.null:
        yield "not_null", f"{operation.name} becomes NOT NULL: a NOT VALID check first, validated by itself"
    if (new.unique and not old.unique) or (new.db_index and not old.db_index):
        yield "index", f"{operation.name} gets an index under lock; make it concurrently"
    if kind(old) != kind(new) and not wider(old, new):
        yield "rewrite", f"{operation.name} changes from {kind(old)} to {kind(new)}: a new column, filled bit by bit"


def kind(field: Any) -> str:
    """The column's type; all keys to other tables are alike."""
    return "key" if field.is_relation else str(field.cast_db_type(connection))


def wider(old: Any, new: Any) -> bool:
    """Whether the new type takes all that the old one took, without a look at the rows."""
    if isinstance(new, models.TextField):
        return isinstance(old, models.CharField | models.TextField)
    return (
        isinstance(old, models.CharField)
        and isinstance(new, models.CharField)
        and (new.max_length is None or (old.max_length or 0) <= new.max_length)
    )


def raw(operation: operations.RunSQL, fresh: set[str]) -> Iterator[tuple[str, str]]:
    """Raw SQL, looked at statement by statement; what concerns a table made in the same migration is free."""
    given = operation.sql if isinstance(operation.sql, list | tuple) else [operation.sql]
    for one in given:
        text = re.sub(r"\$\$.*?\$\$", "", str(one[0] if isinstance(one, list | tuple) else one), flags=re.S)
        for statement in text.lower().split(";"):
            if made := re.search(r"create\s+table\s+(?:if\s+not\s+exists\s+)?([\w.]+)", statement):
                fresh.add(made[1])
            if any(table in statement for table in fresh):
                continue
            for pattern, code, instead in RAW:
                if re.search(pattern, statement, re.S):
                    yield code, f"raw SQL: {' '.join(statement.split())[:80]} … Instead: {instead}"
