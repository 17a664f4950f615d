"""The network's own clock: it can run faster than time, stand still, and be stepped; it survives a restart."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from practice.store import Store


def stamp(moment: datetime) -> str:
    """A moment as text that sorts as it happened: UTC to the millisecond, always 24 characters."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """An aware UTC datetime from ISO text. Raises ValueError when it is none, or has no zone."""
    found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if found.tzinfo is None:
        raise ValueError("a time needs a zone, as in 2026-11-23T08:00:00Z")
    return found.astimezone(UTC)


class Clock:
    """Reads `shown + (time - real) * speed`, the three numbers kept in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        if store.note("clock_shown") is None:
            self._anchor(datetime.now(UTC), 1.0)

    def now(self) -> datetime:
        """The network's time, aware UTC."""
        shown = moment(self._store.note("clock_shown") or "")
        real = float(self._store.note("clock_real") or 0)
        speed = self.speed
        return shown + timedelta(seconds=(time.time() - real) * speed)

    @property
    def speed(self) -> float:
        """Seconds of the network's time to a second of real time; 0 stands still."""
        return float(self._store.note("clock_speed") or 1)

    def run(self, speed: float) -> None:
        """Go on from the time shown now, at another speed."""
        if speed != self.speed:
            self._anchor(self.now(), speed)

    def show(self, shown: datetime) -> None:
        """Set the clock, keeping its speed."""
        self._anchor(shown, self.speed)

    def step(self, seconds: float) -> None:
        """Move forward by that many seconds of the network's time."""
        self._anchor(self.now() + timedelta(seconds=seconds), self.speed)

    def _anchor(self, shown: datetime, speed: float) -> None:
        with self._store.change():
            self._store.keep("clock_shown", shown.astimezone(UTC).isoformat())
            self._store.keep("clock_real", repr(time.time()))
            self._store.keep("clock_speed", repr(speed))
