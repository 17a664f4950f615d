"""When those for whom an order, a loan or an end of an account waits are told again."""

from django.db import migrations

from uppsikt.policy import laying_in

RULES = [("account.remind_working_days", 5, "D6", "Lag (1998:112) 4 §")]


class Migration(migrations.Migration):
    dependencies = [("policy", "0017_looks_by_hand")]
    operations = [laying_in.rules(RULES)]
