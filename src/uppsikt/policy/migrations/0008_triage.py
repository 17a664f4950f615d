"""What is told at once, what is drawn by lot, and when what was learned may be heard, in the policy that is there."""

from django.db import migrations

from uppsikt.policy import laying_in

RULES = [
    ("triage.urgent_percent", 80, "D20", "Lag (1998:112) 5 §"),
    ("triage.history_days", 7, "D20", "Dataskyddsförordningen (EU) 2016/679"),
    ("triage.sample_per_thousand", 20, "D71", "Förvaltningslagen (2017:900) 5 §"),
    ("triage.learn_each", 200, "D71", "Förvaltningslagen (2017:900) 5 §"),
]


class Migration(migrations.Migration):
    dependencies = [("policy", "0007_lay_in_grounds")]
    operations = [laying_in.rules(RULES)]
