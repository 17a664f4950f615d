"""The pages of the policy, as tabs."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from uppsikt.ui.parts import Tab


def tabs(here: str) -> list[Tab]:
    """Rules and hours, the guideline, courses, grounds, disposal decisions; `here` is the key of one of them."""
    pages = (
        ("page", _("Regler"), "policy:page"),
        ("guideline", _("Riktlinje"), "policy:guideline"),
        ("courses", _("Kurser"), "policy:courses"),
        ("grounds", _("Grunder"), "policy:grounds"),
        ("decisions", _("Gallringsbeslut"), "policy:disposal_decisions"),
    )
    return [Tab(label, reverse(name), current=here == key) for key, label, name in pages]
