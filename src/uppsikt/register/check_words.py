"""The audit in words: each check by its code, one block for each side of an account.

(name, what is wrong with %(fact)s filled in from the fault's facts, what to do about it)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = tuple[Promise, Promise, Promise]
AMOUNT = re.compile(r"\d+\.\d+")

PROFILE: dict[str, Words] = {
    "profile.unknown": (
        gettext_lazy("Hur kontot ser ut är känt"),
        gettext_lazy("Ingen har skrivit ner hur kontot ser ut, och nätet berättar det inte för Uppsikt."),
        gettext_lazy("Öppna kontot i webbläsaren och skriv in namn, beskrivning och bild på kontots sida här."),
    ),
    "profile.not_looked": (
        gettext_lazy("Någon har sett efter hur kontot ser ut"),
        gettext_lazy(
            "Uppsikt kan inte läsa kontot, och ingen har sett efter hur det ser ut sedan %(since)s. "
            "Det ska göras minst var %(days)s:e dag."
        ),
        gettext_lazy("Öppna kontot i webbläsaren och skriv in hur det ser ut nu på kontots sida här."),
    ),
    "profile.sender_name": (
        gettext_lazy("Namnet visar att kommunen är avsändare"),
        gettext_lazy("Kontot heter ”%(name)s”. Där nämns inte %(municipality)s."),
        gettext_lazy("Byt kontots namn på nätet så att %(municipality)s står med."),
    ),
    "profile.sender_description": (
        gettext_lazy("Beskrivningen visar vem som är avsändare"),
        gettext_lazy("Beskrivningen nämner inte %(who)s."),
        gettext_lazy("Skriv in %(who)s i kontots beskrivning på nätet."),
    ),
    "profile.contact": (
        gettext_lazy("Kontaktuppgifterna finns och stämmer"),
        gettext_lazy("Beskrivningen visar andra kontaktuppgifter än registret: %(shown)s."),
        gettext_lazy("Skriv registrets uppgifter i beskrivningen: %(what)s. Är de gamla, ändra dem här i stället."),
    ),
    "profile.logo": (
        gettext_lazy("Profilbilden är kommunens logotyp"),
        gettext_lazy(
            "Profilbilden liknar ingen godkänd logotyp. Mest lik är ”%(logo)s”: %(figure)s av 100, och %(least)s krävs."
        ),
        gettext_lazy(
            "Byt bilden på nätet till en godkänd logotyp. Har verksamheten en egen profil, be kommunikationsenheten "
            "om ett undantag."
        ),
    ),
    "profile.comments_off": (
        gettext_lazy("Det går att kommentera"),
        gettext_lazy(
            "Kommentarer är avstängda i %(closed)s av de %(posts)s senaste inläggen, utan att någon har sagt varför."
        ),
        gettext_lazy(
            "Slå på kommentarerna, eller skriv i registret varför det inte går. Ren information hör hemma på "
            "webbplatsen."
        ),
    ),
    "profile.address": (
        gettext_lazy("Adressen är den som står i registret"),
        gettext_lazy("Nätet säger att kontot finns på %(told)s. I registret står %(known)s."),
        gettext_lazy("Har kontot bytt namn på nätet, rätta adressen här och länken på webbplatsen."),
    ),
    "profile.trouble": (
        gettext_lazy("Uppsikt kan läsa kontot"),
        gettext_lazy("Kontot har inte gått att läsa på mer än ett dygn. Det som skrivs där bevaras inte så länge."),
        gettext_lazy("Öppna kanalens sida. Där står vad som är fel och vad du gör åt det."),
    ),
}

ADD_PART = gettext_lazy("Lägg till det på nätet. Kontots infotext här har en mening att kopiera, i flera språk.")

INFOTEXT: dict[str, Words] = {
    "infotext.none": (
        gettext_lazy("Infotexten finns"),
        gettext_lazy("Kontot har ingen infotext: den som skriver där får inte veta vad som gäller."),
        gettext_lazy("Öppna kontots infotext här, kopiera den som får plats och lägg in den på nätet."),
    ),
    "infotext.purpose": (
        gettext_lazy("Infotexten säger vad kontot är till för"),
        gettext_lazy("Det står inte vad kontot är till för."),
        ADD_PART,
    ),
    "infotext.replies": (
        gettext_lazy("Infotexten säger när vi svarar"),
        gettext_lazy("Det står inte när den som skriver får svar."),
        ADD_PART,
    ),
    "infotext.personal": (
        gettext_lazy("Infotexten ber om att inte ta upp personliga ärenden"),
        gettext_lazy("Det står inte att personliga ärenden inte hör hemma här."),
        ADD_PART,
    ),
    "infotext.record": (
        gettext_lazy("Infotexten säger att det som skrivs blir allmän handling"),
        gettext_lazy("Det står inte att det som skrivs blir allmän handling."),
        ADD_PART,
    ),
    "infotext.third_party": (
        gettext_lazy("Infotexten nämner företaget bakom nätet"),
        gettext_lazy("Det står inte att företaget bakom nätet också får uppgifterna."),
        ADD_PART,
    ),
    "infotext.data_protection": (
        gettext_lazy("Infotexten säger hur personuppgifter hanteras"),
        gettext_lazy("Det står inte hur kommunen hanterar personuppgifter."),
        ADD_PART,
    ),
    "infotext.rules": (
        gettext_lazy("Infotexten säger vilka regler som gäller"),
        gettext_lazy("Det står inte vilka regler som gäller för den som skriver."),
        ADD_PART,
    ),
    "infotext.abuse": (
        gettext_lazy("Infotexten säger hur man anmäler innehåll"),
        gettext_lazy("Det står inte hur man anmäler kränkande eller olagligt innehåll."),
        ADD_PART,
    ),
    "infotext.guideline": (
        gettext_lazy("Infotexten visar till riktlinjerna"),
        gettext_lazy("Det står inte var kommunens riktlinjer finns."),
        ADD_PART,
    ),
    "infotext.opinions": (
        gettext_lazy("Infotexten visar vart synpunkter lämnas"),
        gettext_lazy("Det står inte vart man lämnar synpunkter på kommunen."),
        ADD_PART,
    ),
}

PEOPLE: dict[str, Words] = {
    "people.responsible": (
        gettext_lazy("Den ansvariga arbetar kvar"),
        gettext_lazy("%(person)s ansvarar för kontot men arbetar inte kvar."),
        gettext_lazy("Utse någon annan på enheten som ansvarig."),
    ),
    "people.administrators": (
        gettext_lazy("Minst två administratörer från enheten"),
        gettext_lazy("Administratörer hos nätet som kommer från %(unit)s: %(number)s. Det ska vara minst två."),
        gettext_lazy("Ge en kollega på enheten administratörsrättigheter hos nätet och anteckna det här."),
    ),
    "people.communications_missing": (
        gettext_lazy("Kommunikationsenheten är administratör"),
        gettext_lazy("Ingen från kommunikationsenheten har administratörsrättigheter på kontot."),
        gettext_lazy("Ge kommunikationsenheten administratörsrättigheter hos nätet och anteckna det här."),
    ),
    "people.nobody": (
        gettext_lazy("Någon har uppdrag i kanalen"),
        gettext_lazy("Ingen har ett uppdrag som gäller. Ingen kan svara den som skriver."),
        gettext_lazy("Chefen ger uppdrag på kanalens sida."),
    ),
    "people.mandate_lapsed": (
        gettext_lazy("Administratörer har uppdrag"),
        gettext_lazy("%(person)s har administratörsrättigheter hos nätet men inget uppdrag som gäller."),
        gettext_lazy("Förnya eller ge ett uppdrag, eller ta bort rättigheterna hos nätet."),
    ),
    "people.politician": (
        gettext_lazy("Ingen förtroendevald sköter kontot"),
        gettext_lazy("%(person)s är förtroendevald och har en del i kontot."),
        gettext_lazy("Utse någon annan, och ta bort rättigheterna hos nätet."),
    ),
    "people.unacknowledged": (
        gettext_lazy("Riktlinjen är kvitterad"),
        gettext_lazy("%(person)s har uppdrag men har inte kvitterat riktlinjen, och kan inte arbeta i kanalen än."),
        gettext_lazy("Be %(person)s läsa och kvittera riktlinjen."),
    ),
    "people.course": (
        gettext_lazy("Kursen om nätet är genomgången"),
        gettext_lazy("%(person)s har uppdrag men har inte gått igenom kursen om %(course)s."),
        gettext_lazy("Be %(person)s gå igenom den korta kursen."),
    ),
    "people.overloaded": (
        gettext_lazy("Tiden räcker till"),
        gettext_lazy("Kanalen ger arbete omkring %(hours)s timmar i veckan. Enheten har lovat %(promised)s."),
        gettext_lazy("Avsätt mer tid, eller se om kanalen behövs."),
    ),
    "people.contact_gap": (
        gettext_lazy("Förvaltningen har en kontaktperson"),
        gettext_lazy("%(department)s har ingen kontaktperson för frågor som inte kan vänta."),
        gettext_lazy("Lägg till en kontaktperson under Organisation."),
    ),
    "people.personal_account": (
        gettext_lazy("Kontot är inte en anställds eget"),
        gettext_lazy(
            "Kontot har samma namn som en anställd, %(name)s. Nätet tillåter inte att en organisation använder ett "
            "privat konto."
        ),
        gettext_lazy("Öppna ett konto för organisationen och för över innehållet."),
    ),
    "people.relation": (
        gettext_lazy("Gillade och följda sidor följer riktlinjen"),
        gettext_lazy("%(name)s gillas eller följs mot riktlinjen."),
        gettext_lazy(
            "Sluta gilla sidan hos nätet. Är det en förening, en kulturinstitution eller ett projekt med stark lokal "
            "anknytning, skriv den på fliken Relationer."
        ),
    ),
    "people.relation_unsaid": (
        gettext_lazy("Det är känt vems de gillade sidorna är"),
        gettext_lazy("Gillade sidor som ingen har sagt vems de är: %(number)s."),
        gettext_lazy("Säg vems de är på fliken Relationer, eller sluta gilla dem hos nätet."),
    ),
    "people.loan_note": (
        gettext_lazy("Lånet har en överlämning"),
        gettext_lazy("Lånet tog slut %(day)s, men ingen överlämning är skriven."),
        gettext_lazy("Be den som lånade kontot skriva vad som återstår."),
    ),
}

OPENING: dict[str, Words] = {
    "opening.needs": (
        gettext_lazy("Syfte, mål och målgrupp är angivna"),
        gettext_lazy("Registret säger inte vad kontot är till för, vad det ska uppnå eller vilka det vänder sig till."),
        gettext_lazy("Skriv in det på kontots sida här."),
    ),
    "opening.launch": (
        gettext_lazy("Det nya kontot är presenterat"),
        gettext_lazy("%(number)s delar av lanseringen är inte gjorda: nyhet, länk från webbplatsen eller delning."),
        gettext_lazy("Använd utkasten på öppningens sida, eller markera det som redan är gjort."),
    ),
}

LIFE: dict[str, Words] = {
    "life.still": (
        gettext_lazy("Kontot används"),
        gettext_lazy("Senaste inlägget kom %(since)s. Längst får det gå %(days)s dagar mellan inläggen."),
        gettext_lazy("Publicera något, eller tala med kommunikationsenheten om kontot ska vara kvar."),
    ),
    "life.not_linked": (
        gettext_lazy("Webbplatsen länkar till kontot"),
        gettext_lazy("Ingen sida på kommunens webbplats länkar till kontot, såvitt Uppsikt har sett."),
        gettext_lazy("Be webbredaktionen länka till %(address)s. Länken upptäcks nästa gång webbplatsen gås igenom."),
    ),
    "life.hours": (
        gettext_lazy("Någon har tid för kontot"),
        gettext_lazy("Det står inte i registret hur många timmar i veckan som är avsatta för kontot."),
        gettext_lazy("Kom överens med din chef och skriv in timmarna på kontots sida."),
    ),
    "life.unregistered": (
        gettext_lazy("Konton som webbplatsen länkar till finns i registret"),
        gettext_lazy("Webbplatsen länkar till %(address)s på sidan %(page)s, men kontot finns inte i registret."),
        gettext_lazy("Är det vårt, ta in det. Är det någon annans, skriv det under Hittade konton."),
    ),
    "life.impersonation": (
        gettext_lazy("Ingen utger sig för att vara kommunen"),
        gettext_lazy("Kontot %(handle)s använder kommunens namn och är inte vårt: %(address)s."),
        gettext_lazy(
            "Titta på kontot. Utger det sig för att vara kommunen, anmäl det till nätet och varna på våra egna konton."
        ),
    ),
}

# The sentence where a check can find different sorts of fault: by "code:mark".
MARKED: dict[str, Promise] = {
    "life.still:never": gettext_lazy("Kontot har aldrig haft ett inlägg. Längst får det gå %(days)s dagar."),
    "profile.contact:missing": gettext_lazy("Beskrivningen saknar kontaktuppgifter."),
    "profile.logo:colours": gettext_lazy(
        "Profilbilden har logotypen ”%(logo)s” i andra färger. Färgerna stämmer till %(figure)s av 100, och %(least)s "
        "krävs. Svart, vit och grå går bra."
    ),
    "profile.logo:missing": gettext_lazy("Kontot har ingen profilbild."),
    "profile.logo:unread": gettext_lazy("Profilbilden gick inte att läsa, så den är inte jämförd med logotypen."),
    "profile.comments_off:no_reason": gettext_lazy("Registret säger att det inte går att kommentera, men inte varför."),
    "profile.comments_off:seen": gettext_lazy(
        "Den som såg efter %(day)s skrev att det inte går att kommentera. Ingen har sagt varför."
    ),
    "profile.trouble:login": gettext_lazy(
        "Nätet tar inte emot inloggningen längre. Det som skrivs där bevaras inte så länge."
    ),
}

# What is to be done where a check has nothing to look at, by the check's code or the code's first word.
UNSEEN: dict[str, Promise] = {
    "profile": gettext_lazy("Ingen har sett efter hur kontot ser ut. Skriv in det på kontots sida här."),
    "infotext": gettext_lazy("Ingen har sett efter vad som står på kontot. Skriv in det på kontots sida här."),
    "profile.logo": gettext_lazy("Profilbilden finns inte här. Lägg in den där du skriver hur kontot ser ut."),
    "profile.comments_off": gettext_lazy("Ingen har sett efter om det går att kommentera."),
    "life.still": gettext_lazy("Ingen kan se när det senaste inlägget kom."),
    "life.not_linked": gettext_lazy(
        "Webbplatsen är inte genomgången sedan kontot togs in. Det görs på fliken Hittade."
    ),
}

WORDS: dict[str, Words] = {**PROFILE, **INFOTEXT, **PEOPLE, **OPENING, **LIFE}


@dataclass(frozen=True, slots=True)
class Said:
    """A fault in words: what the check is called, what is wrong, what to do."""

    name: str
    sentence: str
    todo: str


class Facts(dict[str, str]):
    """Facts by name; one that is missing is shown as a dash, so that old deviations still read when words change."""

    def __missing__(self, name: str) -> str:
        return "–"


def name(code: str) -> str:
    """What a check is called; a code that has no words any more is shown as it is."""
    return str(WORDS[code][0]) if code in WORDS else code


def as_read(value: str) -> str:
    """A fact as people here write it: an amount with a decimal point gets the reader's own."""
    return formats.localize(Decimal(value)) if AMOUNT.fullmatch(value) else value


def unseen(code: str) -> Said:
    """A check that had nothing to look at, and what to do so that it has."""
    todo = UNSEEN.get(code) or UNSEEN[code.partition(".")[0]]
    return Said(name(code), str(gettext_lazy("Inte sett.")), str(todo))


def said(code: str, facts: Mapping[str, object], mark: str = "") -> Said:
    """A fault in the reader's language. `mark` tells its sort, where a check finds several."""
    if code not in WORDS:
        return Said(code, str(gettext_lazy("Kontrollen finns inte längre.")), "")
    called, sentence, todo = WORDS[code]
    sentence = MARKED.get(f"{code}:{mark}", sentence)
    known = Facts({key: as_read(str(value)) for key, value in facts.items()})
    return Said(str(called), str(sentence) % known, str(todo) % known)
