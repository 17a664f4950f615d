"""A channel comes in as "opening", may be known of without being connected, and may have been live before it was."""

import django.db.models.deletion
from django.db import migrations, models

from uppsikt.kernel.append_only import append_only

STATES = ["closed", "live", "opening", "paused"]


class Migration(migrations.Migration):
    dependencies = [("channels", "0002_progress"), ("kernel", "0002_append_only")]
    operations = [
        migrations.AlterField("channel", "connected_at", models.DateTimeField(null=True)),
        migrations.AlterField("channel", "state", models.CharField(default="opening", max_length=20)),
        migrations.RemoveConstraint("channel", "channel_state_known"),
        migrations.AddConstraint(
            "channel", models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="channel_state_known")
        ),
        migrations.RemoveIndex("channel", "channel_due"),
        migrations.AddIndex(
            "channel",
            models.Index(
                condition=models.Q(("state__in", ("opening", "live"))), fields=["next_pull_at"], name="channel_due"
            ),
        ),
        migrations.CreateModel(
            name="TakeOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.TextField()),
                ("by", models.CharField(max_length=80)),
                ("by_name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "channel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="channels.channel"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="take_over_has_reason")
                ],
            },
        ),
        append_only("channels_takeover"),
    ]
