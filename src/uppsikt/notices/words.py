"""Words for ways, addresses and what became of a notice."""

from __future__ import annotations

from django.utils.translation import gettext as _

from uppsikt.notices.models import Address, Delivery
from uppsikt.notices.rules import Way

# In the order in which they must be looked for: most browsers call themselves by several names.
BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def way(which: Way) -> str:
    """A way, as a column's heading."""
    return {
        Way.PAGE: _("Sidan"),
        Way.EMAIL: _("E-post genast"),
        Way.DIGEST: _("Dagsbrev"),
        Way.PUSH: _("Push"),
        Way.SMS: _("Sms"),
        Way.WEBHOOK: _("Webhook"),
    }[which]


def about(which: Way) -> str:
    """A way, in a sentence."""
    return {
        Way.PAGE: _("I klockan och listan här i Uppsikt."),
        Way.EMAIL: _("Ett brev för varje händelse."),
        Way.DIGEST: _("Ett brev om dagen med det du inte har läst."),
        Way.PUSH: _("En ruta på skärmen, även när Uppsikt är stängt."),
        Way.SMS: _("Ett meddelande till mobilen."),
        Way.WEBHOOK: _("Till en chatt eller ett jourverktyg som du själv har."),
    }[which]


def state(place: Address) -> tuple[str, str]:
    """How it is with an address, and its tone."""
    if place.stopped_at:
        return _("Nås inte"), "danger"
    if place.confirmed_at:
        return _("Används"), "success"
    if place.way == Way.SMS:
        return _("Väntar på koden"), "warning"
    return _("Inte prövad än"), "warning"


def outcome(row: Delivery) -> tuple[str, str]:
    """What became of a delivery, and its tone."""
    if row.sent_at:
        return _("Skickad"), "success"
    if row.ended_at:
        return (_("Läst på sidan"), "neutral") if row.trouble == "read" else (trouble(row.trouble), "danger")
    if row.trouble:
        return _("Försöker igen"), "warning"
    return (_("Väntar"), "neutral") if row.not_before > row.written_at else (_("På väg"), "info")


def trouble(code: str) -> str:
    """Why a delivery was given up."""
    known = {
        "no_address": _("Det fanns ingen adress att skicka till"),
        "restored": _("Väntade när systemet återställdes, och skickades inte"),
        "not_allowed": _("Adressen får inte anropas härifrån"),
        "private_address": _("Adressen får inte anropas härifrån"),
        "certificate": _("Mottagarens certifikat går inte att lita på"),
        "site_down": _("Mottagaren svarade inte"),
        "timeout": _("Mottagaren svarade inte i tid"),
        "too_slow": _("Mottagaren svarade inte i tid"),
        "http_401": _("Mottagaren kände inte igen oss"),
        "http_403": _("Mottagaren nekade"),
        "http_404": _("Mottagaren finns inte längre"),
        "http_410": _("Mottagaren finns inte längre"),
    }
    return known.get(code) or _("Gick inte fram (%(code)s)") % {"code": code}


def browser(agent: str) -> str:
    """A browser and its system, from what it says of itself, so that one knows it again in a list."""
    name = next((words for sign, words in BROWSERS if sign in agent), _("Webbläsare"))
    system = next((words for sign, words in SYSTEMS if sign in agent), "")
    return _("%(browser)s på %(system)s") % {"browser": name, "system": system} if system else name
