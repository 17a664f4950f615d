"""Reading back what was done, following what changes meanwhile, and taking up what got lost (D40, D43)."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from uppsikt.channels import connecting
from uppsikt.connectors.base import Trouble
from uppsikt.kernel import trail
from uppsikt.kernel.models import Intent
from uppsikt.moderation import effects, telling
from uppsikt.moderation.models import Removal
from uppsikt.records import sweep
from uppsikt.records.models import Item

log = logging.getLogger(__name__)
# News that has not been heard for so long has got lost.
LOST = timedelta(minutes=3)


def acted(intent: Intent, *, now: datetime) -> None:
    """The network says that it is done: read the item back, and let the removal follow what is seen.

    Raises Trouble where it cannot be read; the job is tried again, and the removal waits.
    """
    row = effects.of_intent(intent)
    if (
        row is None
        or intent.pk not in {row.intent_id, row.restore_intent_id}
        or row.state not in {"acting", "restoring"}
    ):
        return
    item = Item.objects.select_related("channel", "version").get(pk=row.item_id)
    with connecting.opened(item.channel) as connector:
        sweep.refetch(item.channel, connector, [item], now=now, sure=row.state == "acting")
    item.refresh_from_db()
    if (row.state == "acting") == (item.state == "visible"):
        not_so(row, intent, now=now)
    else:
        effects.acted(intent, now=now)


def not_so(row: Removal, intent: Intent, *, now: datetime) -> None:
    """The network said yes, and shows it as before: that is no removal, and is told."""
    with transaction.atomic():
        row = effects.lock(row.pk)
        if row.state == "acting" and row.intent_id == intent.pk:
            row = trail.take("refuse", row, by=effects.MODERATOR, at=now, trouble_code="still_there", trouble_facts={})
            telling.failed(row, now=now)
        elif row.state == "restoring" and row.restore_intent_id == intent.pk:
            row = trail.take(
                "not_restored", row, by=effects.MODERATOR, at=now, trouble_code="still_away", trouble_facts={}
            )
            telling.not_restored(row, now=now)


def not_acted(intent: Intent, *, now: datetime) -> None:
    """The network refused, or nobody can tell."""
    effects.not_acted(intent, now=now)


def reworded(item_ids: Iterable[int], *, now: datetime) -> None:
    """What was decided of other words than those that stand there now does not go out by itself."""
    waiting = Removal.objects.filter(item__in=list(item_ids), state__in=["decided", "preserving"])
    for pk in waiting.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            effects.advance(effects.lock(pk), now=now)


def catch_up(*, now: datetime) -> None:
    """Take up removals whose news got lost on the way."""
    before = now - LOST
    waiting = Removal.objects.filter(state__in=["decided", "preserving"], decided_at__lt=before)
    for pk in waiting.filter(evidence__state__in=["kept", "failed"]).order_by("pk").values_list("pk", flat=True)[:200]:
        with transaction.atomic():
            effects.advance(effects.lock(pk), now=now)
    for state, field in (("acting", "intent"), ("restoring", "restore_intent")):
        rows = Removal.objects.filter(state=state, **{f"{field}__ended_at__lt": before})
        for row in rows.select_related(field).order_by("pk")[:50]:
            intent: Intent = getattr(row, field)
            try:
                if intent.state == "done":
                    acted(intent, now=now)
                elif intent.state == "failed":
                    not_acted(intent, now=now)
            except Trouble as trouble:
                # One network that does not answer keeps nobody else waiting; it is asked again in a minute.
                log.info("removal %s: not read back: %s", row.pk, trouble.code)
