"""What a signed round counts for: the expected rounds that it meets, and the missed ones that it makes good."""

from __future__ import annotations

from datetime import datetime

from uppsikt.kernel import trail
from uppsikt.kernel.trail import Doer
from uppsikt.oversight.models import Due, Round

OVERSIGHT = Doer.system("oversight")


def counts_for(round_: Round, *, now: datetime) -> None:
    """Meet what waits for a round on the channel, and make good what was missed. Part of the signing transaction."""
    waiting = Due.objects.filter(channel=round_.channel_id, state="waiting", since__lt=now, until__gte=now)
    for due in waiting.order_by("until", "pk"):
        trail.take("meet", due, by=OVERSIGHT, at=now, met_by=round_)
    missed = Due.objects.filter(channel=round_.channel_id, state="missed", made_good_by=None, until__lt=now)
    for due in missed.order_by("until", "pk"):
        trail.take("make_good", due, by=OVERSIGHT, at=now, made_good_by=round_)
