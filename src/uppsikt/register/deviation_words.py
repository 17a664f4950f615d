"""Deviations in words: states, steps, and what each duty of the guideline asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from uppsikt.kernel.models import Step
from uppsikt.register import check_words
from uppsikt.register.checks.table import BY_CODE
from uppsikt.register.deviation_models import Deviation
from uppsikt.register.musts import is_must

STATES: dict[str, Promise] = {
    "found": gettext_lazy("Ny"),
    "taken": gettext_lazy("Någon tar hand om det"),
    "mended": gettext_lazy("Åtgärdad"),
    "excused": gettext_lazy("Undantag"),
}
TONES = {"found": "warning", "taken": "info", "mended": "success", "excused": "neutral"}

STEPS: dict[str, Promise] = {
    "find": gettext_lazy("hittade avvikelsen"),
    "take": gettext_lazy("tog hand om den"),
    "hand": gettext_lazy("lämnade den till någon annan"),
    "postpone": gettext_lazy("ändrade tiden"),
    "note": gettext_lazy("antecknade"),
    "reword": gettext_lazy("såg att felet är ett annat"),
    "late": gettext_lazy("sade till chefen att tiden gått ut"),
    "mend": gettext_lazy("såg att felet är borta"),
    "excuse": gettext_lazy("skrev ett undantag"),
    "exempt": gettext_lazy("skrev ett undantag från en kontroll"),
    "end": gettext_lazy("lät ett undantag upphöra"),
    "approve_logo": gettext_lazy("godkände en logotyp"),
    "end_logo": gettext_lazy("tog bort en logotyp"),
}

# What the guideline asks for, told in our own words beside each check that carries it out.
DUTIES: dict[str, Promise] = {
    "D2": gettext_lazy("Kommunikationsenheten ansvarar för de centrala kanalerna och vet vilka konton som finns."),
    "D4": gettext_lazy("Varje förvaltning har kontaktpersoner för frågor som behöver snabba svar."),
    "D5": gettext_lazy("Den enhet som har öppnat ett konto ansvarar för det."),
    "D8": gettext_lazy("Kommunikationsenheten har administratörsrätt på alla konton."),
    "D9": gettext_lazy("Varje konto har ett syfte, mål, en målgrupp och någon som hinner sköta det."),
    "D10": gettext_lazy("Enheten utser en ansvarig administratör och chefen bekräftar det."),
    "D11": gettext_lazy("Minst två administratörer från enheten, och kommunikationsenheten."),
    "D12": gettext_lazy("Kontot är anmält och står i förteckningen på webbplatsen."),
    "D13": gettext_lazy("Namn och beskrivning visar att kommunen och enheten är avsändare."),
    "D14": gettext_lazy("Beskrivningen talar om kontaktvägar, syfte och hur inlägg och kommentarer hanteras."),
    "D15": gettext_lazy("Profilbilden är kommunens logotyp. En verksamhet med egen profil kan vara undantagen."),
    "D16": gettext_lazy("Ett nytt konto delas från andra kanaler och länkas från webbplatsen."),
    "D18": gettext_lazy("Det som skrivs är allmänna handlingar som hålls ordnade och sökbara."),
    "D21": gettext_lazy("Den som sköter ett konto har ett uppdrag från sin chef."),
    "D24": gettext_lazy("Den som har ett uppdrag kan nätet, har tid och känner till riktlinjen."),
    "D25": gettext_lazy("Någon har uppsikt över kontot varje arbetsdag."),
    "D27": gettext_lazy("Det finns en ersättare när någon är borta."),
    "D29": gettext_lazy("Nätets egna villkor följs. En organisation använder inget personligt konto."),
    "D31": gettext_lazy("Ett utlånat konto har en överenskommelse, en tid och namngivna personer."),
    "D32": gettext_lazy("Kontot gillar bara sådant som riktlinjen tillåter."),
    "D33": gettext_lazy("Kontot följer bara sådant som riktlinjen tillåter."),
    "D34": gettext_lazy("Sociala medier är ingen politisk arena. En politiker ansvarar inte för ett konto."),
    "D39": gettext_lazy("Kommentarer stängs inte av utan skäl. Ren information hör hemma på webbplatsen."),
    "D51": gettext_lazy("Konton som inte sköts avslutas, om de inte börjar användas igen."),
    "D67": gettext_lazy("En fast text berättar vem som står bakom kontot och vad som händer med det man skriver."),
    "D68": gettext_lazy(
        "Husreglerna står på kontot: hövligt språk, inga påhopp, inga känsliga uppgifter, ingen reklam."
    ),
    "D70": gettext_lazy("Det står hur man når kommunen och hur man anmäler något kränkande."),
}


def duty(code: str) -> str:
    """What a duty, or several ("D32, D33"), asks for; "" where we have no words for it."""
    return " ".join(str(DUTIES[one.strip()]) for one in code.split(",") if one.strip() in DUTIES)


def state_tag(row: Deviation) -> tuple[str, str]:
    """The state in words and its tone."""
    return str(STATES.get(row.state, row.state)), TONES.get(row.state, "neutral")


def end_of(day: date) -> datetime:
    """The end of a day, which is when something that is due on it is late."""
    return datetime.combine(day + timedelta(days=1), time.min, timezone.get_current_timezone()) - timedelta(minutes=1)


def more(step: Step) -> str:
    """What a step was about."""
    if step.name == "postpone":
        return f"{step.facts.get('before', '')} → {step.facts.get('due_on', '')}"
    return ""


@dataclass(frozen=True, slots=True)
class Line:
    """A deviation as lists show it."""

    row: Deviation
    name: str
    sentence: str
    tag: tuple[str, str]
    due: datetime
    must: bool
    duty: str

    @property
    def account(self) -> str:
        """Whose it is: an account of ours, or an address."""
        return self.row.channel.name if self.row.channel else self.row.mark


def line(row: Deviation) -> Line:
    """A deviation in a list."""
    said = check_words.said(row.code, row.facts, row.mark)
    check = BY_CODE.get(row.code)
    must = check is not None and is_must(row.code)
    return Line(row, said.name, said.sentence, state_tag(row), end_of(row.due_on), must, check.duty if check else "")
