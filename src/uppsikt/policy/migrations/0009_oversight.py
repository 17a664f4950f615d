"""How often channels are looked at, and who is told when they are not, in the policy that is there."""

from django.db import migrations

from uppsikt.policy import laying_in

LAW = "Lag (1998:112) 4 §"
RULES = [
    ("oversight.rounds_a_day", 1, "D25"),
    ("oversight.items_per_round", 150, "D66"),
    ("oversight.most_rounds", 4, "D66"),
    ("oversight.first_look_days", 7, "D25"),
    ("oversight.remind_before_minutes", 120, "D25"),
    ("oversight.tell_manager_after_minutes", 60, "D25"),
    ("oversight.tell_communications_after_minutes", 180, "D25"),
    ("oversight.after_removal_hours", 72, "D26"),
    ("oversight.after_traffic_hours", 24, "D26"),
    ("oversight.heightened_every_minutes", 180, "D26"),
    ("oversight.heightened_first_hour", 7, "D26"),
    ("oversight.heightened_last_hour", 22, "D26"),
    ("oversight.traffic_least", 30, "D26"),
    ("oversight.traffic_factor", 5, "D26"),
    ("oversight.rota_ahead_days", 14, "D27"),
]


class Migration(migrations.Migration):
    dependencies = [("policy", "0008_triage")]
    operations = [laying_in.rules([(*rule, LAW) for rule in RULES])]
