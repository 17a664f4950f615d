from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Rows from before keep the rules too. Apart, since looking them through must not hold the table."""

    dependencies = [("inbox", "0006_flow_rules")]

    operations = [
        ValidateConstraint("case", "case_merged_into_another"),
        ValidateConstraint("case", "case_state_known"),
        ValidateConstraint("forward", "forward_state_known"),
    ]
