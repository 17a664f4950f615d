"""How often each channel is looked at and by which hours: the policy's numbers, a plan of its own, its traffic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection

from uppsikt.channels.models import Channel
from uppsikt.kernel.hours import Hours, LocalDay, read_spans
from uppsikt.kernel.working import is_working_day
from uppsikt.oversight.models import Plan, Watch
from uppsikt.oversight.rules import Pace, local_day, midnight, rounds_wanted
from uppsikt.policy import queries as policy

# So many days back a channel's traffic is measured.
LATELY = 28
DAY = timedelta(days=1)

RECEIVED = """
SELECT channel_id, (at AT TIME ZONE 'Europe/Stockholm')::date AS day, count(*)
FROM records_item
WHERE channel_id = ANY(%(channels)s) AND at >= %(since)s AND at < %(until)s AND direction = 'received'
GROUP BY channel_id, day
"""


@lru_cache(maxsize=256)
def own_hours(week: tuple[str, ...], local: tuple[LocalDay, ...]) -> Hours:
    """Hours from seven days in words, Monday first. Raises NoHours, and ValueError for another number of days."""
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (read_spans(day) for day in week)
    return Hours(week=(monday, tuesday, wednesday, thursday, friday, saturday, sunday), local=local)


class Paces:
    """The plans in force, read once, to be asked about many channels."""

    def __init__(self) -> None:
        self.office = policy.hours()
        self.least = policy.number("oversight.rounds_a_day")
        plans = list(Plan.objects.filter(until=None))
        self._of_channel = {row.channel_id: row for row in plans if row.channel_id is not None}
        self._of_unit = {row.unit_id: row for row in plans if row.unit_id is not None}

    def plan(self, channel: Channel) -> Plan | None:
        """The channel's plan, or its unit's."""
        return self._of_channel.get(channel.pk) or self._of_unit.get(channel.unit_id)

    def rounds(self, channel: Channel) -> int:
        """How many looks a working day are asked for, whatever the traffic."""
        plan = self.plan(channel)
        return max(self.least, plan.rounds if plan else 1)

    def hours(self, channel: Channel) -> Hours:
        """The hours that the channel is looked after by."""
        plan = self.plan(channel)
        return own_hours(tuple(plan.week), self.office.local) if plan and plan.week else self.office


def heightened_pace() -> Pace:
    """How often heightened oversight looks, by the policy."""
    return Pace(
        every_minutes=policy.number("oversight.heightened_every_minutes"),
        first_hour=policy.number("oversight.heightened_first_hour"),
        last_hour=policy.number("oversight.heightened_last_hour"),
    )


def measure(watches: Sequence[Watch], paces: Paces, *, now: datetime) -> None:
    """Work out, once a day, how many looks each channel needs by what came in on its last working days; one query."""
    today = local_day(now)
    stale = [row for row in watches if row.rounds_on != today]
    if not stale:
        return
    first = today - LATELY * DAY
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {
            "channels": [row.channel_id for row in stale],
            "since": midnight(first),
            "until": midnight(today),
        }
        cursor.execute(RECEIVED, asked)
        counts = {(channel, day): count for channel, day, count in cursor.fetchall()}
    per_round, most = policy.number("oversight.items_per_round"), policy.number("oversight.most_rounds")
    for row in stale:
        begun = max(first, local_day(row.since))
        days = [begun + number * DAY for number in range((today - begun).days)]
        usual = [counts.get((row.channel_id, day), 0) for day in days if is_working_day(day, paces.office)]
        least = paces.rounds(row.channel)
        row.rounds, row.rounds_on = rounds_wanted(usual, per_round=per_round, least=least, most=most), today
    Watch.objects.bulk_update(stale, ["rounds", "rounds_on"])
