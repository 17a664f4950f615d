"""Reads of notices."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from uppsikt.notices.models import Address, Choice, Delivery, Habits, Notice
from uppsikt.notices.rules import KINDS, Quiet, Way
from uppsikt.organisation.models import Person

# Stands in letters and on telephones, where no request is at hand to ask for it.
CHOICES_PAGE = "/aviseringar/val/"
SECURITY_PAGE = "/organisation/mitt-konto/sakerhet/"
# What a kind does that no list names.
USUAL = (Way.PAGE,)


def on_page(person: Person) -> QuerySet[Notice]:
    """The person's notices as their page shows them, in no order."""
    return Notice.objects.filter(person=person, on_page=True)


def unread_count(person: Person) -> int:
    """How many notices the person has not read, at most 100."""
    return len(on_page(person).filter(read_at=None).values_list("pk")[:100])


def newest(person: Person, limit: int = 50) -> QuerySet[Notice]:
    """The person's notices, newest first."""
    return on_page(person).order_by("-at", "-id")[:limit]


def ways_of(people: Iterable[Person], kind: str) -> dict[int, frozenset[Way]]:
    """The ways that each person (by key) wants a kind of notice by."""
    usual = frozenset(KINDS.get(kind, USUAL))
    chosen = {
        row.person_id: frozenset(Way(way) for way in row.ways)
        for row in Choice.objects.filter(person__in=list(people), kind=kind)
    }
    return {person.pk: chosen.get(person.pk, usual) for person in people}


def choices(person: Person) -> dict[str, frozenset[Way]]:
    """Each kind of notice, and the ways that the person wants it by."""
    chosen = {row.kind: frozenset(Way(way) for way in row.ways) for row in Choice.objects.filter(person=person)}
    return {kind: chosen.get(kind, frozenset(usual)) for kind, usual in KINDS.items()}


def habits(person: Person) -> Habits:
    """When the person wants quiet; unsaved defaults where nothing was chosen."""
    return Habits.objects.filter(person=person).first() or Habits(person=person)


def quiet(row: Habits) -> Quiet:
    """The quiet hours as the rules read them."""
    return Quiet(row.quiet_from, row.quiet_until, row.quiet_free_days, row.urgent_through)


def addresses(person: Person) -> QuerySet[Address]:
    """Where the person is reached besides e-mail, confirmed or not."""
    return Address.objects.filter(person=person).order_by("way", "id")


def in_use(people: Iterable[int]) -> QuerySet[Address]:
    """The addresses that notices go to."""
    return Address.objects.filter(person__in=list(people), stopped_at=None).exclude(confirmed_at=None)


def deliveries(person: Person, limit: int = 10) -> QuerySet[Delivery]:
    """What was last handed over to the person, or could not be."""
    return Delivery.objects.filter(person=person).select_related("notice", "address").order_by("-id")[:limit]
