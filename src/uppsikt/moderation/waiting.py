"""What waits for one person around removals, for their start page: to decide, to mend, to answer for (D45, D71).

Two questions, however much there is: the removals, whose delegation is weighed one by one, and all the rest at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, DateTimeField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.moderation import (
    blocks,
    delegation,
    incidents,
    police,
    queries,
    reconsidering,
    registering,
    reports,
    rulings,
    words,
)
from uppsikt.moderation.models import (
    Block,
    Incident,
    NetworkReport,
    PoliceReport,
    Reconsideration,
    Removal,
    Ruling,
    Vanishing,
)
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.reading import Reader

MOST = 10
# Beyond so many nobody needs the exact number.
COUNT_TO = 1000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what, why, where, when it is owed, and which channel it is about."""

    what: str
    why: str
    url: str
    tone: str = "warning"
    due_at: datetime | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of matters that wait: which rows, how they are told, and the sort that their addresses have."""

    rows: QuerySet[Any]
    what: str
    why: str
    sort: str
    tone: str = "warning"
    is_owed: bool = False

    def address(self, pk: int) -> str:
        """Where one of them is shown, without the host."""
        if self.sort == VANISHED:
            return reverse("moderation:vanishing", args=[pk])
        return reverse("moderation:matter", args=[self.sort, pk])

    def asked(self, number: int) -> QuerySet[Any, tuple[int, int, str, datetime | None]]:
        """Its rows as one question has them beside the other kinds: which kind, key, channel, and when it is owed."""
        due = F("due_at") if self.is_owed else Cast(Value(None), DateTimeField())
        kind = Value(number, output_field=IntegerField())
        return self.rows.order_by("pk").values_list(kind, "pk", "item__channel__name", due)[:MOST]


VANISHED = "forsvunnet"
REGISTERED = -1


def decided_by(person: Person) -> Q | None:
    """The matters that the person decides: of the units that they manage, or all; None for who decides nothing."""
    if Role.COMMUNICATIONS in person.roles:
        return Q()
    if Role.MANAGER not in person.roles:
        return None
    units = person.units_as(Role.MANAGER)
    return Q() if units is None else Q(item__channel__unit__in=units)


def for_person(person: Person, reader: Reader, *, now: datetime) -> Iterator[Waiting]:
    """What waits for the person, of items that they may read; what is urgent first."""
    readable, mine = queries.of_readable(reader), decided_by(person)
    yield from removals(person, readable, mine, now=now)
    kinds = [*for_registrar(person, readable), *for_decider(person, readable, mine), *begun(person, readable)]
    asked = [kind.asked(number) for number, kind in enumerate(kinds)]
    if Role.REGISTRAR in person.roles:
        asked.append(to_register(reader))
    found = sorted(asked[0].union(*asked[1:], all=True), key=lambda row: row[:2])
    for number, pk, channel, due in found:
        if number != REGISTERED:
            kind = kinds[number]
            yield Waiting(kind.what, kind.why, kind.address(pk), kind.tone, due, channel)
    if count := sum(number == REGISTERED for number, *_rest in found):
        yield registered(count)


def removals(person: Person, readable: Q, mine: Q | None, *, now: datetime) -> Iterator[Waiting]:
    """Those that the person is to decide, the urgent ones first; then what they stood behind and the network kept."""
    stood = Q(proposed_by=person) | Q(decided_by=person)
    rows = Removal.objects.filter(readable).select_related("item__channel", "ground", "proposed_by")
    asked = rows.filter(stood, state="failed").order_by("pk")[:MOST]
    if mine is not None:
        proposed = rows.filter(mine, state="proposed").exclude(proposed_by=person).order_by("-urgent", "pk")[:MOST]
        asked = asked.union(proposed, all=True)
    for row in sorted(asked, key=lambda row: (row.state == "failed", not row.urgent, row.pk)):
        url, channel = reverse("moderation:removal", args=[row.pk]), row.item.channel.name
        if row.state == "failed":
            why = words.trouble(row.trouble_code)
            yield Waiting(_("Det ligger kvar på nätet"), why, url, "danger", about=channel)
        elif delegation.may_decide(person, row, at=now):
            facts = {"who": row.proposed_by.name, "ground": row.ground.name}
            why = _("%(who)s föreslår det. Grund: %(ground)s.") % facts
            tone = "danger" if row.urgent else "warning"
            yield Waiting(_("Besluta om en borttagning"), why, url, tone, about=channel)


def for_registrar(person: Person, readable: Q) -> Iterator[Kind]:
    """Questions to the board's office."""
    if Role.REGISTRAR in person.roles:
        yield Kind(
            Ruling.objects.filter(readable, state="asked"),
            _("Svara på en fråga"),
            _("Någon är osäker på vad som gäller."),
            rulings.SORT,
            "info",
            is_owed=True,
        )


