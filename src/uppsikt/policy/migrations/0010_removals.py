from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SINCE = datetime(1995, 1, 1, tzinfo=UTC)
RULES = [
    ("removal.people", 1, "D45", "Lag (1998:112) 5 §"),
    ("removal.ask_again_hours", 24, "D43", "TF 2 kap. 4, 6 och 9 §§; OSL (2009:400) 4 kap. 1–2 §§"),
]


def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """How many stand behind a removal, and when somebody is reminded of what vanished, in the policy that is there."""
    rule = apps.get_model("policy", "Rule")
    for policy in apps.get_model("policy", "Policy").objects.all():
        for key, value, duty, law in RULES:
            rule.objects.create(policy=policy, key=key, value=value, duty=duty, law=law, since=SINCE)


class Migration(migrations.Migration):
    dependencies = [("policy", "0009_oversight")]
    operations = [migrations.RunPython(lay_in, migrations.RunPython.noop)]
