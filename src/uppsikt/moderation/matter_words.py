"""Blocks, rulings, reports, notes, reconsiderations and incidents in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from uppsikt.moderation.words import Words

STATES: dict[str, Words] = {
    "fragor": {
        "asked": _("Väntar på svar"),
        "answered": _("Besvarad"),
        "withdrawn": _("Återtagen"),
    },
    "avstangningar": {
        "proposed": _("Väntar på beslut"),
        "approved": _("Beslutad, görs på nätet för hand"),
        "refused": _("Avslagen"),
        "in_force": _("Gäller"),
        "ended": _("Har upphört"),
        "lifted": _("Hävd på nätet"),
    },
    "anmalningar": {
        "sending": _("Skickas till nätet"),
        "to_do": _("Görs på nätet för hand"),
        "done": _("Anmält"),
        "dropped": _("Anmäls inte"),
    },
    "polisanmalningar": {
        "making": _("Görs i ordning"),
        "made": _("Klar att lämna in"),
        "failed": _("Gick inte att göra"),
        "handed_in": _("Inlämnad"),
    },
    "omprovningar": {
        "asked": _("Väntar på prövning"),
        "upheld": _("Står fast"),
        "changed": _("Visas igen"),
    },
    "incidenter": {
        "open": _("Öppen"),
        "reported": _("Anmäld till IMY"),
        "not_reportable": _("Anmäls inte"),
        "closed": _("Avslutad"),
    },
    "registreras": {
        "waits": _("Ska registreras"),
        "registered": _("Registrerad"),
        "left": _("Registreras inte"),
    },
}
# One of them, as the heading of its own page.
ONE: Words = {
    "fragor": _("Fråga till nämndkansliet"),
    "avstangningar": _("Avstängning"),
    "anmalningar": _("Anmälan till nätet"),
    "polisanmalningar": _("Polisanmälan"),
    "omprovningar": _("Omprövning"),
    "incidenter": _("Incident"),
    "registreras": _("Ska registreras"),
}
TONES = {
    "asked": "warning",
    "proposed": "warning",
    "approved": "warning",
    "to_do": "warning",
    "making": "info",
    "sending": "info",
    "made": "warning",
    "failed": "danger",
    "open": "danger",
    "waits": "warning",
    "in_force": "info",
}
OUTCOMES: Words = {
    "stay": _("Kan stå kvar"),
    "remove": _("Bör tas bort"),
    "register": _("Ska registreras"),
    "other": _("Annat"),
}
WHY: Words = {
    "secrecy": _("sekretess"),
    "removed": _("borttagen för sitt innehåll"),
    "police": _("polisanmäld"),
    "incident": _("incident"),
    "ruling": _("nämndkansliets besked"),
}
NOTES: Words = {
    "thread": _("I konversationen, utan att upprepa saken"),
    "email": _("Med e-post"),
    "none": _("Gick inte att nå"),
}
LINKS: Words = {
    "thread": _("länken i konversationen, som andra än den som skrev det också kan öppna"),
    "email": _("länken i brevet till den som skrev det"),
}
NOTE_STATES: Words = {
    "sending": _("Skickas"),
    "sent": _("Skickat"),
    "unreachable": _("Ej nådd"),
}
STEPS: Words = {
    "propose": _("föreslog"),
    "approve": _("beslutade"),
    "refuse": _("avslog"),
    "done_by_hand": _("gjorde det på nätet"),
    "end": _("lät tiden gå ut"),
    "end_early": _("avslutade i förtid"),
    "undone": _("hävde det på nätet"),
    "remind": _("påminde"),
    "ask": _("frågade"),
    "answer": _("svarade"),
    "withdraw": _("tog tillbaka frågan"),
    "report": _("anmälde"),
    "by_hand": _("lämnade det att göras för hand"),
    "sent": _("läste av att nätet tog emot det"),
    "drop": _("lät bli"),
    "begin": _("började"),
    "made": _("gjorde anmälan i ordning"),
    "fail": _("kunde inte göra det"),
    "again": _("försökte igen"),
    "hand_in": _("lämnade in den"),
    "uphold": _("lät beslutet stå fast"),
    "change": _("ändrade beslutet"),
    "note": _("skrev vad som är gjort"),
    "tell_people": _("underrättade dem det gäller"),
    "no_report": _("beslutade att inte anmäla"),
    "close": _("avslutade"),
    "want": _("märkte att det ska registreras"),
    "register": _("registrerade"),
    "leave": _("beslutade att inte registrera"),
    "download": _("hämtade en fil"),
}
