"""What the workers run for triage."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.channels.models import Channel
from uppsikt.kernel.queue import job
from uppsikt.records import news as record_news
from uppsikt.triage import alarms, asking, catching_up, lessons, reading, taking


@record_news.TAKEN_IN.heard_by("triage", lock="triage:{channel_id}")
def taken_in(channel_id: int, item_ids: list[int], first: bool) -> None:
    """What comes in is read at once; of a channel's history only what is young is told of one by one."""
    now = timezone.now()
    after = alarms.since(Channel.objects.get(pk=channel_id), now=now) if first else None
    taking.take(reading.newest_of(item_ids), after=after, now=now)


@record_news.CHANGED.heard_by("triage", lock="triage:{channel_id}")
def changed(channel_id: int, item_ids: list[int]) -> None:
    """A new wording is read as a new item is; what went back to an earlier wording stands by that again."""
    now = timezone.now()
    taking.take(reading.newest_of(item_ids), after=None, now=now)
    reading.stand(item_ids, now=now)


@job("triage.catch_up", queue="upkeep", cron="*/2 * * * *", queueing_lock="triage.catch_up")
def catch_up(timestamp: int) -> None:
    """What today's rules have not read is read, and a history that has been read is told of."""
    now = timezone.now()
    if catching_up.catch_up(now=now):
        alarms.tell_of_histories(now=now)


@job("triage.learn", queue="exports", cron="10 3 * * *", queueing_lock="triage.learn")
def learn(timestamp: int) -> None:
    """Learn from what has been judged since the last time."""
    lessons.learn(now=timezone.now())


@job("triage.ask", queue="exports", cron="* * * * *", queueing_lock="triage.ask")
def ask(timestamp: int) -> None:
    """Ask the municipality's own language model, where there is one, of what came in."""
    asking.ask(now=timezone.now())
