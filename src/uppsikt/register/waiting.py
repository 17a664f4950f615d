"""What waits for one person around the accounts, for their start page: to approve, to agree to, to mend (D71).

One question, however much there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import CharField, DateField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from uppsikt.moderation.waiting import Waiting
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.register import closing, loans, order_queries, transfer
from uppsikt.register.closing_models import Closing, Transfer
from uppsikt.register.deviation_models import Deviation
from uppsikt.register.deviation_states import OPEN
from uppsikt.register.discover_models import Find
from uppsikt.register.loan_models import Loan
from uppsikt.ui.times import day_ends

MOST = 10
# Beyond so many nobody needs the exact number.
COUNT_TO = 1000
# A deviation is told of when its last day is so near.
SOON = timedelta(days=7)

Row = tuple[int, int, str, str, date | None]
# What is to be done, and why.
Words = tuple[str | Promise, str | Promise]


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of things that wait: which rows, what they are about, and by their state what is to be done and why."""

    rows: QuerySet[Any]
    about: str
    words: Mapping[str, Words]
    address: Callable[[Any], str]

    def asked(self, number: int) -> QuerySet[Any, Any]:
        """Its rows as one question has them beside the other kinds: kind, key, state, about, last day."""
        kind = Value(number, output_field=IntegerField())
        return self.rows.order_by("pk").values_list(kind, "pk", "state", self.about, NO_DAY)[:MOST]

    def told(self, pk: int, state: str, about: str) -> Waiting:
        """One of its rows in words."""
        what, why = self.words[state]
        return Waiting(str(what), str(why), self.address(self.rows.model(pk=pk)), about=about)


NO_DAY = Cast(Value(None), DateField())
NOTHING = Value("", output_field=CharField())
# After all others in the answer, whatever their number.
DEVIATIONS, FINDS = 100, 101

ORDERS: dict[str, Words] = {
    "draft": (gettext_lazy("Se till beställningen"), gettext_lazy("Den kom utifrån och saknar något.")),
    "asked": (gettext_lazy("Komplettera beställningen"), gettext_lazy("Chefen har en fråga om den.")),
    "sent": (
        gettext_lazy("Besluta om ett nytt konto"),
        gettext_lazy("Det är du som godkänner att enheten öppnar ett konto."),
    ),
    "consulting": (
        gettext_lazy("Säg kommunikationsenhetens syn på ett nytt konto"),
        gettext_lazy("Chefen har godkänt det."),
    ),
    "proposed": (
        gettext_lazy("Ta ställning till den centrala kanalen"),
        gettext_lazy("Kommunikationsenheten föreslår den i stället för ett eget konto."),
    ),
    "approved": (gettext_lazy("Öppna kontot"), gettext_lazy("Det är godkänt. Gå igenom det som ska finnas på plats.")),
}
ASKED_TO_LEND = {
    "asked": (
        gettext_lazy("Säg om kontot kan lånas ut"),
        gettext_lazy("Ett lån görs upp med kommunikationsenheten."),
    )
}
BORROWED = {
    state: (gettext_lazy("Läs lånets villkor och kvittera"), gettext_lazy("Innan dess kan du inte sköta kontot."))
    for state in ("agreed", "running")
}
HAND_BACK = {
    "ended": (gettext_lazy("Lämna tillbaka kontot"), gettext_lazy("Lånet är slut. Skriv vad den som tar vid behöver."))
}
CLOSINGS = {
    "asked": (
        gettext_lazy("Besluta om att avsluta ett konto"),
        gettext_lazy("Det är chefen som beslutar, i samråd med kommunikationsenheten."),
    ),
    "approved": (gettext_lazy("Avsluta kontot"), gettext_lazy("Det är beslutat. Några steg är kvar.")),
}
VIEWS = {
    "asked": (
        gettext_lazy("Säg kommunikationsenhetens syn på att avsluta ett konto"),
        gettext_lazy("Chefen beslutar när ni har sagt er mening."),
    )
}
TRANSFERS = {
    "preparing": (
        gettext_lazy("Gör klart överlåtelsen"),
        gettext_lazy("Kontot är kommunens tills allt är på plats."),
    )
}


