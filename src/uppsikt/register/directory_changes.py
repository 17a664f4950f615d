"""What becomes different in the public list is written down, so that whoever follows it can be told (D7, D12)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.alone import alone
from uppsikt.kernel.trail import Doer
from uppsikt.register import directory, entries
from uppsikt.register.directory_models import ListChange, ListedChannel, PublicFacts

AT_MOST = 100


def note(*, now: datetime) -> int:
    """Compare the list with how it last was, and write down what differs; returns how many things did.

    Of two who would compare at once, one does: nothing is told twice.
    """
    with alone("register.list_changes") as ours:
        return _noted(now) if ours else 0


def _noted(now: datetime) -> int:
    entries.of_all(Channel.objects.filter(state__in=directory.OPEN))
    with transaction.atomic():
        known = {row.channel_id: row for row in ListedChannel.objects.order_by("channel_id")}
        rows = {row.key: directory.as_kept(row) for row in directory.listed()}
        changes = [
            ListChange(
                channel_id=key,
                what=ListChange.What.CHANGED if key in known else ListChange.What.ADDED,
                facts=facts,
                before=known[key].facts if key in known else {},
                at=now,
            )
            for key, facts in rows.items()
            if key not in known or known[key].facts != facts
        ]
        gone = [row for key, row in known.items() if key not in rows]
        removed = ListChange.What.REMOVED
        changes += [
            ListChange(channel_id=row.channel_id, what=removed, facts=row.facts, before=row.facts, at=now)
            for row in gone
        ]
        ListChange.objects.bulk_create(changes)
        for change in changes:
            if change.what == ListChange.What.ADDED:
                ListedChannel.objects.create(channel_id=change.channel_id, facts=change.facts, since=now)
            elif change.what == ListChange.What.CHANGED:
                ListedChannel.objects.filter(channel_id=change.channel_id).update(facts=change.facts)
        ListedChannel.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return len(changes)


def change_facts(*, by: Doer, now: datetime, **fields: Any) -> PublicFacts:
    """Write down how the municipality is reached; what is new stands in the trail, with what stood there before."""
    with transaction.atomic():
        row, _made = PublicFacts.objects.select_for_update().get_or_create(pk=1)
        new = {name: value for name, value in fields.items() if getattr(row, name) != value}
        before = {name: getattr(row, name) for name in new}
        for name, value in new.items():
            setattr(row, name, value)
        if new:
            row.save(update_fields=list(new))
            trail.note("public_facts", row, by=by, at=now, also={"new": new, "before": before})
    return row


def latest() -> QuerySet[ListChange]:
    """The newest changes, the newest first."""
    return ListChange.objects.order_by("-id")[:AT_MOST]
