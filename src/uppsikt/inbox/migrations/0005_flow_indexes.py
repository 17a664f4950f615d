from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

ONE_FOR_THREAD = models.UniqueConstraint(
    fields=["thread"], name="case_one_for_thread", condition=models.Q(split_from__isnull=True)
)


class Migration(migrations.Migration):
    """Indexes beside the running system: nobody waits while they are built."""

    atomic = False
    dependencies = [("inbox", "0004_flow")]

    operations = [
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(fields=["thread"], name="case_thread"),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)), fields=["merged_into"], name="case_merged"
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("split_from__isnull", False)), fields=["split_from"], name="case_split"
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("unit__isnull", False)), fields=["unit", "due_at", "id"], name="case_unit"
            ),
        ),
        AddIndexConcurrently(
            model_name="case",
            index=models.Index(
                condition=models.Q(("snoozed_until__isnull", False)), fields=["snoozed_until"], name="case_snoozed"
            ),
        ),
        AddIndexConcurrently(
            model_name="forward",
            index=models.Index(condition=models.Q(("state", "sent")), fields=["sent_at"], name="forward_out"),
        ),
        migrations.SeparateDatabaseAndState(
            # A unique constraint with a condition is an index, and only as one can it be built beside the system.
            database_operations=[
                migrations.RunSQL(
                    'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "case_one_for_thread" ON "inbox_case" ("thread_id") '
                    'WHERE "split_from_id" IS NULL',
                    'DROP INDEX CONCURRENTLY IF EXISTS "case_one_for_thread"',
                )
            ],
            state_operations=[migrations.AddConstraint("case", ONE_FOR_THREAD)],
        ),
    ]
