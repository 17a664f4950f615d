import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """What may be, told to the database; rows that are there already are looked at in the next migration."""

    dependencies = [("inbox", "0005_flow_indexes")]

    operations = [
        migrations.RemoveConstraint(
            model_name="case",
            name="case_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="forward",
            name="forward_state_known",
        ),
        AddConstraintNotValid(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("state", "merged")),
                    models.Q(models.Q(("state", "merged"), _negated=True), ("merged_into__isnull", True)),
                    _connector="OR",
                ),
                name="case_merged_into_another",
            ),
        ),
        AddConstraintNotValid(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["closed", "merged", "open", "promised"])), name="case_state_known"
            ),
        ),
        AddConstraintNotValid(
            model_name="forward",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["answered", "asked_back", "handed_back", "handed_on", "sent", "withdrawn"])
                ),
                name="forward_state_known",
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="thread",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.thread"
            ),
        ),
    ]
