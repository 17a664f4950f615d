"""When what is wrong with an item was first known here: removal is owed from then on (lag 1998:112 4 a §, 5 §)."""

from __future__ import annotations

from datetime import datetime

from uppsikt.moderation.rules import first_known
from uppsikt.records.models import Item
from uppsikt.triage.models import Reading

# The level at which a reading says that something must be seen to at once.
URGENT = 4


def of(item: Item, *, now: datetime) -> tuple[datetime, str]:
    """When it was known, and to whom: "person" or "system"."""
    readings = Reading.objects.filter(version__item=item, level__gte=URGENT).values_list("at", flat=True)
    return first_known(item.known_at, readings, now)
