from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SINCE = datetime(1995, 1, 1, tzinfo=UTC)
RULES = [("profile.look_days", 60, "D13", "Förvaltningslagen (2017:900) 6 §")]


def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """How long what somebody saw of an account that no program reads holds."""
    rule = apps.get_model("policy", "Rule")
    for policy in apps.get_model("policy", "Policy").objects.all():
        for key, value, duty, law in RULES:
            rule.objects.create(policy=policy, key=key, value=value, duty=duty, law=law, since=SINCE)


class Migration(migrations.Migration):
    dependencies = [("policy", "0016_veto")]
    operations = [migrations.RunPython(lay_in, migrations.RunPython.noop)]
