"""How far each channel has been looked at, and what has come in since, in the order in which it was taken in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from uppsikt.channels.models import Channel
from uppsikt.oversight.models import Round, Shown, Watch
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item, Version

# Those whose account is read by now, and was not; and those whose history has been read to its end.
TO_CLOSE = Q(outside=True, channel__connected_at__isnull=False) | Q(
    history_through=None, channel__caught_up_at__isnull=False
)
# What of a channel's wordings belongs to the time before we came (the database's own guard asks the same).
NEWS = """
FROM oversight_watch w
JOIN records_version v ON v.id > w.seen_through
JOIN records_item i ON i.id = v.item_id AND i.channel_id = w.channel_id
WHERE w.channel_id = ANY(%(channels)s) AND v.id > %(least)s
  AND NOT (v.number = 1 AND v.id <= coalesce(w.history_through, v.id) AND i.at < w.history_from)
"""
SINCE_LAST = f"""
SELECT w.channel_id, min(v.id), max(v.id), count(*), count(DISTINCT v.item_id) {NEWS} GROUP BY w.channel_id
"""


@dataclass(frozen=True, slots=True)
class Fresh:
    """What has come in on a channel since the last signed round: keys of its first and last wording, how many wordings
    and of how many items (pages count those)."""

    first: int | None = None
    last: int | None = None
    wordings: int = 0
    items: int = 0


def watch(channel: Channel, *, now: datetime, since: datetime | None = None) -> Watch:
    """The channel's watch; begun now (or at `since`) where there is none."""
    begun = since or now
    span = {"since": begun, "counted_until": begun, "history_from": begun - first_look()}
    made, _new = Watch.objects.get_or_create(
        channel=channel, defaults={**span, "outside": channel.connected_at is None}
    )
    return made


def first_look() -> timedelta:
    """So far back a new channel is looked through."""
    return timedelta(days=policy.number("oversight.first_look_days"))


def watches(channels: Iterable[Channel], *, now: datetime) -> dict[int, Watch]:
    """The watches of these channels, by the channel's key in order; begun where there are none."""
    rows = {channel.pk: channel for channel in channels}
    there = {row.channel_id: row for row in Watch.objects.filter(channel__in=rows)}
    return {pk: there.get(pk) or watch(rows[pk], now=now) for pk in sorted(rows)}


def close_history(row: Watch, channel: Channel) -> None:
    """Once the channel's history has been read, all that comes in is news, however old it is."""
    begin_reading(row, channel)
    if row.history_through is not None or channel.caught_up_at is None:
        return
    with transaction.atomic():
        hold([channel.pk])
        row.history_through = newest_key()
        # Whoever signed while nothing had been fetched has looked so far, and the next round goes on from there.
        if row.seen_through == 0 and not Round.objects.filter(channel=channel, state="signed").exists():
            recent = Version.objects.filter(
                item__channel=channel, item__at__gte=row.history_from, number=1, id__lte=row.history_through
            )
            first = recent.aggregate(first=Min("id"))["first"]
            row.seen_through = row.history_through if first is None else first - 1
        row.save(update_fields=["history_through", "seen_through"])


def begin_reading(row: Watch, channel: Channel) -> None:
    """An account that was looked at on its network is read from now on: what was said there before is history."""
    if row.outside and channel.connected_at is not None:
        row.since, row.history_from = channel.connected_at, channel.connected_at - first_look()
        row.outside = False
        row.save(update_fields=["since", "history_from", "outside"])


def hold(channels: Iterable[int]) -> None:
    """Wait for what is being taken in on these channels, and let nothing in until the transaction ends."""
    rows = Channel.objects.select_for_update(no_key=True).filter(pk__in=list(channels))
    list(rows.order_by("pk").values_list("pk"))


def newest_key() -> int:
    """The key of the newest wording of all. Whoever holds a channel knows that its next one gets a higher key."""
    newest: int | None = Version.objects.aggregate(newest=Max("id"))["newest"]
    return newest or 0


def fresh(channels: Sequence[int]) -> dict[int, Fresh]:
    """What is new on each of these channels since the last signed round; one query, those without news left out."""
    least = Watch.objects.filter(channel__in=channels).aggregate(least=Min("seen_through"))["least"]
    if least is None:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SINCE_LAST, {"channels": list(channels), "least": least})
        return {pk: Fresh(*found) for pk, *found in cursor.fetchall()}


def wordings(rounds: Iterable[Round]) -> QuerySet[Version]:
    """The wordings that these rounds cover, in no order; two queries, however many there are."""
    asked = list(rounds)
    if not asked:
        return Version.objects.none()
    watches = {row.channel_id: row for row in Watch.objects.filter(channel__in=[one.channel_id for one in asked])}
    within = Q()
    for one in asked:
        mine = watches[one.channel_id]
        old = Q(number=1, item__at__lt=mine.history_from)
        if mine.history_through is not None:
            old &= Q(id__lte=mine.history_through)
        within |= Q(item__channel=one.channel_id, id__gt=one.after, id__lte=one.through) & ~old
    # The keys alone say to the database where to look.
    return Version.objects.filter(
        within, id__gt=min(one.after for one in asked), id__lte=max(one.through for one in asked)
    )


def items(rounds: Iterable[Round]) -> QuerySet[Item]:
    """The items of those wordings, each once, in no order."""
    return Item.objects.filter(pk__in=wordings(rounds).values("item_id"))


def left(rounds: Iterable[Round]) -> int:
    """How many items have a wording that these rounds cover and have not shown. People count items, so all do."""
    counted: dict[str, int] = not_shown(rounds).aggregate(items=Count("item", distinct=True))
    return counted["items"]


def not_shown(rounds: Iterable[Round]) -> QuerySet[Version]:
    """The wordings that these rounds cover and have not shown yet."""
    asked = list(rounds)
    shown = Shown.objects.filter(round__in=[one.pk for one in asked], version=OuterRef("pk"))
    return wordings(asked).filter(~Exists(shown))
