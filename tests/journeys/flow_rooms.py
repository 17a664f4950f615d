"""What the pages of the flow of cases show: absence, merged and split cases, figures, the expert's page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

import factories
from uppsikt.organisation import absences
from uppsikt.organisation.rules import Role


def away() -> tuple[Any, ...]:
    """Somebody is away and covered for."""
    now = timezone.now()
    boss, one, other = factories.person(Role.ADMINISTRATOR), factories.person(name="Anna Ek"), factories.person(name="Bo Alm")
    absences.note(person=one, cover=other, since=now, until=now + timedelta(days=14), by=boss, now=now)
    return ()
