"""Shortcuts of the pages that show removals."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from uppsikt.ui.keys import Key, register


def register_all() -> None:
    """Tell the page layer which keys a removal's page has."""
    register("removal", (Key(("b",), _("Besluta")), Key(("l",), _("Lägg tillbaka")), Key(("i",), _("Försök igen"))))
