"""What an account must have to be opened, and how soon a deviation is to be mended."""

from django.db import migrations

from uppsikt.policy import laying_in

RULES = [
    ("account.must_have", {}, "D5", "Lag (1998:112) 4 §"),
    ("deviation.within_days", 14, "D5", "Lag (1998:112) 4 §"),
]


class Migration(migrations.Migration):
    dependencies = [("policy", "0011_around_removals")]
    operations = [laying_in.rules(RULES)]
