"""How far a reading of a channel has come: saved with the cursor, shown on pages and at the terminal."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from uppsikt.channels.models import Channel, Cursor

# The pace is that of about the last minute; after a gap longer than this it is measured anew.
SMOOTH = 60.0
GAP = timedelta(minutes=3)
# A reading that was broken off for so long is, where the history is read already, another one when it goes on.
ANOTHER = timedelta(minutes=30)
# With fewer left than this there is nothing to forecast.
WORTH_TELLING = 500
MOVING = timedelta(seconds=90)


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading under way. `left` is the network's own count, None where it gives none; `seconds` what that takes."""

    read: int
    left: int | None
    pace: float | None
    since: datetime
    moved_at: datetime

    @property
    def total(self) -> int | None:
        """About how many there are in all."""
        return None if self.left is None else self.read + self.left

    @property
    def percent(self) -> int | None:
        """How much of it is read, 0 to 99: what is under way is not done."""
        return None if not self.total else min(99, self.read * 100 // self.total)

    @property
    def seconds(self) -> float | None:
        """How long the rest takes at the pace of late; None where nobody can tell."""
        return self.left / self.pace if self.left is not None and self.pace else None

    def moves(self, now: datetime) -> bool:
        """Whether something has been read of late; else it waits for its turn, for the network or for somebody."""
        return now - self.moved_at < MOVING


def begin(channel: Channel, *, now: datetime) -> Cursor:
    """Where the channel's next reading is to go on. Raises Cursor.DoesNotExist."""
    row = Cursor.objects.get(channel=channel)
    history = channel.caught_up_at is None
    if row.begun_at is None or (not history and now - max(row.saved_at, row.begun_at) > ANOTHER):
        row.begun_at, row.read, row.left, row.pace = now, 0, None, None
        row.save(update_fields=["begun_at", "read", "left", "pace"])
    return row


def advance(channel: Channel, value: Mapping[str, Any], *, read: int, left: int | None, now: datetime) -> None:
    """Save the cursor, in the transaction that saves what was read, and how far that is: `read` more, `left` to go."""
    row = Cursor.objects.get(channel=channel)
    since = max(row.saved_at, row.begun_at or row.saved_at)
    row.pace = pace(row.pace, read, now - since)
    row.value, row.saved_at, row.read, row.left = dict(value), now, row.read + read, left
    row.save(update_fields=["value", "saved_at", "read", "left", "pace"])


def pace(before: float | None, read: int, passed: timedelta) -> float | None:
    """Items a second: what was the pace until now, and what the last stretch was, by how long it took."""
    seconds = passed.total_seconds()
    if seconds <= 0 or passed > GAP:
        return None if passed > GAP else before
    weight = 1.0 if before is None else 1 - math.exp(-seconds / SMOOTH)
    return (before or 0.0) * (1 - weight) + read / seconds * weight


def finish(channel: Channel) -> None:
    """The reading has come to its end."""
    Cursor.objects.filter(channel=channel).update(begun_at=None, left=None, pace=None)


def of(channel: Channel) -> Reading | None:
    """The channel's reading, where there is so much of it that somebody wants to know; else None."""
    return told(getattr(channel, "cursor", None), history=channel.caught_up_at is None)


def told(row: Cursor | None, *, history: bool) -> Reading | None:
    """The reading that a cursor knows of."""
    if row is None or row.begun_at is None or not (history or (row.left or 0) > WORTH_TELLING):
        return None
    return Reading(row.read, row.left, row.pace, row.begun_at, max(row.saved_at, row.begun_at))
