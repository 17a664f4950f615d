"""After a restore: nobody is hurried about rounds that may have been made since the backup was taken."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from uppsikt.kernel import trail
from uppsikt.kernel.trail import Doer
from uppsikt.oversight.models import Due, Watch
from uppsikt.oversight.rules import LEVELS


def hold(*, by: Doer, now: datetime) -> int:
    """Expect nothing of the time that nobody here knows of, and tell nobody of what was missed; how many were let go.

    What is expected begins anew when the channels are started.
    """
    with transaction.atomic():
        Watch.objects.filter(counted_until__lt=now).update(counted_until=now)
        waiting = list(Due.objects.filter(state="waiting").order_by("pk"))
        for due in waiting:
            trail.take("lapse", due, by=by, at=now, found_at=now)
        missed = Due.objects.filter(state="missed", made_good_by=None, told_level__lt=len(LEVELS))
        for due in missed.order_by("pk"):
            trail.take("let_go", due, by=by, at=now, told_level=len(LEVELS))
    return len(waiting)
