"""Effects outside the building: written, trying, done, failed, unknown. Never repeated blindly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from uppsikt.kernel import trail
from uppsikt.kernel.models import Intent
from uppsikt.kernel.trail import Doer


def write(
    kind: str,
    target: str,
    payload: Mapping[str, Any],
    *,
    by: Doer,
    now: datetime,
    not_before: datetime | None = None,
) -> Intent:
    """Write down what is meant to happen, before anything is tried; nothing is tried before `not_before`."""
    intent = Intent(
        kind=kind,
        target=target,
        payload=dict(payload),
        written_at=now,
        not_before=not_before,
        by=by.key,
        by_name=by.name[:200],
    )
    return trail.begin(intent, by=by, at=now, step="write", also={"target": target})


def start(intent: Intent, *, by: Doer, now: datetime) -> Intent:
    """Say that the effect is being tried from now on."""
    return trail.take("try", intent, by=by, at=now, attempts=intent.attempts + 1, tried_at=now, not_before=None)


def done(intent: Intent, result: Mapping[str, Any], *, by: Doer, now: datetime) -> Intent:
    """The effect is there: the network said so, or we read it back."""
    return trail.take("done", intent, by=by, at=now, result=dict(result), ended_at=now, needs_person=False)


def trouble(  # an intent's trouble has this many sides
    step: str,
    intent: Intent,
    *,
    kind: str,
    code: str,
    facts: Mapping[str, str],
    by: Doer,
    now: datetime,
    **fields: Any,
) -> Intent:
    """The effect is not there, or we cannot tell (`step` is wait, fail or lose)."""
    return trail.take(step, intent, by=by, at=now, error_kind=kind, error_code=code, error_facts=dict(facts), **fields)
