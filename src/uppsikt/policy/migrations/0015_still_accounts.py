"""When an account lies still and what follows, and how the website is gone through for links."""

from django.db import migrations

from uppsikt.policy import laying_in

SERVICE = "Förvaltningslagen (2017:900) 6 §"
RULES = [
    ("activity.still_days", 60, "D51", SERVICE),
    ("activity.talk_within_days", 21, "D51", SERVICE),
    ("activity.after_talk_days", 60, "D51", SERVICE),
    ("discover.pages", 300, "D12", ""),
    ("discover.every_days", 7, "D12", ""),
]


class Migration(migrations.Migration):
    dependencies = [("policy", "0014_lay_in_guideline")]
    operations = [laying_in.rules(RULES)]
