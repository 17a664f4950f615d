"""A case ends when what it is about has been removed, and opens again when that is shown again (D43, D35)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.inbox import actions
from uppsikt.inbox.models import Case, CaseItem
from uppsikt.inbox.rules import Outcome
from uppsikt.inbox.states import UNANSWERED
from uppsikt.kernel import trail
from uppsikt.moderation.models import Removal
from uppsikt.records.models import Item

AWAY = ("gone", "hidden", "held")


def done(removal: Removal, *, now: datetime) -> None:
    """What was removed wants no answer: its case ends, unless something else in it still does."""
    case = case_of(removal.item)
    if case is None:
        return
    with transaction.atomic():
        row = actions.locked(case.pk)
        if row.state not in UNANSWERED or waits_still(row):
            return
        # The ground, and never the words: a case is read by more people than a removal is.
        reason = _("Borttaget eller dolt. Grund: %(ground)s.") % {"ground": removal.ground.name}
        actions.close(row, "no_answer", Outcome.NO_ANSWER, reason, by=actions.INBOX, now=now)


def restored(removal: Removal, *, now: datetime) -> None:
    """It is shown again: the case that ended because of it opens, with a deadline from now."""
    case = case_of(removal.item)
    if case is None:
        return
    with transaction.atomic():
        row = actions.locked(case.pk)
        last = trail.steps_of(row).filter(name="no_answer").order_by("-id").first()
        if row.state != "closed" or last is None or last.by != actions.INBOX.key or last.at < removal.proposed_at:
            return
        trail.take(
            "reopen",
            row,
            by=actions.INBOX,
            at=now,
            reason=_("Det som togs bort visas igen."),
            due_at=actions.deadline(now).at,
            received_at=now,
            times_opened=row.times_opened + 1,
            **actions.AFRESH,
        )


def case_of(item: Item) -> Case | None:
    """The case that the item belongs to."""
    known = CaseItem.objects.filter(item=item).select_related("case").first()
    return known.case if known else None


def waits_still(case: Case) -> bool:
    """Whether the newest that was said in the case is still shown, and so may want an answer."""
    return case.last_item.state not in AWAY
