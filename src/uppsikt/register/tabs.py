"""The room's tabs, in the order in which an account lives. Each part of the register adds its line."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uppsikt.ui import nav
from uppsikt.ui.parts import Tab

# Name of the view, and what the tab says. Shown to those whom the view lets in.
TABS: tuple[tuple[str, Promise], ...] = (
    ("accounts", _("Konton")),
    ("orders", _("Beställningar")),
    ("deviations", _("Avvikelser")),
    ("events", _("Händelser")),
    ("people", _("Personer")),
    ("loans", _("Lån")),
    ("relations", _("Relationer")),
    ("activity", _("Aktivitet")),
    ("ends", _("Avslut")),
    ("finds", _("Hittade")),
    ("public_facts", _("Öppna listan")),
)


def of(request: HttpRequest, current: str) -> list[Tab]:
    """The tabs that the person has; `current` is the name of the view that is shown ("" for none of them)."""
    rows = [(name, str(label), reverse(f"register:{name}")) for name, label in TABS]
    return [Tab(label, url, None, name == current) for name, label, url in rows if nav.lets_in(request, url)]
