"""What waits for somebody around the accounts is said again when nothing happens to it (D6, D31, D52-D57).

Whom an order, a loan or an end waits for is told when it comes to them. Told once, on the day before a holiday, it
would wait for ever: so they are told again after some working days, and from the second time the communications unit
is told too, since somebody else may have to see to it. What was said stands in the trail, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.models import Step
from uppsikt.kernel.once import reading
from uppsikt.kernel.trail import Doer
from uppsikt.notices import actions as notices
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy
from uppsikt.register import closing, ends, loans, order_queries, order_telling, transfer, waiting
from uppsikt.register.closing_models import Closing, Transfer
from uppsikt.register.loan_models import Loan, LoanPerson
from uppsikt.register.order_models import Opening, Order
from uppsikt.register.order_states import UNDER_WAY

REMINDER = Doer.system("reminders")
RULE = "account.remind_working_days"
STEP = "remind"

# Whom an order waits for, in each state that waits.
ORDER_WAITS: Mapping[str, str] = {
    "draft": "communications",
    "asked": "unit",
    "sent": "manager",
    "consulting": "communications",
    "proposed": "manager",
    "approved": "unit",
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of things that wait: which, for whom, what is to be done, and where. `notice` is what it is told as."""

    rows: QuerySet[Any]
    people: Callable[[Any, datetime], Iterable[Person | None]]
    words: Callable[[Any], waiting.Words]
    about: Callable[[Any], str]
    address: Callable[[Any], str]
    notice: str
    # Things whose steps are steps of this one too: their keys, and whose they are.
    parts: type[models.Model] | None = None


@dataclass(slots=True)
class Trace:
    """When something last happened to a thing, and when it was last said again."""

    moved: datetime | None = None
    reminded: datetime | None = None

    @property
    def again(self) -> bool:
        """Whether it has been said again since something happened."""
        return self.reminded is not None and (self.moved is None or self.reminded > self.moved)

    @property
    def last(self) -> datetime | None:
        """The later of the two."""
        return self.reminded if self.again else self.moved


def kinds() -> Iterator[Kind]:
    """All that waits for people around the accounts."""
    from_outside = Q(state="draft", by=None)
    orders = Order.objects.filter(Q(state__in=UNDER_WAY) | from_outside)
    yield Kind(
        orders.select_related("unit", "by", "responsible"),
        lambda row, now: order_telling.concerned(row, ORDER_WAITS[row.state], now=now),
        lambda row: waiting.ORDERS[row.state],
        str,
        order_queries.address,
        order_telling.KIND,
        Opening,
    )
    unread = LoanPerson.objects.filter(acknowledged_at=None).values("loan")
    lent = Loan.objects.filter(Q(state__in=["asked", "ended"]) | Q(state__in=list(waiting.BORROWED), pk__in=unread))
    yield Kind(lent.select_related("channel__unit"), borrowing, loan_words, channel_name, loans.address, "loan")
    closings = Closing.objects.filter(state__in=closing.OPEN)
    yield Kind(
        closings.select_related("channel__unit", "by"), closes, closing_words, channel_name, closing.address, ends.KIND
    )
    transfers = Transfer.objects.filter(state="preparing")
    yield Kind(
        transfers.select_related("channel__unit", "by"),
        lambda row, now: [row.by],
        lambda row: waiting.TRANSFERS[row.state],
        channel_name,
        transfer.address,
        ends.KIND,
    )


def channel_name(row: Any) -> str:
    """The name of the account that it is about."""
    name: str = row.channel.name
    return name


def borrowing(loan: Loan, now: datetime) -> Iterable[Person]:
    """Whom a loan waits for: the communications unit, those who have not acknowledged it, those who hand it back."""
    if loan.state == "asked":
        return ends.communications(now)
    return Person.objects.filter(
        pk__in=loan.people.filter(acknowledged_at__isnull=loan.state != "ended").values("person_id")
    )


def loan_words(loan: Loan) -> waiting.Words:
    """What is to be done about a loan."""
    return {**waiting.ASKED_TO_LEND, **waiting.BORROWED, **waiting.HAND_BACK}[loan.state]


def closes(row: Closing, now: datetime) -> Iterable[Person]:
    """Whom a closing waits for: the communications unit's view, the manager's decision, whoever carries it out."""
    if row.state == "approved":
        return [row.by]
    return organisation.managers(row.channel.unit, at=now) if row.view else ends.communications(now)


def closing_words(row: Closing) -> waiting.Words:
    """What is to be done about a closing."""
    return waiting.VIEWS["asked"] if row.state == "asked" and not row.view else waiting.CLOSINGS[row.state]


def remind(*, now: datetime) -> int:
    """Say again what nothing has happened to for as long as the policy says; how many things were said again."""
    said = 0
    for kind in kinds():
        for row, trace in overdue(kind, now=now):
            said += say(kind, row, trace, now=now)
    return said


def overdue(kind: Kind, *, now: datetime) -> list[tuple[Any, Trace]]:
    """The things of a kind to which nothing has happened for so long, with their traces."""
    rows = list(kind.rows.order_by("pk"))
    traces = traces_of(kind, rows)
    found = []
    with reading():
        for row in rows:
            trace = traces[row.pk]
            if trace.last is not None and policy.due(trace.last, days=policy.number(RULE)).at <= now:
                found.append((row, trace))
    return found


def traces_of(kind: Kind, rows: list[Any]) -> dict[int, Trace]:
    """The trace of each thing, in one or two questions."""
    traces = {row.pk: Trace() for row in rows}
    read(traces, kind.rows.model, {pk: pk for pk in traces})
    if kind.parts is not None:
        parts = kind.parts._default_manager.filter(order__in=list(traces))
        read(traces, kind.parts, dict(parts.values_list("pk", "order_id")))
    return traces


def read(traces: dict[int, Trace], model: type[models.Model], belongs: Mapping[int, int]) -> None:
    """Bring the traces up to date with the steps of these things."""
    steps = Step.objects.filter(kind=trail.kind_of(model), thing_id__in=list(belongs)).order_by()
    found = steps.values_list("thing_id").annotate(
        moved=Max("at", filter=~Q(name=STEP)), reminded=Max("at", filter=Q(name=STEP))
    )
    for key, moved, reminded in found:
        trace = traces[belongs[key]]
        trace.moved = max(filter(None, (trace.moved, moved)), default=None)
        trace.reminded = max(filter(None, (trace.reminded, reminded)), default=None)


def say(kind: Kind, row: Any, trace: Trace, *, now: datetime) -> bool:
    """Tell those for whom it waits, once more; False where there is nobody to tell."""
    told = {one.pk: one for one in kind.people(row, now) if one is not None and one.is_active}
    # Who has left or was never there does nothing: then, as when nobody heeds it, the communications unit is told.
    if trace.again or not told:
        told |= {one.pk: one for one in ends.communications(now)}
    if not told:
        return False
    since = timezone.localdate(trace.moved or now)
    with transaction.atomic():
        trail.note(STEP, row, by=REMINDER, at=now, also={"people": list(told.values()), "since": since})
        notices.tell(
            told.values(), kind=kind.notice, words=lambda: words(kind, row, since.isoformat()), url=kind.address(row),
            now=now,
        )  # fmt: skip
    return True


def words(kind: Kind, row: Any, since: str) -> str:
    """What is said."""
    what, _why = kind.words(row)
    return _("Påminnelse: %(about)s har väntat sedan %(day)s. %(what)s.") % {
        "about": kind.about(row),
        "day": since,
        "what": what,
    }
