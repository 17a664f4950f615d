"""Cases that are answered together: one leads, the others follow it and lose nothing of their own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Min

from uppsikt.inbox.models import Answer, Case
from uppsikt.inbox.rules import Sort
from uppsikt.kernel import trail
from uppsikt.kernel.trail import Doer

AWAKE: dict[str, Any] = {"snoozed_until": None, "snooze_reason": ""}


def locked(*keys: int) -> dict[int, Case]:
    """The cases' rows by key, locked until the transaction ends, always in the same order so that nobody deadlocks.

    Without joins: PostgreSQL joins again after waiting for the lock, with what it had read of the other tables
    before, and then finds no row at all, or nobody, where somebody else has pointed the case at something new.
    """
    rows = Case.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows}


def locked_family(pk: int) -> dict[int, Case]:
    """A case, the one that leads it and those that it leads, locked; who belongs may have changed while we waited."""
    keys = family(pk)
    while True:
        rows, found = locked(*keys), family(pk)
        if found <= keys:
            return rows
        keys |= found


def family(pk: int) -> set[int]:
    """The keys of a case, of the one that leads it and of those that it leads."""
    leader = Case.objects.filter(pk=pk).values_list("merged_into_id", flat=True).first()
    return {pk, *members_of(pk).values_list("pk", flat=True), *([leader] if leader else [])}


def members_of(pk: int) -> Any:
    """The cases that follow this one, oldest first."""
    return Case.objects.filter(merged_into_id=pk).order_by("pk")


def own_due(case: Case) -> datetime:
    """The case's own deadline, whatever those that follow it have."""
    return case.own_due_at or case.due_at


def due_fields(case: Case, own: datetime) -> dict[str, Any]:
    """The deadlines as the case's fields hold them: where others follow it, the earliest of all is its own too."""
    theirs: datetime | None = members_of(case.pk).aggregate(first=Min("due_at"))["first"]
    if theirs is None:
        return {"due_at": own, "own_due_at": None}
    return {"due_at": min(own, theirs), "own_due_at": own}


def settle(pk: int) -> None:
    """Count a leading case's deadline anew, after something has changed among those that follow it."""
    row = Case.objects.select_for_update().get(pk=pk)
    Case.objects.filter(pk=pk).update(**due_fields(row, own_due(row)))


def part(member: Case, *, by: Doer, now: datetime, reason: str = "") -> Case:
    """Let a case go its own way again, with the deadline that it has: that of its question, or of what was promised."""
    held = Answer.objects.filter(case=member, sort=Sort.HOLDING, state="published", promise_due_at=member.due_at)
    step = "part_promised" if held.exists() else "part"
    return trail.take(
        step, member, by=by, at=now, reason=reason, also={"from": member.merged_into_id}, merged_into=None
    )


def others(members: Iterable[Case], leader: Case) -> list[Case]:
    """Those that need an answer of their own: one for each conversation that the leader's answer is not seen in."""
    by_thread = {member.thread_id: member for member in members if member.thread_id != leader.thread_id}
    return list(by_thread.values())
