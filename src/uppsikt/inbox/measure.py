"""How long a question waited for its first answer, counted once when it is answered (D35, D4)."""

from __future__ import annotations

from datetime import datetime

from uppsikt.inbox import together
from uppsikt.inbox.models import Case, FirstAnswer
from uppsikt.kernel import working
from uppsikt.policy import queries as policy


def first_answer(case: Case, *, at: datetime, holding: bool) -> None:
    """Note that what the case stood open for has been answered; only the first time since it was opened counts."""
    due = together.own_due(case)
    FirstAnswer.objects.bulk_create(
        [
            FirstAnswer(
                case=case,
                channel_id=case.channel_id,
                unit_id=case.unit_id or case.channel.unit_id,
                received_at=case.received_at,
                due_at=due,
                answered_at=at,
                seconds=waited(case.received_at, at),
                in_time=at <= due,
                holding=holding,
            )
        ],
        ignore_conflicts=True,
    )


def waited(received: datetime, answered: datetime) -> int:
    """Seconds of opening time between the two; what was answered before it was asked waited for none."""
    return max(0, int(working.working_seconds_between(received, answered, policy.hours())))
