"""What the tests of triage are made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import factories
from factories import THURSDAY
from uppsikt.channels.models import Channel
from uppsikt.records.models import Item
from uppsikt.triage import reading, taking
from uppsikt.triage.reading import Read

NOW = THURSDAY + timedelta(hours=1)
# An official test number of the tax agency.
NUMBER = "19900118-9811"
URGENT = f"Hon som bor där har personnummer {NUMBER}, ring henne"
PLAIN = "Tack för en fin lekplats"


def taken(*items: Item, after: datetime | None = None, now: datetime = NOW) -> list[Read]:
    """Have triage read what these items say now."""
    return taking.take(reading.newest_of(item.pk for item in items), after=after, now=now)


def item(channel: Channel, text: str, **more: Any) -> Item:
    """Something received, not read by triage yet."""
    return factories.item(channel, text=text, **more)
