"""When what is wrong with an item was first known here: removal is owed from then on (lag 1998:112 4 a §, 5 §)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from uppsikt.kernel import trail
from uppsikt.kernel.trail import Doer
from uppsikt.moderation.rules import first_known
from uppsikt.records.models import Item
from uppsikt.triage.models import Reading

# The level at which a reading says that something must be seen to at once.
URGENT = 4
# The step of the trail that says that somebody outside told us of the item.
REPORTED = "reported"


def report(item: Item, *, by: Doer, now: datetime, also: Mapping[str, Any] | None = None) -> None:
    """Write down that somebody outside has told us what is wrong with the item: it is known from now on (D70)."""
    trail.note(REPORTED, item, by=by, at=now, also=also)


def of(item: Item, *, now: datetime) -> tuple[datetime, str]:
    """When it was known, and by whom: "person", "system", or "report" where somebody outside told us."""
    readings = Reading.objects.filter(version__item=item, level__gte=URGENT).values_list("at", flat=True)
    reports = trail.steps_of(item).filter(name=REPORTED).values_list("at", flat=True)
    return first_known(item.known_at, readings, reports, now=now)
