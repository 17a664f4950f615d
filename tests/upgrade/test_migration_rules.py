"""Migrations do not stop the service: every one of ours is held to the rules, and the rules are seen to bite."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.models.expressions import RawSQL

from uppsikt.kernel.migration_rules import breaches

# Made before the first release, when no installation held anything that could be stopped. None may be added.
BEFORE_THE_FIRST_RELEASE = {
    "channels.0002_progress",
    "inbox.0003_stuck_answers",
    "inbox.0008_desk",
    "kernel.0002_append_only",
    "kernel.0003_seals",
    "notices.0002_waiting_letters",
    "notices.0003_ways_by_choice",
    "records.0003_not_visible",
    "records.0005_captured_index",
    "records.0006_secrecy",
    "records.0009_fewer_indexes",
    "records.0010_one_search",
}


def test_every_migration_can_run_while_the_release_before_it_still_works() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    wrong = []
    for app, name in sorted(loader.disk_migrations):
        migration = loader.get_migration(app, name)
        if not type(migration).__module__.startswith("uppsikt.") or f"{app}.{name}" in BEFORE_THE_FIRST_RELEASE:
            continue
        before = loader.project_state((app, name), at_end=False)
        wrong += [str(breach) for breach in breaches(migration, before)]
    assert wrong == [], "\n".join(wrong)


def found(*operations: Any, room: str = "records", **about: Any) -> set[str]:
    """The codes of what is wrong with operations on a table that has been there since before."""
    state = migrations.state.ProjectState()
    state.add_model(
        migrations.state.ModelState(
            room,
            "Old",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("word", models.CharField(max_length=20)),
                ("maybe", models.IntegerField(null=True)),
            ],
        )
    )
    kind = type("Migration", (migrations.Migration,), {"operations": list(operations), **about})
    return {breach.code for breach in breaches(kind("0002_trial", room), state)}


INDEX = models.Index(fields=["word"], name="old_word")
CHECK = models.CheckConstraint(condition=models.Q(maybe__gt=0), name="old_maybe")
STOPS = [
    ("not_null", migrations.AddField("old", "new", models.IntegerField(default=0))),
    ("rewrite", migrations.AddField("old", "new", models.IntegerField(db_default=RawSQL("nextval('x')", [])))),
    ("index", migrations.AddField("old", "new", models.IntegerField(null=True, unique=True))),
    ("not_null", migrations.AlterField("old", "maybe", models.IntegerField())),
    ("rewrite", migrations.AlterField("old", "maybe", models.TextField(null=True))),
    ("rewrite", migrations.AlterField("old", "word", models.CharField(max_length=10))),
    ("index", migrations.AlterField("old", "word", models.CharField(max_length=20, db_index=True))),
    ("index", migrations.AddIndex("old", INDEX)),
    ("index", AddIndexConcurrently("old", INDEX)),
    ("constraint", migrations.AddConstraint("old", CHECK)),
    ("contract", migrations.RemoveField("old", "word")),
    ("contract", migrations.RenameField("old", "word", "words")),
    ("contract", migrations.DeleteModel("Old")),
    ("contract", migrations.RenameModel("Old", "Older")),
    ("index", migrations.RunSQL("CREATE INDEX x ON records_old (word)")),
    ("not_null", migrations.RunSQL("ALTER TABLE records_old ALTER COLUMN maybe SET NOT NULL")),
    ("constraint", migrations.RunSQL("ALTER TABLE records_old ADD CONSTRAINT c CHECK (maybe > 0)")),
    ("rewrite", migrations.RunSQL(["ALTER TABLE records_old ALTER COLUMN maybe TYPE bigint"])),
    ("contract", migrations.RunSQL([("ALTER TABLE records_old DROP COLUMN maybe", [])])),
    ("lock", migrations.RunSQL("LOCK TABLE records_old")),
]


@pytest.mark.parametrize(
    ("code", "operation"), STOPS, ids=lambda one: getattr(one, "describe", lambda: "")() or str(one)
)
def test_what_would_stop_others_is_refused(code: str, operation: Any) -> None:
    assert found(operation) == {code}


def test_what_stops_nobody_is_let_through() -> None:
    assert not found(
        migrations.AddField("old", "may", models.IntegerField(null=True)),
        migrations.AddField("old", "with_default", models.IntegerField(db_default=0)),
        migrations.AlterField("old", "word", models.CharField(max_length=40)),
        migrations.AlterField("old", "word", models.TextField()),
        AddConstraintNotValid("old", CHECK),
        migrations.RunSQL("ALTER TABLE records_old ADD CONSTRAINT c CHECK (maybe > 0) NOT VALID"),
        migrations.RunSQL("ALTER TABLE records_old VALIDATE CONSTRAINT c"),
    )
    assert not found(AddIndexConcurrently("old", INDEX), atomic=False)
    assert not found(migrations.AddIndex("old", INDEX), room="policy"), "a small table may"
    new = migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))])
    assert not found(new, migrations.AddIndex("new", INDEX), migrations.RunSQL("CREATE INDEX x ON records_new (id)"))


def test_what_is_taken_away_names_the_release_that_no_longer_used_it() -> None:
    assert not found(migrations.RemoveField("old", "word"), contracts="0.2.0")
    assert not found(migrations.AddIndex("old", INDEX), accepted={"index": "The table is empty."})


def test_rows_are_not_filled_under_the_lock_of_a_change() -> None:
    fill = migrations.RunPython(migrations.RunPython.noop)
    field = migrations.AddField("old", "may", models.IntegerField(null=True))
    assert found(field, fill) == {"mixed"}
    assert not found(fill)
