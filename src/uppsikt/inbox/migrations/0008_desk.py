import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from uppsikt.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("inbox", "0007_flow_rules_valid"),
        ("organisation", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Desk",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("filters", models.JSONField(default=dict)),
                ("kept", models.JSONField(default=list)),
                ("opens_next", models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                (
                    "sort",
                    models.CharField(choices=[("full", "full"), ("holding", "holding")], default="full", max_length=10),
                ),
                ("words", models.CharField(blank=True, max_length=300)),
                ("texts", models.JSONField(default=dict)),
                ("number", models.PositiveIntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("retired_at", models.DateTimeField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisation.unit",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("owner", None), ("unit", None), _connector="OR"),
                        name="template_of_one_or_of_many",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReplyTemplateVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("texts", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="inbox.replytemplate"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("template", "number"), name="template_version_once")],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=30)),
                ("text", models.TextField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inbox.case"),
                ),
                (
                    "handed_to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["saved_at"], name="draft_saved")],
                "constraints": [models.UniqueConstraint(fields=("case", "person", "place"), name="draft_once")],
            },
        ),
        migrations.AddField(
            model_name="answer",
            name="template",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="inbox.replytemplate",
            ),
        ),
        migrations.AddField(model_name="answer", name="template_number", field=models.PositiveIntegerField(null=True)),
        migrations.AddField(
            model_name="answer",
            name="asked_words",
            field=django.contrib.postgres.search.SearchVectorField(null=True),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(
                condition=models.Q(("state", "sending")), fields=["publisher", "-id"], name="answer_sending"
            ),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=django.contrib.postgres.indexes.GinIndex(fields=["asked_words"], name="answer_asked_words"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["-received_at", "-id"], name="case_newest"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["channel", "-received_at", "-id"], name="case_channel_newest"),
        ),
        # The question behind each published answer, as it was worded, for those who get a like one.
        migrations.RunSQL(
            """
            UPDATE inbox_answer SET asked_words = to_tsvector('swedish', left(version.text, 20000))
            FROM records_item item JOIN records_version version ON version.id = item.version_id
            WHERE item.id = inbox_answer.to_id AND inbox_answer.state = 'published' AND inbox_answer.sort = 'full'
            """,
            migrations.RunSQL.noop,
        ),
        # Let the planner, and inbox.likes, know rare words from common ones.
        migrations.RunSQL(
            "ALTER TABLE inbox_answer ALTER COLUMN asked_words SET STATISTICS 1000",
            "ALTER TABLE inbox_answer ALTER COLUMN asked_words SET STATISTICS -1",
        ),
        append_only("inbox_replytemplateversion"),
    ]
