"""Oversight's shortcuts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from uppsikt.ui.keys import Key, register

START, SWEEP = "oversight", "sweep"

OF_START = (Key(("b",), _("Börja rundan, eller gå vidare med den du har öppen")),)
OF_SWEEP = (
    Key(("o",), _("Öppna bredvid listan"), "sweep-open"),
    Key(("x",), _("Märk, för en anmärkning när du signerar"), "mark"),
    Key(("t",), _("Ta bort eller dölj, med bevis"), "sweep-remove"),
    Key(("r",), _("Svara: gå till ärendet"), "sweep-answer"),
    Key(("i",), _("Inget fel med det här"), "sweep-fine"),
    Key(("n",), _("Nästa som inte är visad än"), "sweep-next"),
    Key(("s",), _("Signera rundan")),
)


def register_all() -> None:
    """Tell the look of them."""
    register(START, OF_START)
    register(SWEEP, OF_SWEEP)
