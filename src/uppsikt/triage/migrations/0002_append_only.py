from django.db import migrations

from uppsikt.kernel.append_only import append_only

TABLES = ("reading", "finding", "sample", "alarm", "historytold", "judgement", "localmodel")


class Migration(migrations.Migration):
    dependencies = [("triage", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [append_only(f"triage_{table}") for table in TABLES]
