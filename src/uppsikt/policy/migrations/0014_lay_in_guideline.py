from datetime import UTC, datetime, timedelta

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

SINCE = datetime(1995, 1, 1, tzinfo=UTC)
# Nobody who works here on the day of the upgrade is stopped by it: two months, with a summer in them, are enough.
FIRST_TIME = timedelta(days=60)
RULES = [
    ("guideline.acknowledge_days", 14, "D24", ""),
    ("mandate.most_days", 366, "D21", ""),
    ("mandate.remind_days", 30, "D21", ""),
    ("loan.most_days", 92, "D31", ""),
    ("load.answer_minutes", 10, "D24", ""),
    ("load.round_minutes", 10, "D24", ""),
    ("load.post_minutes", 30, "D24", ""),
]
TEXT = """\
Ditt uppdrag
- Du får arbeta i en kanal bara när din chef har gett dig ett uppdrag för den. Uppdraget har ett slutdatum.
- Du skriver som kommunen. Ditt namn, din titel och din enhet står under svaren.
- Du håller dig till kanalens syfte, skriver enkelt och säger du och vi.
- Kanalerna är inte till för politik. Förtroendevalda sköter dem inte.

Svara och ha uppsikt
- Någon tittar i kanalen minst en gång varje arbetsdag, oftare när det kommer mycket eller något nyss har tagits bort.
- Frågor får svar inom en arbetsdag. Går det inte talar du om vem som återkommer.
- Den som vet mest svarar. Du lämnar frågan vidare i Uppsikt.
- Är du borta ska någon annan ersätta dig.

Det som skrivs är handlingar
- Allt som skrivs i kanalen är allmän handling och ska gå att hitta.
- Synpunkter, förslag och det som är hemligt registreras.
- Sekretess och känsliga personuppgifter publiceras aldrig. Syns de ändå tas de bort genast.

Ta bort
- Du tar bort något bara med en grund, under ett gallringsbeslut, och när beviset är sparat.
- Grunderna gäller vad ett inlägg gör, aldrig vilken åsikt det har.
- Den som skrev får veta varför. Brott polisanmäls.

Bilder, gilla och följa
- Du har rätt att använda bilden, och den som syns på den har sagt ja.
- Kommunens konto gillar egna kanaler, kommuner, myndigheter och det som har stark lokal anknytning.
- Kontot gillar inte privatpersoner, företag eller partier.
- Du följer nätets egna villkor och sköter kontot från ett konto som är kommunens.
"""


def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The rules around people, and the first edition of the guideline in brief, which all are asked to acknowledge."""
    rule, edition = apps.get_model("policy", "Rule"), apps.get_model("policy", "Edition")
    for policy in apps.get_model("policy", "Policy").objects.all():
        for key, value, duty, law in RULES:
            rule.objects.create(policy=policy, key=key, value=value, duty=duty, law=law, since=SINCE)
    if not edition.objects.exists():
        now = timezone.now()
        edition.objects.create(number=1, text=TEXT, changes="", since=now, due_at=now + FIRST_TIME)


class Migration(migrations.Migration):
    dependencies = [("policy", "0013_guideline")]
    operations = [migrations.RunPython(lay_in, migrations.RunPython.noop)]
