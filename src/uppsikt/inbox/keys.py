"""The inbox's shortcuts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from uppsikt.ui.keys import Key, register

LIST, CASE = "inbox", "case"

OF_LIST = (
    Key(("x",), _("Markera ärendet"), "mark"),
    Key(("Shift+X",), _("Markera alla från det förra till det här"), "mark-to"),
    Key(("a",), _("Markera alla på sidan, eller ta bort markeringen"), "mark-all"),
    Key(("b",), _("Gör något med de markerade")),
    Key(("f",), _("Ändra urvalet: kanal, enhet, ord")),
    Key(("0",), _("Ta bort urvalet, visa allt")),
    Key(("z",), _("Ångra det du nyss gjorde")),
)
OF_CASE = (
    Key(("m",), _("Svara från en mall")),
    Key(("r",), _("Skriv svar")),
    Key(("l",), _("Använd svaret på en liknande fråga")),
    Key(("u",), _("Använd den sakkunnigas svar")),
    Key(("t",), _("Ta ärendet")),
    Key(("v",), _("Skicka frågan vidare")),
    Key(("h",), _("Skicka mellansvar")),
    Key(("e",), _("Avsluta utan svar")),
    Key(("o",), _("Lämna över till en kollega")),
    Key(("n",), _("Skriv en anteckning")),
    Key(("s",), _("Lägg ärendet åt sidan")),
    Key(("g",), _("Besvara tillsammans med ett annat ärende")),
    Key(("Shift+J",), _("Nästa ärende")),
    Key(("Shift+K",), _("Föregående ärende")),
)


def register_all() -> None:
    """Tell the look of them."""
    register(LIST, OF_LIST)
    register(CASE, OF_CASE)
