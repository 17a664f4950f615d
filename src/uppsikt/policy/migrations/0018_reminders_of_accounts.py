from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SINCE = datetime(1995, 1, 1, tzinfo=UTC)
RULES = [("account.remind_working_days", 5, "D6", "Lag (1998:112) 4 §")]


def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """When those for whom an order, a loan or an end of an account waits are told again."""
    rule = apps.get_model("policy", "Rule")
    for policy in apps.get_model("policy", "Policy").objects.all():
        for key, value, duty, law in RULES:
            rule.objects.create(policy=policy, key=key, value=value, duty=duty, law=law, since=SINCE)


class Migration(migrations.Migration):
    dependencies = [("policy", "0017_looks_by_hand")]
    operations = [migrations.RunPython(lay_in, migrations.RunPython.noop)]
