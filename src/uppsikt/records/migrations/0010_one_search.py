from django.db import migrations


class Migration(migrations.Migration):
    # Words are sought in records_searchable; a second index of them made each wording twice as dear to take in.
    dependencies = [("records", "0009_fewer_indexes")]
    operations = [
        migrations.RemoveIndex("version", "version_search"),
        migrations.RemoveField("version", "search"),
    ]
