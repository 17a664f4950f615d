"""The shortcuts of the search page and of a record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from uppsikt.ui.keys import Key, register

SEARCH, RECORD = "records", "record"


def register_all() -> None:
    """Tell the look of them."""
    register(
        SEARCH,
        (
            Key(("f",), _("Sök på sidan, med de filter som är satta")),
            Key(("n",), _("Äldre träffar")),
            Key(("p",), _("Nyare träffar")),
            Key(("s",), _("Spara sökningen")),
        ),
    )
    register(RECORD, (Key(("h",), _("Ändra sekretessen")),))
