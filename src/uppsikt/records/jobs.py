"""What the workers run for records."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from uppsikt.channels import connecting, queries
from uppsikt.channels import news as channel_news
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Trouble
from uppsikt.kernel.models import Intent
from uppsikt.kernel.queue import defer, job
from uppsikt.records import attachments, exporting, pulling, sweep, upkeep
from uppsikt.records.models import Item

# So long a channel is read before it lets others in between. The first pull of a long history takes many turns.
TURN = timedelta(seconds=20)
# Whoever reads a channel at the terminal is let finish.
ELSEWHERE = timedelta(minutes=1)


def defer_pull(channel: Channel, *, at: datetime | None = None, why: str = "pull") -> bool:
    """Queue a pull: one waits and one runs for a channel at the most."""
    once = f"{why}:{channel.pk}"
    return defer("records.pull", lock=f"pull:{channel.pk}", once=once, at=at, channel_id=channel.pk)


@job("records.pull", queue="pull", patient=False)
def pull(channel_id: int) -> None:
    """Pull a channel for a turn, and queue its next pull: after those that are due by now, where there is more."""
    channel = Channel.objects.get(pk=channel_id)
    if not channel.is_at_work:
        return
    pulled = pulling.pull(channel, clock=timezone.now, at_most=TURN)
    if pulled.elsewhere:
        defer_pull(channel, at=timezone.now() + ELSEWHERE)
        return
    channel.refresh_from_db()
    attachments.defer_missing(channel, now=timezone.now())
    if pulled.more and pulled.trouble is None:
        defer_pull(channel, at=timezone.now(), why="pull-on")
    else:
        defer_pull(channel, at=channel.next_pull_at)


@job("records.pull_due", queue="upkeep", cron="* * * * *", queueing_lock="records.pull_due")
def pull_due(timestamp: int) -> None:
    """The safety net: a channel whose next pull has come, and that no job waits for, gets one."""
    now = timezone.now()
    for channel in queries.due_for_pull(now - timedelta(seconds=5)):
        # Behind those that wait: a safety net must not let one that gives way go first again.
        defer_pull(channel, at=now)


@job("records.attachment", queue="attachments", patient=False)
def attachment(attachment_id: int) -> None:
    """Fetch an attachment's bytes."""
    attachments.keep(attachment_id, now=timezone.now())


@channel_news.CONNECTED.heard_by("records")
def connected(channel_id: int) -> None:
    """A new channel is read at once."""
    defer_pull(Channel.objects.get(pk=channel_id))


@channel_news.READ_NOW.heard_by("records")
def read_now(channel_id: int) -> None:
    """Somebody wants to see what is new: beside the pull that waits for its time, one that does not."""
    defer_pull(Channel.objects.get(pk=channel_id), why="pull-now")


@channel_news.SENT.heard_by("records")
def sent(channel_id: int, intent_id: int) -> None:
    """What we sent comes back as a record drawn up, at once rather than at the next pull."""
    native_id = Intent.objects.get(pk=intent_id).result.get("native_id")
    channel = Channel.objects.get(pk=channel_id)
    if not native_id or Item.objects.filter(channel=channel, native_id=native_id).exists():
        return
    try:
        with connecting.opened(channel) as connector:
            sweep.fetch_new(channel, connector, native_id, now=timezone.now())
    except Trouble:
        # The pull meets the same trouble and puts it on the channel; it then takes the item in too.
        defer_pull(channel)


@job("records.export", queue="exports", patient=False)
def export(export_id: int) -> None:
    """Write on a file that somebody has ordered."""
    exporting.write(export_id, now=timezone.now())


@job("records.exports", queue="upkeep", cron="*/2 * * * *", queueing_lock="records.exports")
def exports(timestamp: int) -> None:
    """No file stays half written, and none lies about when its time is out."""
    exporting.see_to(now=timezone.now())


@job("records.search_upkeep", queue="upkeep", cron="* * * * *", queueing_lock="records.search_upkeep")
def search_upkeep(timestamp: int) -> None:
    """Search follows what is taken in: the words that there are, the years ahead, and after an upgrade all of it."""
    upkeep.look_ahead(now=timezone.now())
    upkeep.catch_up()