def to_register(reader: Reader) -> QuerySet[Any, tuple[int, int, str, datetime | None]]:
    """What must be registered, each of them: they are only counted."""
    kind, nothing = Value(REGISTERED, output_field=IntegerField()), Value("", output_field=CharField())
    rows = registering.waiting(reader).order_by()
    return rows.values_list(kind, "pk", nothing, Cast(Value(None), DateTimeField()))[:COUNT_TO]


def registered(count: int) -> Waiting:
    """The line for the registrar about all that must be registered."""
    return Waiting(
        ngettext("Registrera %(count)d handling", "Registrera %(count)d handlingar", count) % {"count": count},
        _("Sekretess, polisanmälan eller incident gör att de ska i diariet."),
        reverse("moderation:matters", args=["registreras"]),
    )


def for_decider(person: Person, readable: Q, mine: Q | None) -> Iterator[Kind]:
    """Requests for reconsideration and blocks to approve, not those that they stood behind; and incidents."""
    if mine is not None:
        stood = Q(removal__proposed_by=person) | Q(removal__decided_by=person)
        yield Kind(
            Reconsideration.objects.filter(mine, readable, state="asked").exclude(stood),
            _("Pröva en borttagning igen"),
            _("Den som skrev det tycker att beslutet är fel."),
            reconsidering.SORT,
            is_owed=True,
        )
        yield Kind(
            Block.objects.filter(mine, readable, state="proposed").exclude(by=person),
            _("Besluta om en avstängning"),
            _("Någon annan än du har föreslagit den."),
            blocks.SORT,
        )
    all_of_them = Role.DATA_PROTECTION in person.roles
    if mine is not None or all_of_them:
        yield Kind(
            Incident.objects.filter(readable, Q() if all_of_them or mine is None else mine, state="open"),
            _("Hantera incidenten"),
            _("Besluta om incidenten ska anmälas till IMY. 72 timmar räknas från när det blev känt."),
            incidents.SORT,
            "danger",
            is_owed=True,
        )


def begun(person: Person, readable: Q) -> Iterator[Kind]:
    """What the person is asked about, or began, and must do on the network or elsewhere."""
    yield Kind(
        Vanishing.objects.filter(readable, asked=person, state="asked"),
        _("Säg vem som tog bort något"),
        _("Det är borta ur kanalen utan beslut här."),
        VANISHED,
    )
    hand = _("Nätet tar inte emot det härifrån.")
    own = Block.objects.filter(readable, by=person)
    yield Kind(own.filter(state="approved"), _("Stäng av på nätet"), hand, blocks.SORT)
    over = own.filter(state="ended", in_force_at__isnull=False)
    yield Kind(over, _("Häv avstängningen på nätet"), _("Tiden har gått ut."), blocks.SORT)
    to_do = NetworkReport.objects.filter(readable, by=person, state="to_do")
    yield Kind(to_do, _("Anmäl på nätet"), hand, reports.SORT)
    made = PoliceReport.objects.filter(readable, by=person, state="made")
    yield Kind(made, _("Lämna in polisanmälan"), _("Den är klar att lämna in."), police.SORT)
