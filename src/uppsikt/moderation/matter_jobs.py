"""What the workers run for what is done around a removal. `jobs` brings it to them."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.channels import news as channel_news
from uppsikt.kernel.models import Intent
from uppsikt.kernel.queue import job
from uppsikt.moderation import blocks, incidents, news, notes, police, reconsidering, registering, reports, rulings
from uppsikt.moderation.models import Removal

ASKED = ("item__channel__unit", "item__thread", "item__version__raw", "ground", "decided_by", "proposed_by")


def removal_of(pk: int) -> Removal:
    """A removal with what is asked of it."""
    return Removal.objects.select_related(*ASKED).get(pk=pk)


@news.REMOVED.heard_by("moderation", lock="matters:{item_id}")
def removed(channel_id: int, item_id: int, removal_id: int) -> None:
    """It is decided: what must be registered, and what was our own and secret."""
    row, now = removal_of(removal_id), timezone.now()
    registering.removed(row, now=now)
    incidents.removed(row, now=now)


@news.DONE.heard_by("moderation", lock="matters:{item_id}")
def done(channel_id: int, item_id: int, removal_id: int) -> None:
    """It is away: the author is told."""
    notes.tell_author(removal_of(removal_id), now=timezone.now())


@channel_news.SENT.heard_by("moderation.matters")
def sent(channel_id: int, intent_id: int) -> None:
    """A line in a conversation, or a report to the network, is there."""
    intent, now = Intent.objects.get(pk=intent_id), timezone.now()
    notes.acted(intent, now=now)
    reports.acted(intent, now=now)


@channel_news.NOT_SENT.heard_by("moderation.matters")
def not_sent(channel_id: int, intent_id: int) -> None:
    """The network did not take it, or nobody can tell."""
    intent, now = Intent.objects.get(pk=intent_id), timezone.now()
    notes.not_acted(intent, now=now)
    reports.not_acted(intent, now=now)


@job("moderation.police", queue="capture")
def police_report(report_id: int) -> None:
    """Write a report to the police."""
    police.build(report_id, now=timezone.now())


@job("moderation.matters", queue="upkeep", cron="*/5 * * * *", queueing_lock="moderation.matters")
def matters(timestamp: int) -> None:
    """Blocks end by themselves; who has not answered in time is reminded."""
    now = timezone.now()
    blocks.end_due(now=now)
    rulings.remind(now=now)
    reconsidering.remind(now=now)
    incidents.remind(now=now)
