"""What the workers run for channels."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from uppsikt.channels import actions, mandates, sending
from uppsikt.kernel.models import Intent
from uppsikt.kernel.queue import job
from uppsikt.organisation.models import Person
from uppsikt.organisation.news import ELECTED, LEFT
from uppsikt.policy.guideline_models import Edition
from uppsikt.policy.news import EDITION


@job("channels.publish", queue="send")
def publish(intent_id: int) -> None:
    """Bring an intent one step further."""
    sending.publish(intent_id, now=timezone.now())


@job("channels.forgotten", queue="upkeep", cron="*/5 * * * *", queueing_lock="channels.forgotten")
def forgotten(timestamp: int) -> None:
    """No intent is forgotten: one that is due, and that no job has looked at for a while, gets a new job."""
    now = timezone.now()
    waiting = Intent.objects.filter(state__in=["written", "trying", "unknown"], needs_person=False)
    for intent in waiting.filter(target__startswith="channel:"):
        touched = max(filter(None, (intent.written_at, intent.tried_at, intent.not_before)))
        channel = sending.channel_of(intent)
        if touched < now - timedelta(minutes=15) and channel.is_at_work:
            actions.defer_publish(intent.pk, channel.pk)


@job("channels.mandates", queue="upkeep", cron="11 * * * *", queueing_lock="channels.mandates")
def keep_mandates(timestamp: int) -> None:
    """Close the mandates that are over, and remind the managers of those that soon are (D21)."""
    mandates.keep(now=timezone.now())


@LEFT.heard_by("channels", lock="person:{person_id}")
def left(person_id: int) -> None:
    """Somebody has left: what they held in the channels ends (D21)."""
    mandates.let_go(Person.objects.get(pk=person_id), now=timezone.now())


@ELECTED.heard_by("channels", lock="person:{person_id}")
def elected(person_id: int) -> None:
    """Somebody was elected: what they held in the channels ends (D34)."""
    mandates.end_of(Person.objects.get(pk=person_id), reason="Personen är förtroendevald.", now=timezone.now())


@EDITION.heard_by("channels")
def edition(edition_id: int) -> None:
    """The guideline has a new edition: those with a mandate are asked to acknowledge it (D24)."""
    mandates.tell_of_edition(Edition.objects.get(pk=edition_id), now=timezone.now())
