from django.db import migrations

from uppsikt.kernel.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("triage", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [
        append_only("triage_reading"),
        append_only("triage_finding"),
        append_only("triage_sample"),
        append_only("triage_alarm"),
        append_only("triage_historytold"),
        append_only("triage_judgement"),
        append_only("triage_localmodel"),
    ]
