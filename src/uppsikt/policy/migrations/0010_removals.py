"""How many stand behind a removal, and when somebody is reminded of what vanished, in the policy that is there."""

from django.db import migrations

from uppsikt.policy import laying_in

RULES = [
    ("removal.people", 1, "D45", "Lag (1998:112) 5 §"),
    ("removal.ask_again_hours", 24, "D43", "TF 2 kap. 4, 6 och 9 §§; OSL (2009:400) 4 kap. 1–2 §§"),
]


class Migration(migrations.Migration):
    dependencies = [("policy", "0009_oversight")]
    operations = [laying_in.rules(RULES)]
