"""The same deed on many cases: each by the ordinary action, in a transaction of its own, with an outcome of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from uppsikt.channels.models import Mandate
from uppsikt.channels.rules import Act
from uppsikt.inbox import actions, handing, queries
from uppsikt.inbox.flow_forms import ManySnoozeForm
from uppsikt.inbox.forms import ManyForm
from uppsikt.inbox.models import Case
from uppsikt.inbox.queries import Reach
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person

log = logging.getLogger(__name__)
# More than the pages of an afternoon; a request that names more is no person's.
MOST = 200
COLLEAGUES = 200
# In the session: the last deed that can honestly be undone.
UNDO = "inbox_undo"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a deed needs to know: who does it, when, and what was chosen in the form."""

    by: Person
    now: datetime
    to: Person | None = None
    reason: str = ""
    until: datetime | None = None


Do = Callable[[Case, Asked], object]


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done with many; `undoable` where the cases can be given back as they were."""

    label: str | Promise
    do: Do
    undoable: bool = False
    icon: str = ""


def take(case: Case, asked: Asked) -> object:
    """Make it one's own."""
    return actions.take(case, asked.by, now=asked.now)


def release(case: Case, asked: Asked) -> object:
    """Put it back."""
    return actions.release(case, by=asked.by, now=asked.now)


def assign(case: Case, asked: Asked) -> object:
    """Give it to a colleague."""
    if asked.to is None:
        raise Refused("nobody", _("Välj en kollega."))
    return actions.assign(case, asked.to, by=asked.by, now=asked.now)


def no_answer(case: Case, asked: Asked) -> object:
    """End it without an answer."""
    return actions.no_answer(case, asked.reason, by=asked.by, now=asked.now)


def snooze(case: Case, asked: Asked) -> object:
    """Lay it aside until a time."""
    if asked.until is None:
        raise Refused("no_time", _("Välj när ärendena ska tas upp igen."))
    return handing.snooze(case, until=asked.until, reason=asked.reason, by=asked.by, now=asked.now)


# What was done is said by `said`. Another deed is a line here, and its words there.
DEEDS: dict[str, Deed] = {
    "ta": Deed(gettext_lazy("Ta"), take, undoable=True, icon="hand-index"),
    "slapp": Deed(gettext_lazy("Släpp"), release, undoable=True),
    "lamna-over": Deed(gettext_lazy("Lämna över"), assign, undoable=True, icon="person-plus"),
    "at-sidan": Deed(gettext_lazy("Lägg åt sidan"), snooze, undoable=True, icon="clock"),
    # Not undoable: opened again, the citizen would have to wait a new deadline out.
    "inget-svar": Deed(gettext_lazy("Avsluta utan svar"), no_answer, icon="check2-circle"),
}


def said(key: str, number: int, to: Person | None) -> str:
    """What was done with so many cases."""
    if key == "ta":
        words = ngettext("%(n)s ärende är ditt.", "%(n)s ärenden är dina.", number)
    elif key == "slapp":
        words = ngettext("%(n)s ärende är släppt.", "%(n)s ärenden är släppta.", number)
    elif key == "lamna-over":
        words = ngettext("%(name)s har fått %(n)s ärende.", "%(name)s har fått %(n)s ärenden.", number)
    elif key == "at-sidan":
        words = ngettext("%(n)s ärende är lagt åt sidan.", "%(n)s ärenden är lagda åt sidan.", number)
    else:
        words = ngettext("%(n)s ärende är avslutat utan svar.", "%(n)s ärenden är avslutade utan svar.", number)
    return words % {"n": number, "name": to or ""}


@dataclass(slots=True)
class Outcome:
    """How it went: the cases that it was done with, by key with who had each before, and why not with the others."""

    done: dict[int, int | None] = field(default_factory=dict)
    refused: list[tuple[Case, str]] = field(default_factory=list)
    unknown: int = 0


def carry_out(key: str, pks: Iterable[int], asked: Asked, reached: Reach) -> Outcome:
    """Do it with each of these cases that the person may see. Nothing is half done: a case is done with, or refused."""
    deed, outcome = DEEDS[key], Outcome()
    wanted = list(dict.fromkeys(pks))[:MOST]
    rows = queries.cases(reached).select_related("channel__unit", "last_item__actor", "assignee").in_bulk(wanted)
    for pk in wanted:
        case = rows.get(pk)
        if case is None:
            outcome.unknown += 1
            continue
        before = case.assignee_id
        try:
            deed.do(case, asked)
        except Refused as refused:
            outcome.refused.append((case, refused.words))
        except Exception:
            # A fault of ours in one case keeps none of the others waiting, and is seen in the log.
            log.exception("bulk %s of case %s", key, pk)
            outcome.refused.append((case, _("Något gick fel här. Försök igen, ensamt, i ärendet.")))
        else:
            outcome.done[pk] = before
    return outcome


def undo(kept: Mapping[str, Any], asked: Asked, reached: Reach) -> Outcome:
    """Give the cases back to those who had them before, where nobody has given them to somebody else since."""
    outcome = Outcome()
    before = {int(pk): had for pk, had in kept["cases"].items()}
    rows = queries.cases(reached).select_related("channel__unit", "last_item__actor", "assignee").in_bulk(list(before))
    people = Person.objects.in_bulk([had for had in before.values() if had])
    for pk, had in before.items():
        case = rows.get(pk)
        if case is None:
            outcome.unknown += 1
            continue
        laid_aside = kept["deed"] == "at-sidan"
        if not laid_aside and case.assignee_id != kept["after"]:
            outcome.refused.append((case, _("Någon annan har tagit eller lämnat ärendet sedan dess.")))
            continue
        try:
            if laid_aside:
                take_up(case, had, asked)
            else:
                give_back(case, people.get(had or 0), asked)
        except Refused as refused:
            outcome.refused.append((case, refused.words))
        else:
            outcome.done[pk] = had
    return outcome


def take_up(case: Case, had: int | None, asked: Asked) -> None:
    """Take a case up that was laid aside; whoever did that was given what nobody had, and gives it back."""
    with transaction.atomic():
        row = handing.wake(case, by=asked.by, now=asked.now)
        if had is None and row.assignee_id == asked.by.pk:
            give_back(row, None, asked)


def give_back(case: Case, before: Person | None, asked: Asked) -> None:
    """Give a case back to the one who had it, or to nobody."""
    if before is None:
        actions.release(case, by=asked.by, now=asked.now)
    else:
        actions.assign(case, before, by=asked.by, now=asked.now)


def colleagues(reached: Reach, *, now: datetime) -> QuerySet[Person]:
    """Those who answer in some of the person's channels."""
    held = Mandate.objects.in_force(now).filter(acts__contains=[Act.ANSWER.value])
    held = held.filter(Q(channel=None) | Q(channel__in=reached.answers))
    return Person.objects.filter(is_active=True, pk__in=held.values("person_id")).order_by("name")[:COLLEAGUES]


def context(request: HttpRequest, person: Person, reached: Reach, *, now: datetime) -> dict[str, Any]:
    """What can be done with several, and what can be undone."""
    if not reached.answers:
        return {}
    return {
        "bulk": {
            "colleagues": [row for row in colleagues(reached, now=now) if row.pk != person.pk],
            "form": ManyForm(),
            "snooze": ManySnoozeForm(),
            "can_undo": UNDO in request.session,
        },
    }
