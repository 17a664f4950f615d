"""Tables that only grow: the database itself refuses UPDATE, DELETE and TRUNCATE.

Used by migrations: `operations=[append_only("kernel_step")]`.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

Statements = list[str | tuple[str, dict[str, Any] | list[Any] | tuple[Any, ...] | tuple[()] | None]]

# Tests empty tables between themselves; only a database that bears a test's name lets TRUNCATE through.
FUNCTION = """
CREATE OR REPLACE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\\_%' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% is refused: % is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
"""

ROWS = (
    "CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()"
)
WHOLE = (
    "CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()"
)
# Fires in replica mode too, so that session_replication_role is no way around.
ALWAYS = "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_{part}"


def function() -> migrations.RunSQL:
    """The function that refuses; the kernel's first migration makes it."""
    return migrations.RunSQL(FUNCTION, "DROP FUNCTION kernel_refuse_change()")


def append_only(table: str) -> migrations.RunSQL:
    """The triggers that make one table append-only."""
    forward: Statements = [
        ROWS.format(table=table),
        WHOLE.format(table=table),
        ALWAYS.format(table=table, part="rows"),
        ALWAYS.format(table=table, part="whole"),
    ]
    backward: Statements = [f"DROP TRIGGER {table}_rows ON {table}", f"DROP TRIGGER {table}_whole ON {table}"]
    return migrations.RunSQL(forward, backward)
