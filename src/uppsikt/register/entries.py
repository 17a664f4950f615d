"""A channel's line in the register: there is one for each, made when somebody first asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.trail import Doer
from uppsikt.register.models import Entry


def of(channel: Channel) -> Entry:
    """The channel's line, made where it is missing. Who and why stands with what fills it in (see `change`)."""
    entry, _made = Entry.objects.get_or_create(channel=channel)
    return entry


def of_all(channels: Iterable[Channel]) -> dict[int, Entry]:
    """The lines of several channels by the channels' keys, in two questions at the most."""
    keys = [channel.pk for channel in channels]
    rows = {row.channel_id: row for row in Entry.objects.filter(channel__in=keys)}
    if lacking := [key for key in keys if key not in rows]:
        Entry.objects.bulk_create([Entry(channel_id=key) for key in lacking], ignore_conflicts=True)
        rows |= {row.channel_id: row for row in Entry.objects.filter(channel__in=lacking)}
    return rows


def change(channel: Channel, *, by: Doer, now: datetime, reason: str = "", **fields: Any) -> Entry:
    """Write down what is known of the account (D9, D14). `fields` are the entry's; what is new stands in the trail,
    with what stood there before. Nothing is written where nothing is new."""
    of(channel)
    with transaction.atomic():
        # Of two who write at once each finds what the other left, and the trail says so.
        entry = Entry.objects.select_for_update().get(channel=channel)
        new = {name: value for name, value in fields.items() if getattr(entry, name) != value}
        if not new:
            return entry
        before = {name: getattr(entry, name) for name in new}
        for name, value in new.items():
            setattr(entry, name, value)
        entry.save(update_fields=list(new))
        words = {name: str(value) if value is not None else None for name, value in new.items()}
        was = {name: str(value) if value is not None else None for name, value in before.items()}
        trail.note("entry", channel, by=by, at=now, reason=reason, also={"new": words, "before": was})
    return entry
