from django.db import migrations

from uppsikt.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [append_only("records_rawresponse"), append_only("records_version"), append_only("records_misread")]
