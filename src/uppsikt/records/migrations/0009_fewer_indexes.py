import django.db.models.deletion
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    # What another index serves needs none of its own: each is written for every item that comes in.
    dependencies = [("records", "0008_saved_searches_and_exports")]
    operations = [
        migrations.AlterField(
            "item", "channel", models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="channels.channel")
        ),
        migrations.AlterField(
            "item", "thread", models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="items", to="records.thread")
        ),
        migrations.AlterField(
            "item", "version",
            models.ForeignKey(db_index=False, null=True, on_delete=PROTECT, related_name="+", to="records.version"),
        ),
        migrations.AlterField(
            "version", "item", models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="versions", to="records.item")
        ),
        migrations.AlterField(
            "attachment", "item",
            models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="attachments", to="records.item"),
        ),
        migrations.AddIndex(
            "attachment",
            models.Index(condition=models.Q(blob=None), fields=["tries", "id"], name="attachment_missing"),
        ),
        # Room beside each row, so that noting a look at it touches no index.
        migrations.RunSQL(
            "ALTER TABLE records_item SET (fillfactor = 85)", "ALTER TABLE records_item RESET (fillfactor)"
        ),
    ]