def for_person(person: Person, *, now: datetime) -> Iterator[Waiting]:
    """What waits for the person."""
    kinds = list(kinds_for(person))
    asked = [kind.asked(number) for number, kind in enumerate(kinds)]
    asked.append(deviations(person, now=now))
    if Role.COMMUNICATIONS in person.roles:
        asked.append(finds())
    found: list[Row] = sorted(asked[0].union(*asked[1:], all=True), key=lambda row: row[:2])
    for number, pk, state, about, _day in found:
        if number < DEVIATIONS:
            yield kinds[number].told(pk, state, about)
    yield from to_mend([row for row in found if row[0] == DEVIATIONS], now=now)
    yield from to_judge([row for row in found if row[0] == FINDS])


def kinds_for(person: Person) -> Iterator[Kind]:
    """The sorts of things that can wait for somebody with the person's roles."""
    yield Kind(order_queries.waiting(person), "name", ORDERS, order_queries.address)
    to_acknowledge = Loan.objects.filter(people__person=person, people__acknowledged_at=None, state__in=[*BORROWED])
    yield Kind(to_acknowledge, "channel__name", BORROWED, loans.address)
    over = Loan.objects.filter(people__person=person, people__acknowledged_at__isnull=False, state="ended")
    yield Kind(over, "channel__name", HAND_BACK, loans.address)
    yield Kind(Transfer.objects.filter(by=person, state="preparing"), "channel__name", TRANSFERS, transfer.address)
    decides = managed(person)
    to_close = Q(by=person, state="approved")
    if decides is not None:
        to_close |= decides & Q(state="asked") & ~Q(view="")
    yield Kind(Closing.objects.filter(to_close), "channel__name", CLOSINGS, closing.address)
    if Role.COMMUNICATIONS in person.roles:
        yield Kind(Loan.objects.filter(state="asked"), "channel__name", ASKED_TO_LEND, loans.address)
        yield Kind(Closing.objects.filter(state="asked", view=""), "channel__name", VIEWS, closing.address)


def managed(person: Person) -> Q | None:
    """What concerns the channels of the units that the person manages; None for who manages none."""
    if Role.MANAGER not in person.roles:
        return None
    units = person.units_as(Role.MANAGER)
    return Q() if units is None else Q(channel__unit__in=units)


def deviations(person: Person, *, now: datetime) -> QuerySet[Any, Any]:
    """The person's deviations whose last day is near or past, each of them: they are counted."""
    soon = timezone.localdate(now + SOON)
    rows = Deviation.objects.filter(owner=person, state__in=OPEN, due_on__lte=soon).order_by()
    return rows.values_list(Value(DEVIATIONS, output_field=IntegerField()), "pk", "state", NOTHING, F("due_on"))[
        :COUNT_TO
    ]


def finds() -> QuerySet[Any, Any]:
    """Accounts that were found and nobody has judged, each of them: they are counted."""
    rows = Find.objects.filter(state="new").order_by()
    return rows.values_list(Value(FINDS, output_field=IntegerField()), "pk", "state", NOTHING, NO_DAY)[:COUNT_TO]


def to_mend(rows: list[Row], *, now: datetime) -> Iterator[Waiting]:
    """The line about the person's deviations, due with the first of them."""
    days = sorted(day for *_rest, day in rows if day is not None)
    if not days:
        return
    said = ngettext("Rätta till en avvikelse", "Rätta till %(count)d avvikelser", len(rows)) % {"count": len(rows)}
    late = days[0] < timezone.localdate(now)
    yield Waiting(
        said,
        _("Något i ett konto är inte som det ska. Där står vad, och varför det spelar roll."),
        reverse("register:deviations"),
        "danger" if late else "warning",
        day_ends(days[0]),
    )


def to_judge(rows: list[Row]) -> Iterator[Waiting]:
    """The line about accounts that were found."""
    if rows:
        said = ngettext("Bedöm ett hittat konto", "Bedöm %(count)d hittade konton", len(rows)) % {"count": len(rows)}
        why = _("Det står inte i registret. Är det vårt, någon annans, eller någon som utger sig för att vara oss?")
        yield Waiting(said, why, reverse("register:finds"))
