"""The kinds of notice, and which go by e-mail unless a person says otherwise. Plain Python."""

from __future__ import annotations

BY_EMAIL = {
    "assigned": True,
    "expert_answered": True,
    "not_sent": True,
    "late": True,
    "due_soon": False,
    "channel_trouble": True,
}

# After a failure to hand a letter over, in seconds.
WAITS = (30, 120, 600, 3600, 14400)


def wait(tries: int) -> int | None:
    """Seconds to the next try, or None when it is given up."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None
