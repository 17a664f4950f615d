"""Reads of channels and mandates that other rooms may ask."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.kernel.models import Intent
from uppsikt.organisation.models import Person


def mandate(person: Person, channel: Channel, act: Act, *, at: datetime) -> Mandate | None:
    """The mandate that lets the person do this on the channel now, or None (D21)."""
    rows = Mandate.objects.in_force(at).filter(Q(channel=channel) | Q(channel=None), person=person)
    return rows.filter(acts__contains=[act.value]).order_by("id").first()


def channel_ids(person: Person, *, at: datetime, act: Act = Act.ANSWER) -> QuerySet[Channel]:
    """The channels on which the person may do this now."""
    held = Mandate.objects.in_force(at).filter(person=person, acts__contains=[act.value])
    return Channel.objects.filter(
        Q(pk__in=held.exclude(channel=None).values("channel_id"))
        | Q(pk__in=Channel.objects.all() if held.filter(channel=None).exists() else [])
    )


def people_on(channel: Channel, act: Act, *, at: datetime) -> QuerySet[Person]:
    """Active people who may do this on the channel now."""
    held = Mandate.objects.in_force(at).filter(Q(channel=channel) | Q(channel=None), acts__contains=[act.value])
    return Person.objects.filter(is_active=True, pk__in=held.values("person_id")).order_by("name")


def due_for_pull(now: datetime) -> QuerySet[Channel]:
    """Live channels whose next pull has come."""
    return Channel.objects.filter(Q(next_pull_at=None) | Q(next_pull_at__lte=now), state="live").order_by(
        "next_pull_at"
    )


def open_intents(channel: Channel) -> QuerySet[Intent]:
    """Effects on the channel that have not come to an end, oldest first."""
    return Intent.objects.filter(target=channel.target, state__in=["written", "trying", "unknown"]).order_by("id")


def sent_ids(channel: Channel) -> set[str]:
    """The native ids that our own finished intents already stand for."""
    done = Intent.objects.filter(target=channel.target, state="done", kind="reply")
    return set(done.values_list("result__native_id", flat=True))
