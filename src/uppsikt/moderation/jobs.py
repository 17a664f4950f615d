"""What the workers run for moderation."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.channels import news as channel_news
from uppsikt.kernel.models import Intent
from uppsikt.kernel.queue import job
from uppsikt.moderation import evidence, following, matter_jobs, taking, vanishing
from uppsikt.records import news as record_news

# The queue looks for jobs in this module alone; those of the matters around a removal stand in their own.
__all__ = ["capture", "changed", "forgotten", "matter_jobs", "not_sent", "sent"]


@job("moderation.capture", queue="capture")
def capture(evidence_id: int) -> None:
    """Take a proof; what fails queues its own next try, and where the database went away this one is tried again."""
    taking.take(evidence_id, clock=timezone.now)


@channel_news.SENT.heard_by("moderation", lock="moderation:{channel_id}")
def sent(channel_id: int, intent_id: int) -> None:
    """The network has done what was asked: it is read back."""
    following.acted(Intent.objects.get(pk=intent_id), now=timezone.now())


@channel_news.NOT_SENT.heard_by("moderation")
def not_sent(channel_id: int, intent_id: int) -> None:
    """The network refused, or nobody can tell."""
    following.not_acted(Intent.objects.get(pk=intent_id), now=timezone.now())


@record_news.CHANGED.heard_by("moderation", lock="moderation:{channel_id}")
def changed(channel_id: int, item_ids: list[int]) -> None:
    """Items are worded or shown otherwise: what is away is asked about, and what was decided of old words stops."""
    following.reworded(item_ids, now=timezone.now())
    vanishing.look(item_ids, now=timezone.now())


@job("moderation.forgotten", queue="upkeep", cron="* * * * *", queueing_lock="moderation.forgotten")
def forgotten(timestamp: int) -> None:
    """No proof and no removal is forgotten: what nobody works on gets a job; who has not answered is asked again."""
    now = timezone.now()
    for row in evidence.forgotten(now=now):
        evidence.defer(row)
    following.catch_up(now=now)
    vanishing.remind(now=now)
