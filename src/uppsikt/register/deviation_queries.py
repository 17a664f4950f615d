"""Reads of deviations and exemptions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils import timezone

from uppsikt.channels.models import Channel
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.register.deviation_models import Deviation, Exemption
from uppsikt.register.deviation_states import OPEN


def listed() -> QuerySet[Deviation]:
    """Deviations with what a list shows of them; no order."""
    return Deviation.objects.select_related("channel__unit", "owner")


def of_channel(channel: Channel) -> QuerySet[Deviation]:
    """What is wrong with an account now, the oldest first."""
    return listed().filter(channel=channel, state__in=OPEN).order_by("due_on", "id")


def of_owner(person: Person) -> QuerySet[Deviation]:
    """What is somebody's to see to, what is due first before the rest."""
    return listed().filter(owner=person, state__in=OPEN).order_by("due_on", "id")


def exemptions(channel: Channel, *, now: datetime) -> QuerySet[Exemption]:
    """The exemptions that hold for an account today."""
    rows = Exemption.objects.in_force(timezone.localdate(now)).filter(channel=channel)
    return rows.select_related("by").order_by("until", "id")


def counts(*, mine: Person) -> tuple[int, int]:
    """How many are open, and how many of them are this person's."""
    rows = Deviation.objects.filter(state__in=OPEN)
    return rows.count(), rows.filter(owner=mine).count()


def open_by_code() -> dict[str, int]:
    """How many are open of each check."""
    rows = Deviation.objects.filter(state__in=OPEN).order_by().values_list("code").annotate(number=Count("pk"))
    return dict(rows)


def acts_on(person: Person, row: Deviation) -> bool:
    """Whether somebody may do something about a deviation: its owner, whoever is responsible for the account, the
    unit's manager, and the communications unit (D5-D7)."""
    if Role.COMMUNICATIONS in person.roles or row.owner_id == person.pk:
        return True
    return row.channel is not None and answers_for(person, row.channel)


def answers_for(person: Person, channel: Channel) -> bool:
    """Whether somebody is responsible for an account, is its manager, or is of the communications unit."""
    if channel.responsible_id == person.pk or Role.COMMUNICATIONS in person.roles:
        return True
    units = person.units_as(Role.MANAGER) if Role.MANAGER in person.roles else frozenset[int]()
    return units is None or channel.unit_id in units
