"""Triage in words: what was found, how high it stands, and how it is with what was learned."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.triage.models import LocalModel

# Kinds that speak of the whole text: nothing of it is marked.
WHOLE = frozenset({"local", "question", "opinion", "proposal", "praise", "spam"})

KINDS: dict[str, Promise] = {
    "personnummer": gettext_lazy("Personnummer"),
    "coordination_number": gettext_lazy("Samordningsnummer"),
    "phone": gettext_lazy("Telefonnummer"),
    "email": gettext_lazy("E-postadress"),
    "address": gettext_lazy("Adress"),
    "vehicle": gettext_lazy("Registreringsnummer"),
    "card_number": gettext_lazy("Kortnummer"),
    "case_number": gettext_lazy("Ärendenummer"),
    "health": gettext_lazy("Känsliga personuppgifter"),
    "sensitive": gettext_lazy("Känsliga personuppgifter"),
    "secrecy": gettext_lazy("Kan vara hemligt"),
    "threat": gettext_lazy("Hot"),
    "privacy": gettext_lazy("Intrång i privatliv"),
    "incitement": gettext_lazy("Uppmaning till brott"),
    "agitation": gettext_lazy("Hets mot folkgrupp"),
    "violence": gettext_lazy("Våld"),
    "terrorism": gettext_lazy("Uppmaning till terrorism"),
    "copyright": gettext_lazy("Upphovsrätt"),
    "insult": gettext_lazy("Personangrepp"),
    "harassment": gettext_lazy("Trakasserier"),
    "pornography": gettext_lazy("Pornografi"),
    "coarse": gettext_lazy("Grovt språk"),
    "politics": gettext_lazy("Partipolitik"),
    "advertising": gettext_lazy("Reklam"),
    "spam": gettext_lazy("Skräppost"),
    "question": gettext_lazy("Fråga"),
    "opinion": gettext_lazy("Synpunkt"),
    "proposal": gettext_lazy("Förslag"),
    "praise": gettext_lazy("Beröm"),
    "advice": gettext_lazy("Råd som kan kosta någon pengar"),
    "authority": gettext_lazy("Kan vara myndighetsutövning"),
    "local": gettext_lazy("Liknar det ni har bedömt"),
    "endpoint": gettext_lazy("Språkmodellen pekar på en regel"),
}
TONES = {4: "danger", 3: "warning", 2: "warning"}


def kind(code: str) -> str:
    """What a finding is called."""
    return str(KINDS.get(code, code))


def tone(level: int) -> str:
    """The tone of a label."""
    return TONES.get(level, "neutral")


def why(sentence: str) -> str:
    """Why, in the reader's language where the sentence is among our words."""
    return _(sentence) if sentence else ""


def level(number: int) -> str:
    """How high something stands."""
    return {
        4: _("Se genast"),
        3: _("Se först"),
        2: _("Kan bryta mot en regel"),
        1: _("Kan vänta på svar"),
        0: _("Inget hittat"),
    }[number]


def learned(*, learnable: bool, enough: bool, model: LocalModel | None, asked: int) -> tuple[str, str]:
    """How it is with the model of one ground, and its tone."""
    if not learnable:
        return _("Lärs inte: gäller känsliga uppgifter om personer"), "neutral"
    if model and model.on:
        return _("På: bättre än reglerna på det den inte har sett"), "success"
    if model:
        return _("Av: inte säkert bättre än reglerna"), "neutral"
    if enough:
        return _("Av: provas i natt"), "info"
    return _("Av: för få bedömningar, minst %(n)s av varje slag behövs") % {"n": asked}, "neutral"


def thrown(code: str) -> str:
    """Why an answer of the language model was not taken."""
    known = {
        "not_json": _("svaret var inte JSON"),
        "not_our_form": _("svaret hade fel form"),
        "not_the_contract": _("svaret följde inte gränssnittet"),
        "no_such_quote": _("citatet finns inte i texten"),
        "too_many": _("för många ställen i ett svar"),
        "too_large": _("svaret var för stort"),
        "cut_off": _("svaret blev avbrutet"),
        "refused": _("modellen ville inte svara"),
        "gave_up": _("inget svar efter flera försök"),
    }
    return known.get(code) or _("avvisades (%(code)s)") % {"code": code}


def trouble(code: str) -> str:
    """Why the language model does not answer."""
    known = {
        "not_inside": _(
            "Adressen står inte i UPPSIKT_ALLOW_PRIVATE. Inget skickas till en server som inte är kommunens egen."
        ),
        "http_401": _("Språkmodellen känner inte igen nyckeln."),
        "http_403": _("Språkmodellen nekar oss."),
        "http_404": _("Adressen leder inte till något gränssnitt för språkmodeller."),
        "http_429": _("Språkmodellen hinner inte med. Vi väntar."),
        "site_down": _("Servern svarar inte."),
        "timeout": _("Servern svarar inte i tid."),
        "too_slow": _("Servern svarar inte i tid."),
    }
    if not code:
        return ""
    return known.get(code) or _("Språkmodellen svarar inte (%(code)s).") % {"code": code}
