"""A post that draws many comments, measured against what the channel's other posts have drawn (D26)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from uppsikt.channels import restored
from uppsikt.channels.models import Channel
from uppsikt.oversight import heightening
from uppsikt.oversight.heightening import Why
from uppsikt.oversight.meeting import OVERSIGHT
from uppsikt.oversight.models import Heightened
from uppsikt.oversight.rules import Cause, unusual_from
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item

# A day and a night; and the past that it is measured against.
DAY = timedelta(days=1)
PAST = timedelta(days=90)
# A storm that goes on is noted again when that makes the heightened time so much longer.
STEP = timedelta(hours=1)

LATELY = """
SELECT i.channel_id, coalesce(nullif(t.post_native_id, ''), t.native_id) AS post, count(*)
FROM records_item i JOIN records_thread t ON t.id = i.thread_id
WHERE i.at > %(since)s AND i.at <= %(now)s AND i.direction = 'received' AND i.kind = 'comment'
GROUP BY i.channel_id, post HAVING count(*) >= %(least)s
"""

# Of each post the day on which it drew most.
BUSIEST = """
SELECT channel_id, post, max(comments) FROM (
  SELECT i.channel_id, coalesce(nullif(t.post_native_id, ''), t.native_id) AS post,
    (i.at AT TIME ZONE 'Europe/Stockholm')::date AS day, count(*) AS comments
  FROM records_item i JOIN records_thread t ON t.id = i.thread_id
  WHERE i.channel_id = ANY(%(channels)s) AND i.at > %(since)s AND i.at <= %(now)s AND i.direction = 'received'
    AND i.kind = 'comment'
  GROUP BY i.channel_id, post, day
) days GROUP BY channel_id, post
"""


def look(*, now: datetime) -> list[Heightened]:
    """Heighten oversight of the live channels where a post draws more comments than the channel is used to."""
    least, factor = policy.number("oversight.traffic_least"), policy.number("oversight.traffic_factor")
    with connection.cursor() as cursor:
        cursor.execute(LATELY, {"since": now - DAY, "now": now, "least": least})
        many = cursor.fetchall()
        if not many:
            return []
        asked: dict[str, Any] = {
            "channels": sorted({channel for channel, _post, _count in many}),
            "since": now - PAST,
            "now": now,
        }
        cursor.execute(BUSIEST, asked)
        busiest = cursor.fetchall()
    live = Channel.objects.filter(pk__in=asked["channels"], state="live").exclude(pk__in=restored.held().values("pk"))
    channels = {channel.pk: channel for channel in live}
    found = []
    for pk, post, comments in sorted(many, key=lambda row: -row[2]):
        usual = unusual_from([n for at, other, n in busiest if at == pk and other != post], least=least, factor=factor)
        if pk in channels and comments >= usual:
            found += storm(channels[pk], post, comments, usual, now=now)
    return found


def storm(channel: Channel, post: str, comments: int, usual: int, *, now: datetime) -> list[Heightened]:
    """Heighten oversight, or let it go on where it would end too soon."""
    until = now + timedelta(hours=policy.number("oversight.after_traffic_hours"))
    if Heightened.objects.filter(channel=channel, state="running", until__gt=until - STEP).exists():
        return []
    item = Item.objects.filter(channel=channel, native_id=post).first()
    why = Why(Cause.TRAFFIC, post=item, comments=comments, usual=usual)
    return [heightening.heighten(channel, why, until=until, by=OVERSIGHT, now=now)]
