"""What the workers run for channels."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from uppsikt.channels import actions, sending
from uppsikt.kernel.models import Intent
from uppsikt.kernel.queue import job


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
