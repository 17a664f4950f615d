"""When what is wrong with an item was first known here: removal is owed from then on (lag 1998:112 4 a §, 5 §)."""

from __future__ import annotations

from datetime import datetime

from uppsikt.moderation.rules import first_known
from uppsikt.records.models import Item


def of(item: Item, *, now: datetime) -> tuple[datetime, str]:
    """When it was known, and to whom: "person" or "system"."""
    return first_known(item.known_at, (), now)
