"""Whether the communications unit may say no to a new account: not unless somebody decides so."""

from django.db import migrations

from uppsikt.policy import laying_in


class Migration(migrations.Migration):
    dependencies = [("policy", "0015_still_accounts")]
    operations = [laying_in.rules([("order.veto", {}, "D6", "Lag (1998:112) 4 §")])]
