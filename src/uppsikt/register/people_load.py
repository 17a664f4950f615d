"""Promised hours and real load, side by side (D9, D24): what a channel gives to do, counted in hours a week.

The minutes that an answer, a post and a round take are the policy's. What was said is counted each night, for this
month and the last (`activity`): a figure is a total and points at no record, whoever reads it (ADR 0015).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Sum

from uppsikt.channels.models import Channel
from uppsikt.inbox import figures
from uppsikt.policy import queries as policy
from uppsikt.register.activity_models import ActivityMonth

WEEK = timedelta(weeks=1)
WORKDAYS = 5
# A week counts as more than was promised only beyond this: some weeks are fuller than others.
MARGIN = Decimal("1.25")
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Load:
    """What a channel gave to do this month and the last, and how many hours a week that is."""

    received: int
    answers: int
    posts: int
    hours: Decimal


def of(channels: Iterable[Channel], *, at: datetime) -> dict[int, Load]:
    """The load of each channel by its key; one question. A channel that nobody reads from here has none."""
    keys = [channel.pk for channel in channels if channel.connected_at is not None]
    this = figures.month_of(at)
    first = figures.month_of(figures.bounds(this)[0] - timedelta(days=1))
    weeks = Decimal((at - figures.bounds(first)[0]) / WEEK)
    rows = ActivityMonth.objects.filter(channel__in=keys, month__gte=first, month__lte=this).order_by()
    summed = rows.values("channel_id").annotate(got=Sum("received"), gave=Sum("answers"), told=Sum("posts"))
    counted = {row["channel_id"]: (row["got"], row["gave"], row["told"]) for row in summed}
    return {key: weigh(*counted.get(key, (0, 0, 0)), weeks=weeks) for key in keys}


def weigh(received: int, answers: int, posts: int, *, weeks: Decimal) -> Load:
    """How many hours a week it is, with a round each working day."""
    minutes = Decimal(
        answers * policy.number("load.answer_minutes") + posts * policy.number("load.post_minutes")
    ) / weeks + WORKDAYS * policy.number("oversight.rounds_a_day") * policy.number("load.round_minutes")
    return Load(received, answers, posts, (minutes / 60).quantize(TENTH))


def too_much(load: Load | None, promised: Decimal | None) -> bool:
    """Whether a channel gives clearly more to do than somebody promised to have time for."""
    return load is not None and promised is not None and load.hours > promised * MARGIN
