"""What a person saw of an account that no program reads, and a second figure for a logo: its colours."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from uppsikt.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0004_mandates_end"),
        ("register", "0008_steps_of_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandLook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("last_post_on", models.DateField(null=True)),
                ("comments_open", models.BooleanField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "channel",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.channel",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="register.profileversion",
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["channel", "-id"], name="hand_look_of_channel")]},
        ),
        append_only("register_handlook"),
        migrations.AddField("logofigure", "colours", models.PositiveSmallIntegerField(default=0, db_default=0)),
    ]
