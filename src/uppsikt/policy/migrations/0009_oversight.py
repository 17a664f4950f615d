from datetime import UTC, datetime

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SINCE = datetime(1995, 1, 1, tzinfo=UTC)
LAW = "Lag (1998:112) 4 §"
RULES = [
    ("oversight.rounds_a_day", 1, "D25"),
    ("oversight.items_per_round", 150, "D66"),
    ("oversight.most_rounds", 4, "D66"),
    ("oversight.first_look_days", 7, "D25"),
    ("oversight.remind_before_minutes", 120, "D25"),
    ("oversight.tell_manager_after_minutes", 60, "D25"),
    ("oversight.tell_communications_after_minutes", 180, "D25"),
    ("oversight.after_removal_hours", 72, "D26"),
    ("oversight.after_traffic_hours", 24, "D26"),
    ("oversight.heightened_every_minutes", 180, "D26"),
    ("oversight.heightened_first_hour", 7, "D26"),
    ("oversight.heightened_last_hour", 22, "D26"),
    ("oversight.traffic_least", 30, "D26"),
    ("oversight.traffic_factor", 5, "D26"),
    ("oversight.rota_ahead_days", 14, "D27"),
]


def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """How often channels are looked at, and who is told when they are not, in the policy that is there."""
    rule = apps.get_model("policy", "Rule")
    for policy in apps.get_model("policy", "Policy").objects.all():
        for key, value, duty in RULES:
            rule.objects.create(policy=policy, key=key, value=value, duty=duty, law=LAW, since=SINCE)


class Migration(migrations.Migration):
    dependencies = [("policy", "0008_triage")]
    operations = [migrations.RunPython(lay_in, migrations.RunPython.noop)]
