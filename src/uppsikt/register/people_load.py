"""Promised hours and real load, side by side (D9, D24): what a channel gives to do, counted in hours a week.

The minutes that an answer, a post and a round take are the policy's; what is counted is of the last four whole weeks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q

from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Direction, Kind
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item

WEEKS = 4
WORKDAYS = 5
# A week counts as more than was promised only beyond this: some weeks are fuller than others.
MARGIN = Decimal("1.25")
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Load:
    """What a channel gave to do in four weeks, and how many hours a week that is."""

    received: int
    answers: int
    posts: int
    hours: Decimal


def of(channels: Iterable[Channel], *, at: datetime) -> dict[int, Load]:
    """The load of each channel by its key; one question. A channel that nobody reads from here has none.

    What is secret is left out: everybody may see these hours, and they must not tell that it is there (D20).
    """
    keys = [channel.pk for channel in channels if channel.connected_at is not None]
    ours = Q(direction=Direction.DRAWN_UP.value)
    posts = Q(kind__in=[Kind.POST.value, Kind.PAGE.value])
    rows = (
        Item.objects.filter(channel__in=keys, secret=False, at__gt=at - timedelta(weeks=WEEKS), at__lte=at)
        .order_by()
        .values("channel_id")
        .annotate(
            received=Count("pk", filter=~ours),
            answers=Count("pk", filter=ours & ~posts),
            posts=Count("pk", filter=ours & posts),
        )
    )
    counted = {row["channel_id"]: (row["received"], row["answers"], row["posts"]) for row in rows}
    return {key: weigh(*counted.get(key, (0, 0, 0))) for key in keys}


def weigh(received: int, answers: int, posts: int) -> Load:
    """How many hours a week it is, with a round each working day."""
    minutes = Decimal(
        answers * policy.number("load.answer_minutes") + posts * policy.number("load.post_minutes")
    ) / WEEKS + WORKDAYS * policy.number("oversight.rounds_a_day") * policy.number("load.round_minutes")
    return Load(received, answers, posts, (minutes / 60).quantize(TENTH))


def too_much(load: Load | None, promised: Decimal | None) -> bool:
    """Whether a channel gives clearly more to do than somebody promised to have time for."""
    return load is not None and promised is not None and load.hours > promised * MARGIN
