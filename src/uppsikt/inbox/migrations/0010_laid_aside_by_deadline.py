from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is built beside the running system
    dependencies = [("inbox", "0009_forward_links")]

    operations = [
        AddIndexConcurrently(
            "case",
            models.Index(
                fields=["due_at", "id"], name="case_aside_due", condition=models.Q(snoozed_until__isnull=False)
            ),
        ),
    ]
