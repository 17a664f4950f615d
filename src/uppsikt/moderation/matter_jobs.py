"""What the workers run for what is done around a removal. `jobs` brings it to them."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.channels import news as channel_news
from uppsikt.kernel import trail
from uppsikt.kernel.models import Intent
from uppsikt.kernel.queue import job
from uppsikt.moderation import blocks, effects, incidents, news, notes, police, reconsidering, registering, rulings
from uppsikt.moderation.models import AuthorNote, NetworkReport, Removal

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
    row, now = of_intent(Intent.objects.get(pk=intent_id)), timezone.now()
    if row is not None:
        trail.take("sent", row, by=effects.MODERATOR, at=now, ended_at=now)


@channel_news.NOT_SENT.heard_by("moderation.matters")
def not_sent(channel_id: int, intent_id: int) -> None:
    """The network did not take it: so the author was not reached, and a report is made by hand."""
    intent, now = Intent.objects.get(pk=intent_id), timezone.now()
    row, also = of_intent(intent), {"code": intent.error_code}
    if intent.state != "failed":
        return
    if isinstance(row, AuthorNote):
        trail.take("fail", row, by=effects.MODERATOR, at=now, also=also, ended_at=now)
    elif row is not None:
        trail.take("by_hand", row, by=effects.MODERATOR, at=now, also=also)


def of_intent(intent: Intent) -> AuthorNote | NetworkReport | None:
    """What an effect is of, while it is on its way; None for others' effects."""
    note, report = (intent.payload.get(name) for name in ("author_note", "network_report"))
    if isinstance(note, int):
        return AuthorNote.objects.filter(pk=note, state="sending").first()
    return NetworkReport.objects.filter(pk=report, state="sending").first() if isinstance(report, int) else None


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
