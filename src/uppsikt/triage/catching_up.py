"""Reading what the rules of today have not read: after an upgrade all of it, from the newest wording down.

What comes in meanwhile is read as it comes; what was lost on the way (a job that failed for good) is found from the
top, some minutes later. So nothing that was taken in stays unread.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from uppsikt.records.models import Version
from uppsikt.text import reading as text
from uppsikt.triage import alarms, taking
from uppsikt.triage.models import CatchUp

BITE = 500
# So long a turn lasts, so that nothing waits for it.
TURN = 20.0  # seconds
# What was taken in less than this ago is being read by the job that heard of it.
LATE = timedelta(minutes=5)


def progress() -> CatchUp | None:
    """How far the reading by today's rules has come; None before it has begun."""
    return CatchUp.objects.filter(pk=text.VERSION).first()


def begin(*, now: datetime) -> CatchUp:
    """The place from which today's rules read."""
    newest = Version.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return CatchUp.objects.get_or_create(
        pk=text.VERSION,
        defaults={"top": newest, "bottom": newest, "begun_at": now, "done_at": None if newest else now},
    )[0]


def catch_up(*, now: datetime, seconds: float = TURN) -> bool:
    """Read for one turn; whether all is read. What is urgent and young is told of, however late it was found."""
    until, walk = time.monotonic() + seconds, begin(now=now)
    while upwards(walk, now=now):
        if time.monotonic() > until:
            return False
    while walk.bottom and downwards(walk, now=now):
        if time.monotonic() > until:
            break
    return not walk.bottom


def upwards(walk: CatchUp, *, now: datetime) -> bool:
    """Look through the oldest of what came in after the walk began; whether there may be more."""
    above = Version.objects.filter(pk__gt=walk.top).order_by("pk")
    young = above.filter(captured_at__gte=now - LATE).values_list("pk", flat=True).first()
    rows = above if young is None else above.filter(pk__lt=young)
    lot = list(rows.values_list("pk", flat=True)[:BITE])
    if lot:
        taking.take(lot, after=alarms.since(now=now), now=now)
        walk.top = lot[-1]
        walk.save(update_fields=["top"])
    return len(lot) == BITE


def downwards(walk: CatchUp, *, now: datetime) -> bool:
    """Read the newest of what is left; whether there may be more."""
    rows = Version.objects.filter(pk__lte=walk.bottom).order_by("-pk")
    lot = list(rows.values_list("pk", flat=True)[:BITE])
    taking.take(lot, after=alarms.since(now=now), now=now)
    walk.bottom = lot[-1] - 1 if len(lot) == BITE else 0
    walk.done_at = walk.done_at or (now if not walk.bottom else None)
    walk.save(update_fields=["bottom", "done_at"])
    return bool(walk.bottom)
