"""Rounds of accounts that are not read here: somebody looks at the account's own page, and states it (D25).

Nothing of what they saw is shown or kept by the program, and nothing here says that it was: the round carries "outside"
in the trail, on its page and in every report. What must be answered or kept is typed in, and is then a record (D18).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.inbox import handed_over
from uppsikt.inbox.handed_over import Question
from uppsikt.inbox.models import Case, CaseItem
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person, Unit
from uppsikt.oversight import actions
from uppsikt.oversight.models import Deed, Round, Sweep
from uppsikt.oversight.rules import What
from uppsikt.records import actions as records


def look(sweep: Sweep, round_: int, *, by: Person, now: datetime) -> Round:
    """State to have looked at the account's own page now. Said twice, it is the first time that counts.

    Raises Refused for another's sweep, an ended round, a round that is made here, and without a mandate.
    """
    with transaction.atomic():
        row = still_open(sweep, round_, by=by, now=now)
        return row if row.looked_at else trail.take("look", row, by=by.doer, at=now, looked_at=now)


def look_back(sweep: Sweep, round_: int, *, by: Person, now: datetime) -> Round:
    """Take that back, before the round is signed. Raises Refused as `look` does."""
    with transaction.atomic():
        row = still_open(sweep, round_, by=by, now=now)
        return trail.take("look_back", row, by=by.doer, at=now, looked_at=None) if row.looked_at else row


def type_in(
    sweep: Sweep, round_: int, question: Question, *, by: Person, now: datetime, unit: Unit | None = None
) -> Case:
    """Take in something that stands on the account as a record with a case, and note it as a deed of the round.

    Raises Refused as `look` does, and for what cannot be taken in.
    """
    with transaction.atomic():
        row = still_open(sweep, round_, by=by, now=now)
        case = handed_over.hand_over(question, by=by, now=now, unit=unit, account=row.channel)
        item = CaseItem.objects.select_related("item").get(case=case).item
        Deed.objects.create(round=row, item=item, what=What.TYPED_IN.value, by=by, at=now)
        # Whoever typed it in has read it: the municipality knows of it from now on (1998:112 §§ 4 a and 5).
        records.know_each({item.pk: now}, by=by.doer)
        trail.note("deed", row, by=by.doer, at=now, also={"item": item, "what": What.TYPED_IN.value})
    return case


def still_open(sweep: Sweep, round_: int, *, by: Person, now: datetime) -> Round:
    """The sweep's open round of an account that is not read here, locked. Raises Refused."""
    actions.check_own(sweep, by=by)
    row = actions.open_rounds(sweep).filter(pk=round_, outside=True).first()
    if row is None:
        raise Refused("ended", _("Rundan är avslutad. Öppna en ny."))
    actions.check_may([row.channel], by=by, now=now)
    return row
