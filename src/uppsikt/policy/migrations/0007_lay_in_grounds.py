"""The grounds that Uppsikt comes with: the eight crimes of lag (1998:112) 5 § and the house rules of the guideline.

Written out here: a migration does the same however the code changes later.
"""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SINCE = datetime(1995, 1, 1, tzinfo=UTC)
BOARDS = "lag (1998:112) 5 §"
RULES = "Kommunens regler för kanalen"
WHY_OBVIOUS = "Varför är det uppenbart? Skriv vad i inlägget som uppfyller brottet."
GROUNDS: list[dict[str, Any]] = [
    {
        "code": "law.threat",
        "name": "Olaga hot",
        "law": f"Brottsbalken 4 kap. 5 §; {BOARDS}",
        "text": (
            "Den som skriver hotar någon med ett brott, så att den hotade kan bli allvarligt rädd för sig själv "
            "eller någon annan."
        ),
        "example": "”Jag vet var du bor. Nästa gång jag ser dig slår jag ihjäl dig.”",
        "allowed": "Arga ord utan hot om brott, talesätt (”jag dör av skratt”) och berättelser om hot mot andra.",
    },
    {
        "code": "law.privacy",
        "name": "Olaga integritetsintrång",
        "law": f"Brottsbalken 4 kap. 6 c §; {BOARDS}",
        "text": (
            "Någon sprider en bild eller uppgift om en annan persons sexualliv, hälsa, utsatthet för brott, mycket "
            "utsatta situation eller nakna kropp, så att det kan skada personen allvarligt."
        ),
        "example": "En nakenbild på en utpekad person, eller: ”Här är filmen när Kim ligger medvetslös i parken.”",
        "allowed": "Det som personen själv berättar om sig själv, och uppgifter som ingen kan knyta till en person.",
    },
    {
        "code": "law.incitement",
        "name": "Uppvigling",
        "law": f"Brottsbalken 16 kap. 5 §; {BOARDS}",
        "text": "Inlägget uppmanar andra att begå brott, inte lyda myndigheter eller göra upplopp.",
        "example": "”Tänd eld på återvinningsstationen i kväll. Ju fler som hjälper till, desto bättre.”",
        "allowed": "Uppmaningar att protestera lagligt, skriva insändare, demonstrera eller överklaga ett beslut.",
    },
    {
        "code": "law.agitation",
        "name": "Hets mot folkgrupp",
        "law": f"Brottsbalken 16 kap. 8 §; {BOARDS}",
        "text": (
            "Inlägget hotar eller visar förakt för en grupp människor på grund av ras, hudfärg, nationellt eller "
            "etniskt ursprung, tro, sexuell läggning eller könsidentitet."
        ),
        "example": "”Alla [folkgrupp] är ohyra och borde utrotas.”",
        "allowed": "Saklig kritik av en religion, en åsikt eller en stats politik, och den som berättar om hat.",
    },
    {
        "code": "law.child_pornography",
        "name": "Barnpornografibrott",
        "law": f"Brottsbalken 16 kap. 10 a §; {BOARDS}",
        "text": "En bild eller film visar ett barn på ett pornografiskt sätt, eller så länkar inlägget till en sådan.",
        "example": "En länk som bjuder ut sexuella bilder på barn. Öppna den inte: dölj, bevara och polisanmäl.",
        "allowed": "Vanliga bilder på barn som leker eller badar. De kan ändå behöva tas bort som personuppgifter.",
    },
    {
        "code": "law.violence",
        "name": "Olaga våldsskildring",
        "law": f"Brottsbalken 16 kap. 10 c §; {BOARDS}",
        "text": (
            "En bild eller film skildrar sexuellt våld eller tvång, eller visar grovt våld mot människor eller djur "
            "närgånget eller utdraget, utan att det kan försvaras."
        ),
        "example": "En film där någon misshandlas svårt, utlagd i närbild för att roa.",
        "allowed": "Nyhetsbilder, konst, historia och den som berättar i ord om våld.",
    },
    {
        "code": "law.terrorism",
        "name": "Offentlig uppmaning till terrorism",
        "law": f"Terroristbrottslagen (2022:666) 7 §; {BOARDS}",
        "text": "Inlägget uppmanar andra att begå terroristbrott, eller försöker värva eller locka dem till det.",
        "example": "”Bröder, gå med i kampen. Spräng stadshuset när det är fullt.”",
        "allowed": "Nyheter om terrordåd, sorg och ilska efter dem, och frågor om beredskap.",
    },
    {
        "code": "law.copyright",
        "name": "Intrång i upphovsrätt",
        "law": f"Lag (1960:729) om upphovsrätt 2, 5 och 53 §§; {BOARDS}",
        "text": "Inlägget sprider någon annans text, bild, musik eller film utan lov, och det är uppenbart.",
        "example": "En hel spelfilm utlagd i kommentaren, eller en länk: ”Ladda ner hela säsongen gratis här.”",
        "allowed": "Korta citat med källa, länkar till den som har rätten, och egna bilder.",
    },
    {
        "code": "rule.sensitive",
        "name": "Personuppgifter och känsliga uppgifter",
        "law": "Dataskyddsförordningen (EU) 2016/679 artikel 6, 9 och 10; lag (2018:218) 3 kap. 10 §",
        "text": (
            "Inlägget har uppgifter om en person som inte hör hemma på en öppen sida: personnummer, privat adress "
            "eller telefon, hälsa eller annat känsligt."
        ),
        "example": "”Min grannes personnummer är 19121212-1212 och han ligger på psyk.”",
        "allowed": "Namn på förtroendevalda och tjänstemän i tjänsten, och kommunens egna kontaktuppgifter.",
    },
    {
        "code": "rule.secrecy",
        "name": "Sekretessbelagda uppgifter",
        "law": "Offentlighets- och sekretesslagen (2009:400), till exempel 23, 25 och 26 kap.",
        "text": "Inlägget röjer något som omfattas av sekretess, till exempel i ett ärende hos socialtjänst eller skola.",
        "example": "”Socialen har öppnat en utredning om familjen på Storgatan 4.”",
        "allowed": "Den som talar om sitt eget ärende. Föreslå att det tas per telefon i stället.",
    },
    {
        "code": "rule.insult",
        "name": "Förtal, förolämpning eller personangrepp",
        "law": f"{RULES}; jämför brottsbalken 5 kap. 1–3 §§",
        "text": "Inlägget smutskastar eller hånar en utpekad person, i stället för att tala om saken.",
        "example": "”Rektorn är en äcklig idiot och tjuv.”",
        "allowed": "Skarp kritik av beslut, arbete och service, även av namngivna politiker och chefer.",
        "needs_reason": True,
        "asks": "Vem angrips, och varför är det ett angrepp på personen och inte kritik i sak?",
    },
    {
        "code": "rule.harassment",
        "name": "Trakasserier eller sexistiska yttranden",
        "law": f"{RULES}; jämför diskrimineringslagen (2008:567) 1 kap. 4–5 §§",
        "text": "Inlägget trakasserar någon, eller nedvärderar människor för kön, ursprung, tro, läggning eller annat.",
        "example": "”Kvinnor ska stå vid spisen och inte leda en förvaltning.”",
        "allowed": "Frågor och åsikter om jämställdhet, integration och tro, i hänsynsfull ton.",
        "needs_reason": True,
        "asks": "Vad i inlägget trakasserar eller nedvärderar, och vem?",
    },
    {
        "code": "rule.coarse",
        "name": "Grovt språk",
        "law": f"{RULES}: vårdat språk och hänsyn",
        "text": "Inlägget är fullt av grova svordomar eller könsord och gör samtalet svårt för andra.",
        "example": "”Dra åt helvete hela j-a högen, era jävla as.”",
        "allowed": "En enstaka svordom i en mening som annars säger något, och dialekt.",
    },
    {
        "code": "rule.pornography",
        "name": "Pornografi eller våldsbilder",
        "law": f"{RULES}; jämför brottsbalken 16 kap. 10 c och 11 §§",
        "text": "Inlägget visar, beskriver eller länkar till pornografi eller våld som inte hör hemma på sidan.",
        "example": "”Heta tjejer väntar på dig, se mina nakenbilder här.”",
        "allowed": "Frågor om sexualundervisning, ungdomsmottagning, konst och nyheter.",
    },
    {
        "code": "rule.copyright",
        "name": "Upphovsrättsligt skyddat material",
        "law": f"{RULES}; lag (1960:729) om upphovsrätt 2 §",
        "text": "Inlägget återger någon annans text, bild eller musik utan lov, utan att det är ett uppenbart brott.",
        "example": "En hel tidningsartikel inklistrad i kommentaren.",
        "allowed": "Länkar, korta citat med källa, och det som den som skriver själv har gjort.",
        "needs_reason": True,
        "asks": "Vems verk är det, och vad tyder på att lov saknas?",
    },
    {
        "code": "rule.politics",
        "name": "Partipolitik",
        "law": f"{RULES}; regeringsformen 1 kap. 9 § och 2 kap. 1 §",
        "text": (
            "Inlägget gör reklam för eller emot ett parti eller en kandidat, utan att handla om det som tråden gäller. "
            "Grunden används sällan och lika mot alla partier."
        ),
        "example": "”Rösta på [partiet] den 13 september!” under ett inlägg om badhusets öppettider.",
        "allowed": "Alla åsikter om kommunens beslut, service och planer, också när ett parti nämns.",
        "needs_reason": True,
        "asks": "Varför hade inlägget tagits bort oavsett vilket parti eller vilken åsikt det gällde?",
    },
    {
        "code": "rule.advertising",
        "name": "Reklam",
        "law": f"{RULES}: inga kommersiella budskap",
        "text": "Inlägget säljer eller gör reklam för en vara, en tjänst eller ett företag.",
        "example": "”Behöver du taktvätt? Ring oss i dag, 20 % rabatt!”",
        "allowed": "Tips om en butik när någon frågar, och föreningars evenemang i kommunen.",
    },
    {
        "code": "rule.spam",
        "name": "Skräppost",
        "law": f"{RULES}: inlägg ska höra till ämnet",
        "text": "Inlägget är massutskick, bedrägeri eller automatiskt och har inget med tråden att göra.",
        "example": "”Tjäna 20 000 i veckan hemifrån! Skriv till mig på WhatsApp.”",
        "allowed": "Den som frågar samma sak en gång till för att ingen har svarat.",
    },
]


def lay_in(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Write the grounds into the policy that is there."""
    ground = apps.get_model("policy", "Ground")
    for policy in apps.get_model("policy", "Policy").objects.all():
        for order, one in enumerate(GROUNDS, start=1):
            law = one["code"].startswith("law.")
            facts: dict[str, Any] = {
                "sort": "law" if law else "rule",
                "needs_reason": law,
                "needs_obvious": law,
                "asks": WHY_OBVIOUS if law else "",
                "duty": "D69" if law else "D20" if one["code"] in {"rule.sensitive", "rule.secrecy"} else "D68",
            }
            ground.objects.create(policy=policy, order=order * 10, since=SINCE, **{**facts, **one})


class Migration(migrations.Migration):
    dependencies = [("policy", "0006_ground_disposaldecision")]
    operations = [migrations.RunPython(lay_in, migrations.RunPython.noop)]
