"""What waits for one person around removals, for their start page (D71)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.moderation import around, blocks, incidents, police, queries, reconsidering, registering, reports, rulings
from uppsikt.moderation.models import Block, Incident, NetworkReport, PoliceReport, Reconsideration, Ruling
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.reading import Reader

MOST = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: what, why, where, and when it is owed."""

    what: str
    why: str
    url: str
    tone: str = "warning"
    due_at: datetime | None = None
    channel: str = ""


def decided_by(person: Person) -> Q | None:
    """The matters that the person decides: of the units that they manage, or all; None for who decides nothing."""
    if Role.COMMUNICATIONS in person.roles:
        return Q()
    if Role.MANAGER not in person.roles:
        return None
    units = person.units_as(Role.MANAGER)
    return Q() if units is None else Q(item__channel__unit__in=units)


def for_person(person: Person, reader: Reader) -> Iterator[Waiting]:
    """What waits for the person, of items that they may read."""
    readable = queries.of_readable(reader)
    if Role.REGISTRAR in person.roles:
        yield from for_registrar(reader, readable)
    mine = decided_by(person)
    if mine is not None:
        yield from for_decider(person, mine & readable)
    if mine is not None or Role.DATA_PROTECTION in person.roles:
        which = readable if Role.DATA_PROTECTION in person.roles else (mine or Q()) & readable
        for row in newest(Incident.objects.filter(which, state="open")):
            why = _("Besluta om incidenten ska anmälas till IMY. 72 timmar räknas från när det blev känt.")
            yield of(row, incidents.SORT, _("Hantera incidenten"), why, "danger")
    yield from begun(person, readable)


def for_registrar(reader: Reader, readable: Q) -> Iterator[Waiting]:
    """Questions to the board's office, and what must be registered."""
    for row in newest(Ruling.objects.filter(readable, state="asked")):
        yield of(row, rulings.SORT, _("Svara på en fråga"), _("Någon är osäker på vad som gäller."), "info")
    count = registering.waiting(reader).count()
    if count:
        yield Waiting(
            ngettext("Registrera %(count)d handling", "Registrera %(count)d handlingar", count) % {"count": count},
            _("Sekretess, polisanmälan eller incident gör att de ska i diariet."),
            reverse("moderation:matters", args=["registreras"]),
        )


def for_decider(person: Person, mine: Q) -> Iterator[Waiting]:
    """Requests for reconsideration, and blocks to approve; not those that they stood behind."""
    stood = Q(removal__proposed_by=person) | Q(removal__decided_by=person)
    for row in newest(Reconsideration.objects.filter(mine, state="asked").exclude(stood)):
        why = _("Den som skrev det tycker att beslutet är fel.")
        yield of(row, reconsidering.SORT, _("Pröva en borttagning igen"), why)
    for block in newest(Block.objects.filter(mine, state="proposed").exclude(by=person)):
        yield of(block, blocks.SORT, _("Besluta om en avstängning"), _("Någon annan än du har föreslagit den."))


def begun(person: Person, readable: Q) -> Iterator[Waiting]:
    """What the person began, and must do on the network or elsewhere."""
    hand = _("Nätet tar inte emot det härifrån.")
    for block in newest(Block.objects.filter(readable, by=person, state="approved")):
        yield of(block, blocks.SORT, _("Stäng av på nätet"), hand)
    for block in newest(Block.objects.filter(readable, by=person, state="ended", in_force_at__isnull=False)):
        yield of(block, blocks.SORT, _("Häv avstängningen på nätet"), _("Tiden har gått ut."))
    for report in newest(NetworkReport.objects.filter(readable, by=person, state="to_do")):
        yield of(report, reports.SORT, _("Anmäl på nätet"), hand)
    for row in newest(PoliceReport.objects.filter(readable, by=person, state="made")):
        yield of(row, police.SORT, _("Lämna in polisanmälan"), _("Den är klar att lämna in."))


def newest(rows: QuerySet[Any]) -> list[Any]:
    """Some of them, the oldest first."""
    return list(rows.select_related("item__channel").order_by("pk")[:MOST])


def of(row: Any, sort: str, what: str, why: str, tone: str = "warning") -> Waiting:
    """A line about one matter; what is owed by a time says so itself."""
    due = getattr(row, "due_at", None)
    return Waiting(what, why, around.address(sort, row), tone, due, row.item.channel.name)
