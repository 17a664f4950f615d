"""The policy that Uppsikt comes with: rules and opening hours, until the municipality says otherwise.

Written out here and not read from `rules.py`: a migration does the same however the code changes later.
"""

from datetime import UTC, datetime, time

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# Before everything that can be pulled in, so that old items find rules and hours too.
SINCE = datetime(1995, 1, 1, tzinfo=UTC)
SERVICE = "Förvaltningslagen (2017:900) 6 §"
RECORDS = "TF 2 kap. 4, 6 och 9 §§; OSL (2009:400) 4 kap. 1–2 §§"
RULES = [
    ("answer.within_working_days", 1, "D35", f"{SERVICE}; lag (1930:173) 2 §"),
    ("answer.promise_working_days", 3, "D38", SERVICE),
    ("answer.warn_before_minutes", 60, "D35", SERVICE),
    ("claim.minutes", 10, "D36", ""),
    ("forward.link_days", 14, "D37", ""),
    ("login.link_minutes", 30, "D21", ""),
    ("inbox.history_days", 30, "D35", SERVICE),
    ("pull.every_minutes", 5, "D25", "Lag (1998:112) 4 §"),
    ("recheck.plan", [[24, 30], [168, 360], [720, 1440], [8760, 10080], [43800, 43200]], "D18", RECORDS),
    ("recheck.gone_interval_minutes", 10, "D40", RECORDS),
    ("network.max_megabytes", 16, "D18", ""),
    ("network.total_seconds", 60, "D18", ""),
    ("network.max_redirects", 5, "D18", ""),
]
MONDAY_TO_FRIDAY = range(5)


def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the document, its rules and its opening hours."""
    policy = apps.get_model("policy", "Policy").objects.create(name="Riktlinjer för sociala medier", changed_at=SINCE)
    rule, span = apps.get_model("policy", "Rule"), apps.get_model("policy", "OpeningSpan")
    for key, value, duty, law in RULES:
        rule.objects.create(policy=policy, key=key, value=value, duty=duty, law=law, since=SINCE)
    for weekday in MONDAY_TO_FRIDAY:
        span.objects.create(policy=policy, weekday=weekday, opens=time(8), closes=time(16, 30), since=SINCE)


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]
    operations = [migrations.RunPython(lay_in, migrations.RunPython.noop)]
