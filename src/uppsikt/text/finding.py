"""What a detector says: here, in this text, somebody should look, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in a text, what it seems to be, and on what ground it matters (D20, D34).

    `start` and `end` count characters of the text as given (`text[start:end] == quote`), whatever the detector
    made of it. `ground` is a code of the policy's grounds, or "" where the kind is not one to act on (praise,
    a question); `law` names the provision or the rule. `score` is 0 to 1. `why` is one plain Swedish sentence
    that never repeats the text, so that it can stand in a notice or a log.
    """

    kind: str
    start: int
    end: int
    quote: str
    ground: str
    law: str
    score: float
    why: str
    detector: str
    version: str
