"""What people do to records: they see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from uppsikt.kernel import bulk, trail
from uppsikt.kernel.models import Step
from uppsikt.kernel.trail import Doer
from uppsikt.records.models import Item


def know(items: Iterable[Item], *, by: Doer, now: datetime) -> None:
    """Note the first time that a person here saw each item: from knowledge, removal is owed (1998:112)."""
    with transaction.atomic():
        unseen = Item.objects.select_for_update().filter(
            pk__in=[item.pk for item in items if item.known_at is None and item.direction == "received"], known_at=None
        )
        # In one order, so that two who open a conversation at once do not wait for each other.
        rows = list(unseen.order_by("pk"))
        if not rows:
            return
        Item.objects.filter(pk__in=[row.pk for row in rows]).update(known_at=now)
        Step.objects.bulk_create(trail.step_for(row, "know", row.state, by=by, at=now, facts={}) for row in rows)


def know_each(seen: Mapping[int, datetime], *, by: Doer) -> None:
    """The same for many items (by key) at once, each with the time when it was seen."""
    with transaction.atomic():
        unseen = Item.objects.select_for_update().filter(pk__in=list(seen), direction="received", known_at=None)
        rows = list(unseen.order_by("pk"))
        bulk.change(Item, ("known_at",), [(row.pk, seen[row.pk]) for row in rows])
        Step.objects.bulk_create(
            trail.step_for(row, "know", row.state, by=by, at=seen[row.pk], facts={}) for row in rows
        )
