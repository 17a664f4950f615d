from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SINCE = datetime(1995, 1, 1, tzinfo=UTC)
SERVICE = "Förvaltningslagen (2017:900) 6 §"
RULES = [
    ("answer.escalate_before_minutes", 30, "D35"),
    ("forward.remind_after_minutes", 240, "D37"),
    ("forward.remind_before_minutes", 90, "D37"),
]


def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """When the manager is told before a deadline, and when an expert is reminded."""
    policy = apps.get_model("policy", "Policy").objects.order_by("id").first()
    if policy is None:
        return
    for key, value, duty in RULES:
        apps.get_model("policy", "Rule").objects.create(
            policy=policy, key=key, value=value, duty=duty, law=SERVICE, since=SINCE
        )


class Migration(migrations.Migration):
    dependencies = [("policy", "0003_undo_window")]
    operations = [migrations.RunPython(lay_in, migrations.RunPython.noop)]
