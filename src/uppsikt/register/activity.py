"""What goes on in an account: posts, what others write, answers and how soon they come, month by month (D51).

Months are counted each night and kept as rows, as the inbox keeps its figures; only the last post is looked up when
somebody asks. The figures are open to everybody who works here, so what is secret is counted in none (D20).
An account that no program reads has no figures: that is said, and nobody is blamed for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import TruncMonth

from uppsikt.channels.models import Channel
from uppsikt.inbox import figures
from uppsikt.inbox.models import Figure
from uppsikt.kernel import working
from uppsikt.kernel.once import once
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item
from uppsikt.register import hand_looks
from uppsikt.register.activity_models import ActivityMonth
from uppsikt.register.models import Entry

SHOWN_MONTHS = figures.SHOWN_MONTHS
POSTS = ("post", "page")
OVERLAP = timedelta(days=1)
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
    """Count the months that move: this one, the last, and those of which something has come in since last time.

    An account that is connected brings its years with it, and they come in over days.
    """
    this = figures.month_of(now)
    shown = [this]
    while len(shown) < SHOWN_MONTHS:
        shown.append(figures.month_of(figures.bounds(shown[-1])[0] - timedelta(days=1)))
    fresh = Item.objects.filter(at__gte=figures.bounds(shown[-1])[0])
    last = ActivityMonth.objects.aggregate(at=Max("made_at"))["at"]
    if last is not None:
        # What was on its way in when the last counting began is looked at again.
        fresh = fresh.filter(captured_at__gte=last - OVERLAP)
    found = fresh.order_by().annotate(month=TruncMonth("at", tzinfo=working.ZONE)).values_list("month", flat=True)
    moved = {one.date() for one in found.distinct()} | set(shown[:2])
    for month in shown:
        if month in moved:
            make(month, now=now)
    return sum(month in moved for month in shown)


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
    return not unread(channel)


def unread(channel: Channel) -> str:
    """Why nobody can tell what silence means, as `life_words.UNREAD` has it; "" for a channel that is read."""
    if channel.connected_at is None:
        return "elsewhere"
    if not channel.is_at_work:
        return "resting"
    if channel.trouble_code:
        return "trouble"
    return "" if channel.caught_up_at is not None else "behind"


def promised_days(entry: Entry) -> int:
    """How many days at most were promised between posts; by the policy where nothing was (D9, D51)."""
    return entry.days_between_posts or policy.number("activity.still_days")


def still_since(channel: Channel, entry: Entry, *, at: datetime) -> tuple[bool, datetime | None]:
    """Whether the channel lies still, and since when it has had no post (None where it never had one).

    A new account is given as long as any other before its first post. Of one that no program reads, what somebody saw
    who looked says it, while that is fresh; what nobody reads or sees cannot be told.
    """
    if channel.connected_at is None:
        return hand_looks.still_since(hand_looks.newest(channel), promised_days(entry), at=at)
    if not is_read(channel):
        return False, None
    last = last_post(channel)
    days = timedelta(days=promised_days(entry))
    # What was before it was known here says when it last spoke; without anything, it counts from when it came in.
    return at - (last or channel.connected_at) > days, last
