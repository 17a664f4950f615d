from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SINCE = datetime(1995, 1, 1, tzinfo=UTC)
SERVICE = "Förvaltningslagen (2017:900) 6 §"
RULES = [
    ("activity.still_days", 60, "D51", SERVICE),
    ("activity.talk_within_days", 21, "D51", SERVICE),
    ("activity.after_talk_days", 60, "D51", SERVICE),
    ("discover.pages", 300, "D12", ""),
    ("discover.every_days", 7, "D12", ""),
]


def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """When an account lies still and what follows, and how the website is gone through for links."""
    rule = apps.get_model("policy", "Rule")
    for policy in apps.get_model("policy", "Policy").objects.all():
        for key, value, duty, law in RULES:
            rule.objects.create(policy=policy, key=key, value=value, duty=duty, law=law, since=SINCE)


class Migration(migrations.Migration):
    dependencies = [("policy", "0014_lay_in_guideline")]
    operations = [migrations.RunPython(lay_in, migrations.RunPython.noop)]
