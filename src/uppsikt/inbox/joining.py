"""Merging cases that one answer serves, and splitting a conversation that holds several questions (ADR 0007)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.inbox import actions, handing, together
from uppsikt.inbox.models import Case, CaseItem
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person, Unit
from uppsikt.records.models import Item


def merge(case: Case, into: Case, *, by: Person, now: datetime) -> Case:
    """Answer `case` together with `into`, which leads from now on; the earliest deadline of the two holds for it.

    Nothing moves: each keeps its conversation, notes and trail, and `part` undoes it. Raises Refused where either
    has ended or is being answered, or without a mandate on both channels.
    """
    for each in (case, into):
        actions.check_mandate(each, by, now=now)
    with transaction.atomic():
        rows = together.locked(*(together.family(case.pk) | together.family(into.pk)))
        row, leader = rows[case.pk], rows[into.pk]
        check_can_merge(row, leader, by, now=now)
        followers = [each for each in rows.values() if each.merged_into_id == row.pk]
        also = {"into": leader, "was": row.state}
        own = together.own_due(row)
        row = trail.take(
            "merge",
            row,
            by=by.doer,
            at=now,
            also=also,
            merged_into=leader,
            due_at=own,
            own_due_at=None,
            **actions.NO_CLAIM,
            **together.AWAKE,
        )
        for each in followers:
            trail.take("follow", each, by=by.doer, at=now, also={"into": leader}, merged_into=leader)
        trail.take(
            "lead",
            leader,
            by=by.doer,
            at=now,
            also={"case": row},
            **together.due_fields(leader, together.own_due(leader)),
            **together.AWAKE,
        )
    return row


def check_can_merge(case: Case, into: Case, by: Person, *, now: datetime) -> None:
    """Raise Refused unless the two are open, different, and nobody is answering them."""
    if case.pk == into.pk:
        raise Refused("itself", _("Välj ett annat ärende att slå ihop med."))
    for row in (case, into):
        if not row.is_open:
            raise Refused("not_open", _("Bara öppna ärenden går att slå ihop. Ladda om sidan och se vad som gäller."))
        actions.check_claim(row, by, now=now)
        actions.check_nothing_on_its_way(row)


def part(case: Case, *, by: Person, now: datetime) -> Case:
    """Undo a merge: the case stands by itself again, with its own deadline. Raises Refused without a mandate."""
    actions.check_mandate(case, by, now=now)
    with transaction.atomic():
        rows = together.locked_family(case.pk)
        row = rows[case.pk]
        leader = row.merged_into_id
        row = together.part(row, by=by.doer, now=now)
        if leader:
            together.settle(leader)
            trail.take("let_go", rows[leader], by=by.doer, at=now, also={"case": row})
    return row


def split(
    case: Case, items: Collection[int], *, by: Person, now: datetime, reason: str = "", unit: Unit | None = None
) -> Case:
    """Make a case of its own of some of what was received in one, by the items' keys, perhaps for another unit.

    What was promised for the whole is promised for the part. Merging the new case with the old one undoes it.
    Raises Refused unless something is left, or without a mandate.
    """
    actions.check_mandate(case, by, now=now)
    with transaction.atomic():
        row = actions.locked(case.pk)
        actions.check_claim(row, by, now=now)
        actions.check_nothing_on_its_way(row)
        if not row.is_open:
            raise Refused("closed", _("Ärendet är redan avslutat. Öppna det igen om du vill svara på nytt."))
        held = CaseItem.objects.filter(case=row).select_related("item").order_by("item__at", "item_id")
        all_of_it = [each.item for each in held]
        moved, left = ([each for each in all_of_it if (each.pk in items) is here] for here in (True, False))
        if not moved or not left:
            raise Refused("nothing_left", _("Välj något av det som har kommit in, men inte allt."))
        made = begin_part(row, moved, by=by, now=now, reason=reason, unit=unit)
        CaseItem.objects.filter(item__in=moved).update(case=made)
        trail.take(
            "split",
            row,
            by=by.doer,
            at=now,
            reason=reason,
            also={"case": made, "items": [each.pk for each in moved]},
            **what_is_left(row, left),
        )
        if unit is not None:
            handing.tell_unit(made, unit, by=by, now=now)
    return made


def waiting_in(case: Case, items: list[Item]) -> Item:
    """What has waited longest among the items: the oldest of what came since the case opened, else the newest."""
    return next((each for each in items if each.at >= case.waiting_item.at), items[-1])


def begin_part(case: Case, moved: list[Item], *, by: Person, now: datetime, reason: str, unit: Unit | None) -> Case:
    """The case that holds what was split off; of a case that was opened again by hand, time counts from then (D35)."""
    waiting = waiting_in(case, moved)
    received = max(waiting.at, case.received_at)
    made = Case(
        thread_id=case.thread_id,
        channel_id=case.channel_id,
        split_from=case,
        unit=unit or case.unit,
        last_item=moved[-1],
        waiting_item=waiting,
        received_at=received,
        due_at=actions.deadline(received).at,
        assignee=None if unit else case.assignee,
    )
    also = {"from": case, "items": [each.pk for each in moved], "due_at": made.due_at}
    made = trail.begin(made, by=by.doer, at=now, step="open", reason=reason, also=also)
    if case.state == "promised":
        made = trail.take(
            "promise",
            made,
            by=actions.INBOX,
            at=now,
            also={"from": case},
            due_at=together.own_due(case),
            answered_at=case.answered_at,
        )
    return made


def what_is_left(case: Case, left: list[Item]) -> dict[str, Any]:
    """What the case stands for, once some of it has become another's."""
    fields: dict[str, Any] = {"last_item": left[-1]}
    if all(each.pk != case.waiting_item_id for each in left):
        waiting = waiting_in(case, left)
        fields |= {"waiting_item": waiting, "received_at": waiting.at}
        if case.state == "open":
            own = actions.deadline(max(waiting.at, case.received_at)).at
            fields |= {"received_at": max(waiting.at, case.received_at), **together.due_fields(case, own)}
    return fields
