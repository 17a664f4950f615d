from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SINCE = datetime(1995, 1, 1, tzinfo=UTC)


def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """For how long a file that somebody ordered is kept, in the policy that is there."""
    rule = apps.get_model("policy", "Rule")
    for policy in apps.get_model("policy", "Policy").objects.all():
        rule.objects.create(policy=policy, key="export.keep_days", value=7, duty="D18", law="", since=SINCE)


class Migration(migrations.Migration):
    dependencies = [("policy", "0004_escalation")]
    operations = [migrations.RunPython(lay_in, migrations.RunPython.noop)]
