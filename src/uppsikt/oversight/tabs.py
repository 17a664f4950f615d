"""The room's tabs: making rounds, the rounds that were made, the rota, the report."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.ui.parts import Tab

REPORTS = (Role.MANAGER, Role.COMMUNICATIONS, Role.AUDITOR, Role.DATA_PROTECTION)


def of(person: Person, current: str) -> list[Tab]:
    """The tabs that the person has."""
    shown = [
        ("start", _("Att se igenom")),
        ("rounds", _("Gjorda rundor")),
        ("rota", _("Schema")),
        *([("report", _("Rapport"))] if set(REPORTS) & person.roles else []),
    ]
    return [Tab(label, reverse(f"oversight:{name}"), None, name == current) for name, label in shown]
