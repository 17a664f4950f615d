"""What the workers run for the inbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from uppsikt.channels import news as channel_news
from uppsikt.channels.models import Channel
from uppsikt.inbox import actions, drafts, experts, figures, handing, outcomes, queries, reminders
from uppsikt.inbox import removed as removals
from uppsikt.kernel.models import Intent
from uppsikt.kernel.queue import job
from uppsikt.moderation import news as moderation_news
from uppsikt.moderation.models import Removal
from uppsikt.policy import queries as policy
from uppsikt.records import news as record_news
from uppsikt.records.models import Item


@record_news.TAKEN_IN.heard_by("inbox", lock="inbox:{channel_id}")
def taken_in(channel_id: int, item_ids: list[int], first: bool) -> None:
    """What was received opens or joins cases; what we said ourselves on the network answers them."""
    now = timezone.now()
    items = Item.objects.filter(pk__in=item_ids).select_related("thread").order_by("at", "id")
    if first:
        # History that came in before the channel was connected is a record, but nobody waits for an answer to it.
        channel = Channel.objects.get(pk=channel_id)
        since = channel.joined - timedelta(days=policy.number("inbox.history_days"))
        items = items.filter(at__gte=since)
    troubles = [trouble for item in items if (trouble := hear_of(item, now=now))]
    if troubles:
        # The rest is safe; the job fails, is seen and tried again, and does nothing twice.
        raise ExceptionGroup(f"{len(troubles)} items could not be heard of", troubles)


def hear_of(item: Item, *, now: datetime) -> Exception | None:
    """What one item asks for; a fault of ours in it is returned, so that it keeps nobody else waiting."""
    try:
        if item.direction == "received":
            actions.receive(item, now=now)
        elif item.kind in {"comment", "message"}:
            actions.answered_elsewhere(item, now=now)
    except Exception as fault:  # noqa: BLE001 raised again by the caller, when the others have been heard of
        return fault
    return None


@job("inbox.unheard", queue="upkeep", cron="*/10 * * * *", queueing_lock="inbox.unheard")
def unheard(timestamp: int) -> None:
    """Nothing received is forgotten: what has no case though its news should long have been heard gets one (D35)."""
    now = timezone.now()
    days = timedelta(days=policy.number("inbox.history_days"))
    for item in queries.without_case(now=now, history=days):
        hear_of(item, now=now)


@channel_news.SENT.heard_by("inbox")
def sent(channel_id: int, intent_id: int) -> None:
    """An answer is on the network."""
    outcomes.sent(Intent.objects.get(pk=intent_id), now=timezone.now())


@channel_news.NOT_SENT.heard_by("inbox")
def not_sent(channel_id: int, intent_id: int) -> None:
    """An answer is not on the network, or nobody can tell."""
    outcomes.not_sent(Intent.objects.get(pk=intent_id), now=timezone.now())


@moderation_news.DONE.heard_by("inbox", lock="inbox:{channel_id}")
def removed(channel_id: int, item_id: int, removal_id: int) -> None:
    """Something has been removed or hidden: nobody needs to answer it."""
    row = Removal.objects.select_related("item", "ground").get(pk=removal_id)
    removals.done(row, now=timezone.now())


@moderation_news.RESTORED.heard_by("inbox", lock="inbox:{channel_id}")
def restored(channel_id: int, item_id: int, removal_id: int) -> None:
    """It is shown again."""
    row = Removal.objects.select_related("item", "ground").get(pk=removal_id)
    removals.restored(row, now=timezone.now())


@job("inbox.remind", queue="upkeep", cron="*/5 * * * *", queueing_lock="inbox.remind")
def remind(timestamp: int) -> None:
    """Wake what was laid aside until now; tell people before a deadline passes, and when it has; remind experts."""
    now = timezone.now()
    handing.wake_due(now=now)
    reminders.remind(now=now)
    experts.remind(now=now)


@job("inbox.figures", queue="upkeep", cron="40 2 * * *", queueing_lock="inbox.figures")
def count_figures(timestamp: int) -> None:
    """Count the months that still move."""
    figures.make_due(now=timezone.now())


@job("inbox.sweep_drafts", queue="upkeep", cron="40 2 * * *", queueing_lock="inbox.sweep_drafts")
def sweep_drafts(timestamp: int) -> None:
    """Let go of drafts that nobody goes on with."""
    drafts.sweep(now=timezone.now())
