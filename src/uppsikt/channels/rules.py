"""What a mandate can open (D21), and how long an answer may be tried."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """Something that is done on a channel and asks for a mandate."""

    ANSWER = "answer"
    PUBLISH = "publish"
    HIDE = "hide"
    REMOVE = "remove"


# After a failure that may pass, in seconds; then the last one is repeated. A person sees it from the first.
WAITS = (15, 60, 300, 900)

GIVE_UP_AFTER = 20

# Kinds of trouble that mostly pass by themselves, and the attempt at which they no longer seem to.
PASSING = ("retry", "quota")
LASTS = 3


def wait(attempts: int, asked: float | None = None) -> float:
    """Seconds to the next try, never less than the network asked for."""
    own = WAITS[min(max(attempts, 1), len(WAITS)) - 1]
    return max(float(own), asked or 0.0)


def is_loud(kind: str, count: int, *, new: bool) -> bool:
    """Whether the responsible person is told: at once of what only a person can mend, of the rest when it lasts."""
    return new if kind not in PASSING else count == LASTS


def needs_somebody(kind: str, count: int) -> bool:
    """Whether a trouble, met so many times in a row, is one that a person must do something about."""
    return bool(kind) and (kind not in PASSING or count >= LASTS)
