from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SINCE = datetime(1995, 1, 1, tzinfo=UTC)
RULES = [
    ("triage.urgent_percent", 80, "D20", "Lag (1998:112) 5 §"),
    ("triage.history_days", 7, "D20", "Dataskyddsförordningen (EU) 2016/679"),
    ("triage.sample_per_thousand", 20, "D71", "Förvaltningslagen (2017:900) 5 §"),
    ("triage.learn_each", 200, "D71", "Förvaltningslagen (2017:900) 5 §"),
]


def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What is told at once, what is drawn by lot, and when what was learned may be heard, in the policy that is there."""
    rule = apps.get_model("policy", "Rule")
    for policy in apps.get_model("policy", "Policy").objects.all():
        for key, value, duty, law in RULES:
            rule.objects.create(policy=policy, key=key, value=value, duty=duty, law=law, since=SINCE)


class Migration(migrations.Migration):
    dependencies = [("policy", "0007_lay_in_grounds")]
    operations = [migrations.RunPython(lay_in, migrations.RunPython.noop)]
