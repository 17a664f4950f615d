from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SINCE = datetime(1995, 1, 1, tzinfo=UTC)
RULES = [
    ("ruling.within_working_days", 1, "D44", "OSL (2009:400) 5 kap. 1–2 §§"),
    ("reconsideration.within_working_days", 5, "D68", "Förvaltningslagen (2017:900) 5 §"),
    ("block.most_days", 90, "D69", "RF 1 kap. 9 §, 2 kap. 1 §"),
]


def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """How soon a ruling and a reconsideration are owed, and how long somebody can be blocked."""
    rule = apps.get_model("policy", "Rule")
    for policy in apps.get_model("policy", "Policy").objects.all():
        for key, value, duty, law in RULES:
            rule.objects.create(policy=policy, key=key, value=value, duty=duty, law=law, since=SINCE)


class Migration(migrations.Migration):
    dependencies = [("policy", "0010_removals")]
    operations = [migrations.RunPython(lay_in, migrations.RunPython.noop)]
