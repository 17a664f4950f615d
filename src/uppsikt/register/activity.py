"""What goes on in an account: posts, what others write, answers and how soon they come, month by month (D51).

Months are counted each night and kept as rows, as the inbox keeps its figures; only the last post is looked up when
somebody asks. A figure is a total and points at no record: what is secret is counted with the rest (ADR 0015).
An account that no program reads has no figures: that is said, and nobody is blamed for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Min

from uppsikt.channels.models import Channel
from uppsikt.inbox import figures
from uppsikt.inbox.models import Figure
from uppsikt.kernel.once import once
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item
from uppsikt.register.activity_models import ActivityMonth
from uppsikt.register.models import Entry

SHOWN_MONTHS = figures.SHOWN_MONTHS
POSTS = ("post", "page")
MONTH = """
SELECT channel_id,
    count(*) FILTER (WHERE direction = 'drawn_up' AND kind IN ('post', 'page')) AS posts,
    count(*) FILTER (WHERE direction = 'received') AS received,
    count(*) FILTER (WHERE direction = 'drawn_up' AND kind IN ('comment', 'message')) AS answers,
    count(DISTINCT actor_id) FILTER (WHERE direction = 'received') AS people
FROM records_item WHERE at >= %s AND at < %s AND NOT secret GROUP BY channel_id
"""


def make(month: date, *, now: datetime) -> int:
    """Count a month anew for every channel; returns for how many there was anything."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MONTH, figures.bounds(month))
        names = ("channel_id", "posts", "received", "answers", "people")
        rows = [
            ActivityMonth(month=month, made_at=now, **dict(zip(names, row, strict=True))) for row in cursor.fetchall()
        ]
        ActivityMonth.objects.filter(month=month).delete()
        ActivityMonth.objects.bulk_create(rows)
    return len(rows)


def make_due(*, now: datetime) -> int:
    """Count the months that still move, this one and the last; the first time, as many as are shown."""
    this = figures.month_of(now)
    months, first = [this], ActivityMonth.objects.exists()
    oldest = Item.objects.aggregate(at=Min("at"))["at"]
    while len(months) < (2 if first else SHOWN_MONTHS):
        before = figures.month_of(figures.bounds(months[-1])[0] - timedelta(days=1))
        if not first and (oldest is None or figures.bounds(months[-1])[0] <= oldest):
            break
        months.append(before)
    for month in months:
        make(month, now=now)
    return len(months)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a channel: what was said, and how soon questions were answered (opening seconds; None for none)."""

    month: date
    posts: int
    received: int
    answers: int
    people: int
    median: int | None


def months(channel: Channel, *, at: datetime) -> list[Month]:
    """The channel's months, the newest first; empty months between stand too."""
    this = figures.month_of(at)
    oldest = this.replace(year=this.year - 1)
    rows = {row.month: row for row in ActivityMonth.objects.filter(channel=channel, month__gte=oldest)}
    waits = dict(Figure.objects.filter(channel=channel, month__gte=oldest).values_list("month", "median"))
    if not rows:
        return []
    found, month = list[Month](), this
    while month >= min(rows):
        row = rows.get(month)
        counted = (row.posts, row.received, row.answers, row.people) if row else (0, 0, 0, 0)
        found.append(Month(month, *counted, waits.get(month)))
        month = figures.month_of(figures.bounds(month)[0] - timedelta(days=1))
    return found


def last_posts(channels: Iterable[int]) -> dict[int, datetime]:
    """When each channel last had a post of ours, by key; channels without one are left out. A page asks once.

    Here as in the months, what is secret does not count: all that these figures show is open to everybody (D20).
    """
    keys = sorted(set(channels))
    rows = Item.objects.filter(channel_id__in=keys, direction="drawn_up", kind__in=POSTS, secret=False).order_by()
    found = rows.values_list("channel_id").annotate(last=Max("at"))
    return once(("last_posts", *keys), lambda: dict(found))


def last_post(channel: Channel) -> datetime | None:
    """When the channel last had a post of ours; None where it never had one, or where nobody can tell."""
    rows = Item.objects.filter(channel=channel, direction="drawn_up", kind__in=POSTS, secret=False)
    return rows.order_by("-at", "-id").values_list("at", flat=True).first()


def is_read(channel: Channel) -> bool:
    """Whether a program reads the channel to its end, so that silence means silence."""
    return channel.connected_at is not None and channel.caught_up_at is not None and not channel.trouble_code


def promised_days(entry: Entry) -> int:
    """How many days at most were promised between posts; by the policy where nothing was (D9, D51)."""
    return entry.days_between_posts or policy.number("activity.still_days")


def still_since(channel: Channel, entry: Entry, *, at: datetime) -> tuple[bool, datetime | None]:
    """Whether the channel lies still, and since when it has had no post (None where it never had one).

    A new account is given as long as any other before its first post. What nobody reads cannot be told.
    """
    if not is_read(channel) or channel.connected_at is None:
        return False, None
    last = last_post(channel)
    days = timedelta(days=promised_days(entry))
    # What was before it was known here says when it last spoke; without anything, it counts from when it came in.
    return at - (last or channel.connected_at) > days, last
