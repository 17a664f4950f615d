from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]
    operations = [
        migrations.AddField("cursor", "begun_at", models.DateTimeField(null=True)),
        migrations.AddField("cursor", "read", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("cursor", "left", models.PositiveBigIntegerField(null=True)),
        migrations.AddField("cursor", "pace", models.FloatField(null=True)),
    ]
