"""When an item is looked at again, and which time it is sorted by. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

# An item whose published time lies further ahead than this has a wrong clock at its sender's.
CLOCK_SLACK = timedelta(minutes=10)
OLDEST = 1995


def believable(published: datetime | None, captured: datetime) -> datetime:
    """The time an item is taken to have come in: as published, unless that cannot be; then as captured."""
    if published is None or published > captured + CLOCK_SLACK or published.year < OLDEST:
        return captured
    return published


def next_check(age: timedelta, now: datetime, plan: Iterable[tuple[float, float]]) -> datetime | None:
    """When an item of an age is re-fetched, from a plan of (up to age in hours, every so many minutes).

    An item older than the whole plan is left alone: None. Networks tell neither of edits nor of
    deletions, so a record is only as true as the last look at it (D18, D40).
    """
    for hours, minutes in plan:
        if age <= timedelta(hours=hours):
            return now + timedelta(minutes=minutes)
    return None
