"""Loans and relations in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uppsikt.register.loan_models import Loan
from uppsikt.register.relation_rules import Kind, Party

Tag = tuple[str, str]

STATES: dict[str, tuple[Promise, str]] = {
    "asked": (_("Väntar på svar"), "warning"),
    "refused": (_("Inte överenskommet"), "danger"),
    "withdrawn": (_("Återtaget"), "neutral"),
    "agreed": (_("Överenskommet"), "info"),
    "running": (_("Pågår"), "success"),
    "ended": (_("Slut, överlämning saknas"), "warning"),
    "handed_back": (_("Slut och överlämnat"), "neutral"),
}

STEPS: dict[str, str | Promise] = {
    "ask": _("frågade om att låna ut kontot"),
    "agree": _("kom överens om lånet"),
    "refuse": _("var inte överens om lånet"),
    "withdraw": _("tog tillbaka frågan"),
    "remind": _("påminde om lånet"),
    "acknowledge": _("kvitterade lånet"),
    "begin": _("noterade att lånet började"),
    "end": _("avslutade lånet"),
    "hand_back": _("skrev överlämningen"),
}

RELATION_STEPS: dict[str, str | Promise] = {
    "note": _("antecknade något att gilla eller följa"),
    "see": _("såg på nätet att kontot gillar eller följer något"),
    "change": _("sade vems sidan är"),
    "end": _("antecknade att det har upphört"),
}

KINDS: dict[str, Promise] = {Kind.LIKE.value: _("Gillar"), Kind.FOLLOW.value: _("Följer")}

PARTIES: dict[str, Promise] = {
    Party.OWN.value: _("En egen kanal"),
    Party.MUNICIPALITY.value: _("En annan kommun eller region"),
    Party.AUTHORITY.value: _("En myndighet"),
    Party.ASSOCIATION.value: _("En förening"),
    Party.CULTURE.value: _("En kulturinstitution"),
    Party.PROJECT.value: _("Ett projekt"),
    Party.COMPANY.value: _("Ett företag"),
    Party.POLITICAL.value: _("Ett parti eller en politiker"),
    Party.PRIVATE.value: _("En privatperson"),
}

# What is wrong with a relation that is there already, by `relations.fault`.
FAULTS: dict[str, Promise] = {
    "unsaid": _("Ingen har sagt vems sidan är"),
    "unknown_there": _("Går inte på det här nätet"),
    "tie": _("Lokal anknytning saknas"),
    "not_liked": _("Ska inte gillas"),
}


def tag(loan: Loan) -> Tag:
    """The loan's state, and its tone."""
    words, tone = STATES[loan.state]
    return str(words), tone
