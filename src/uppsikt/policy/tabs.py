"""The three pages of the policy, as tabs."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from uppsikt.ui.parts import Tab


def tabs(here: str) -> list[Tab]:
    """Rules and hours, grounds, disposal decisions; `here` is "page", "grounds" or "decisions"."""
    pages = (
        ("page", _("Regler"), "policy:page"),
        ("grounds", _("Grunder"), "policy:grounds"),
        ("decisions", _("Gallringsbeslut"), "policy:disposal_decisions"),
    )
    return [Tab(label, reverse(name), current=here == key) for key, label, name in pages]
