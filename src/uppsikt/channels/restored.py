"""After a restore: nothing goes out by itself, for what the backup calls unsent may have been sent since it was made.

The channels are paused, since the installation that the backup came from may still be running. An answer that was on
its way becomes "nobody can tell": it is looked for on the network when its channel is started, and where it is not
found a person says how it was. No program sends it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from uppsikt.channels import news
from uppsikt.channels.models import Channel
from uppsikt.kernel import intents, queue, trail
from uppsikt.kernel.models import Intent, Step
from uppsikt.kernel.trail import Doer

RESTORER = Doer.system("restore")
CODE = "restored"
OPEN = ("written", "trying", "unknown")


@dataclass(frozen=True, slots=True)
class Held:
    """What was held: channels paused, answers put before a person, jobs called off."""

    channels: int
    intents: int
    jobs: int


def hold(*, backup: str, now: datetime) -> Held:
    """Hold everything that could go out. All or nothing; doing it twice does no harm."""
    reason = _("Återställd ur säkerhetskopian %(backup)s. Starta kanalen när den gamla installationen är avstängd.") % {
        "backup": backup
    }
    with transaction.atomic():
        live = list(Channel.objects.filter(state="live").order_by("pk"))
        for channel in live:
            trail.take("pause", channel, by=RESTORER, at=now, reason=reason)
        # Those that a person had paused are held as well: it is written in their trail, once.
        for channel in Channel.objects.filter(state="paused").exclude(pk__in=held()):
            trail.note("pause", channel, by=RESTORER, at=now, reason=reason)
        jobs = queue.call_off(queue.OUTWARD)
        unsure = list(Intent.objects.filter(state__in=OPEN).exclude(error_code=CODE).order_by("pk"))
        for intent in unsure:
            hold_intent(intent, backup=backup, now=now)
    return Held(len(live), len(unsure), jobs)


def held() -> QuerySet[Channel]:
    """Channels that stand still since a restore, not yet started again: what happened there since is not known here."""
    pauses = Step.objects.filter(kind=trail.kind_of(Channel), thing_id=OuterRef("pk"), name="pause").order_by("-id")
    return Channel.objects.filter(state="paused").alias(by=Subquery(pauses.values("by")[:1])).filter(by=RESTORER.key)


def hold_intent(intent: Intent, *, backup: str, now: datetime) -> None:
    """Put one effect before a person, and let upstairs know that nobody can tell how it went."""
    facts = {"backup": backup, "was": intent.state}
    intents.trouble("restored", intent, kind="unknown", code=CODE, facts=facts, by=RESTORER, now=now, needs_person=True)
    kind, _sep, number = intent.target.partition(":")
    if kind == "channel":
        news.NOT_SENT.tell(channel_id=int(number), intent_id=intent.pk)
