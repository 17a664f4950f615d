"""Taking wordings in: they are read, written of and told of as one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from uppsikt.triage import alarms, reading
from uppsikt.triage.reading import Read


def take(version_ids: Collection[int], *, after: datetime | None, now: datetime) -> list[Read]:
    """Read those of the wordings that today's rules have not read; tell of what is urgent and not said before `after`.

    What is found and whom it was told to is written in one transaction: a job that is broken off has told nobody, and
    the next one tells. Returns what was read.
    """
    results = reading.find(reading.unread(version_ids))
    with transaction.atomic():
        written = reading.write(results, now=now)
        alarms.raise_for(written, after=after, now=now)
    return written
