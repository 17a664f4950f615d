"""What signed rounds count for: the expected rounds that they meet, and the missed ones that they make good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from uppsikt.kernel import trail
from uppsikt.kernel.trail import Doer
from uppsikt.oversight.models import Due, Round

OVERSIGHT = Doer.system("oversight")


def count_for(rounds: Sequence[Round], *, now: datetime) -> None:
    """Meet what waits for these rounds, signed now, and make good what was missed. Part of the signing transaction."""
    by_channel = {each.channel_id: each for each in rounds}
    rows = Due.objects.filter(channel__in=by_channel, since__lt=now)
    open_ = rows.filter(Q(state="waiting", until__gte=now) | Q(state="missed", made_good_by=None))
    for due in open_.order_by("until", "pk"):
        round_ = by_channel[due.channel_id]
        if due.state == "waiting":
            trail.take("meet", due, by=OVERSIGHT, at=now, met_by=round_)
        else:
            trail.take("make_good", due, by=OVERSIGHT, at=now, made_good_by=round_)
