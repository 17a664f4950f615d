"""What the workers run for the register."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.channels import news as channel_news
from uppsikt.channels.models import Channel
from uppsikt.register import (
    audit_jobs,
    directory_jobs,
    entries,
    life_jobs,
    loan_jobs,
    opening,
    order_jobs,
    reminder_jobs,
)

# The queue looks for jobs in this module alone; each part of the register has its own beside it.
__all__ = ["audit_jobs", "connected", "directory_jobs", "life_jobs", "loan_jobs", "order_jobs", "reminder_jobs"]


@channel_news.CONNECTED.heard_by("register")
def connected(channel_id: int) -> None:
    """A channel that was connected has its line in the register; one that nobody has opened is told of."""
    channel = Channel.objects.get(pk=channel_id)
    entries.of(channel)
    opening.tell_of_unopened(channel, now=timezone.now())
