"""A line of somebody's start page (D71)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to do. `quote` is from a network and shown as such; `order` sorts what has no deadline."""

    icon: str
    what: str
    why: str
    url: str
    tone: str = "neutral"
    due_at: datetime | None = None
    quote: str = ""
    who: str = ""
    order: int = 0
    case_id: int = 0

    @property
    def place(self) -> tuple[bool, float, int]:
        """Where it stands: deadlines first, the nearest on top."""
        return self.due_at is None, self.due_at.timestamp() if self.due_at else 0.0, self.order
