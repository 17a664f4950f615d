"""What the workers run for oversight."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.channels import news as channel_news
from uppsikt.channels.models import Channel
from uppsikt.kernel.queue import job
from uppsikt.moderation import news as moderation_news
from uppsikt.oversight import dues, heightening, holes, storms, watching


@channel_news.CONNECTED.heard_by("oversight")
def connected(channel_id: int) -> None:
    """A new channel is watched from when it was connected; one that was looked at on its network is read from then."""
    channel = Channel.objects.get(pk=channel_id)
    watching.close_history(watching.watch(channel, now=timezone.now(), since=channel.joined), channel)


@moderation_news.REMOVED.heard_by("oversight", lock="oversight:{channel_id}")
def removed(channel_id: int, item_id: int, removal_id: int) -> None:
    """Whoever was removed may come back, and so may others: oversight is heightened (D26)."""
    heightening.after_removal(Channel.objects.get(pk=channel_id), removal_id, now=timezone.now())


@job("oversight.walk", queue="upkeep", cron="*/5 * * * *", queueing_lock="oversight.walk")
def walk(timestamp: int) -> None:
    """Write down what is expected, see what was met and missed, remind and tell."""
    dues.walk(now=timezone.now())


@job("oversight.storms", queue="upkeep", cron="*/10 * * * *", queueing_lock="oversight.storms")
def look_for_storms(timestamp: int) -> None:
    """Heighten oversight where a post draws many comments."""
    storms.look(now=timezone.now())


@job("oversight.holes", queue="upkeep", cron="7 * * * *", queueing_lock="oversight.holes")
def look_for_holes(timestamp: int) -> None:
    """Find the days ahead on which nobody is there."""
    holes.look(now=timezone.now())
