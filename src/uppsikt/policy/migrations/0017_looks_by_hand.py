"""How long what somebody saw of an account that no program reads holds."""

from django.db import migrations

from uppsikt.policy import laying_in

RULES = [("profile.look_days", 60, "D13", "Förvaltningslagen (2017:900) 6 §")]


class Migration(migrations.Migration):
    dependencies = [("policy", "0016_veto")]
    operations = [laying_in.rules(RULES)]
