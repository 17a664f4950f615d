"""What the workers run for the audit: every night each account is read and gone through."""

from __future__ import annotations

import logging

from django.db.models import Q
from django.utils import timezone

from uppsikt.channels import news as channel_news
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Trouble
from uppsikt.kernel.queue import defer, job
from uppsikt.register import auditing, deviations, profiles, relations
from uppsikt.register.deviation_models import Deviation
from uppsikt.register.deviation_states import OPEN

log = logging.getLogger(__name__)


@channel_news.CONNECTED.heard_by("register.profiles")
def first_look(channel_id: int) -> None:
    """How the account looked when it was connected is its first version; the picture is fetched at the first audit."""
    channel = Channel.objects.get(pk=channel_id)
    if profiles.newest(channel) is None:
        profiles.keep(channel, profile=channel.profile, picture=profiles.Kept(), by=profiles.READER, now=timezone.now())


@job("register.audit", queue="upkeep", cron="17 2 * * *", queueing_lock="register.audit")
def every_night(timestamp: int) -> None:
    """Queue a look at each account, and tell of what was not mended in time (D5, D51)."""
    # What a closed account still has open ends with it.
    left = Deviation.objects.filter(state__in=OPEN).exclude(channel=None).values("channel")
    rows = Channel.objects.filter(~Q(state="closed") | Q(pk__in=left))
    for pk in rows.order_by("id").values_list("pk", flat=True):
        defer("register.look", once=f"register.look:{pk}", channel_id=pk)
    deviations.tell_late(now=timezone.now())


@job("register.measure", queue="upkeep")
def measure() -> None:
    """Measure what the accounts show against a logo that is new."""
    profiles.measure_all(now=timezone.now())


@job("register.look", queue="pull", patient=False)
def look(channel_id: int) -> None:
    """Read how an account looks, and go through it. One that cannot be read is gone through by what is known."""
    channel = Channel.objects.select_related("responsible").get(pk=channel_id)
    read(channel, waited_for=False)
    auditing.audit(channel, timezone.now())


def read(channel: Channel, *, waited_for: bool) -> Trouble | None:
    """Bring the profile up to date, and what the account likes and follows; what keeps it from being read is told, and
    is the reading's own to mend."""
    try:
        profiles.read(channel, now=timezone.now(), waited_for=waited_for)
        relations.read(channel, now=timezone.now(), waited_for=waited_for)
    except Trouble as trouble:
        log.info("channel %s: the profile could not be read (%s)", channel.pk, trouble.code)
        return trouble
    finally:
        profiles.measure_newest(channel, now=timezone.now())
    return None
