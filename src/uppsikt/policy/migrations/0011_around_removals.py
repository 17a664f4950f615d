"""How soon a ruling and a reconsideration are owed, and how long somebody can be blocked."""

from django.db import migrations

from uppsikt.policy import laying_in

RULES = [
    ("ruling.within_working_days", 1, "D44", "OSL (2009:400) 5 kap. 1–2 §§"),
    ("reconsideration.within_working_days", 5, "D68", "Förvaltningslagen (2017:900) 5 §"),
    ("block.most_days", 90, "D69", "RF 1 kap. 9 §, 2 kap. 1 §"),
]


class Migration(migrations.Migration):
    dependencies = [("policy", "0010_removals")]
    operations = [laying_in.rules(RULES)]
