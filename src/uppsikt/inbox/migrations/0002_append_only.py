from django.db import migrations

from uppsikt.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [append_only("inbox_note")]
