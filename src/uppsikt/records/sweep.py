"""The sweep: asking again for what we hold, since networks tell neither of edits nor of deletions (D18, D40).

A tombstone is set only when two re-fetches, an interval of policy apart, both said gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Captured, Connector, Found, Known, Refetched, Visibility
from uppsikt.kernel import blobs, trail
from uppsikt.policy import queries as policy
from uppsikt.records import intake, news, rules
from uppsikt.records.models import Item, RawResponse

SWEEPER = trail.Doer.system("sweep")
BITE = 200


def due(channel: Channel, *, now: datetime, limit: int) -> list[Item]:
    """Items of the channel whose next look has come, longest overdue first."""
    rows = Item.objects.filter(channel=channel, next_check_at__lte=now).select_related("version")
    return list(rows.order_by("next_check_at")[:limit])


def sweep(channel: Channel, connector: Connector, *, now: datetime, limit: int = 1000) -> int:
    """Re-fetch what is due and take in what it says; returns how many items were asked for. Raises Trouble."""
    items = due(channel, now=now, limit=limit)
    asked = 0
    for bite in bites(items):
        refetch(channel, connector, bite, now=now)
        asked += len(bite)
    return asked


def bites(items: Sequence[Item]) -> Iterable[Sequence[Item]]:
    """The items, some at a time."""
    return (items[start : start + BITE] for start in range(0, len(items), BITE))


def refetch(
    channel: Channel, connector: Connector, items: Sequence[Item], *, now: datetime, sure: bool = False
) -> None:
    """Ask for these items again, now. Raises Trouble; what was answered until then is safe.

    `sure`: we have taken them away ourselves a moment ago, and one look that says gone is enough.
    """
    known = [
        Known(item.native_id, item.version.fingerprint if item.version else "", item.etag, item.link) for item in items
    ]
    held = {item.native_id: item for item in items}
    alive: list[Captured] = []
    told: dict[Found, list[tuple[Item, Refetched]]] = {found: [] for found in Found}
    heard: set[str] = set()
    for answer in connector.refetch(known):
        item = held.get(answer.native_id)
        heard.add(answer.native_id)
        if item is not None:
            item.etag = answer.etag[:200]
        binned = answer.item is not None and answer.item.visibility is Visibility.GONE
        found = Found.GONE if binned else answer.found
        if answer.item is not None and found is not Found.GONE:
            alive.append(answer.item)
        elif item is not None:
            told[found].append((item, answer))
    if alive:
        intake.take_in(channel, alive, now=now, by=SWEEPER)
    # Only now: an ETag that is kept before what it stands for would hide the change after a crash.
    Item.objects.bulk_update(items, ["etag"], batch_size=500)
    unchanged([item for item, _answer in told[Found.SAME]], now=now)
    for item, answer in told[Found.GONE]:
        said_gone(item, answer, now=now, sure=sure)
    for item, answer in told[Found.HIDDEN]:
        said_hidden(item, answer, now=now)
    later([item for item in items if item.native_id not in heard], now=now)


def unchanged(items: Sequence[Item], *, now: datetime) -> None:
    """The network says that nothing has changed."""
    plan = policy.recheck_plan()
    for item in items:
        item.checked_at, item.gone_seen_at = now, None
        item.next_check_at = rules.next_check(now - item.at, now, plan)
    Item.objects.bulk_update(items, ["checked_at", "gone_seen_at", "next_check_at"], batch_size=500)


def later(items: Sequence[Item], *, now: datetime) -> None:
    """Nothing could be learnt of these; asked for first again and again, they would keep the others from their turn."""
    plan = policy.recheck_plan()
    for item in items:
        item.next_check_at = rules.next_check(now - item.at, now, plan)
    Item.objects.bulk_update(items, ["next_check_at"], batch_size=500)


def said_hidden(item: Item, answer: Refetched, *, now: datetime) -> None:
    """It is there, and the network does not show it to us any more: hidden, and neither gone nor reworded."""
    fields: dict[str, Any] = {
        "checked_at": now,
        "gone_seen_at": None,
        "next_check_at": rules.next_check(now - item.at, now, policy.recheck_plan()),
    }
    with transaction.atomic():
        if item.state in {Visibility.HIDDEN, Visibility.GONE}:
            Item.objects.filter(pk=item.pk).update(**fields)
            return
        kept = keep_answer(item, answer, now=now)
        trail.take("hide", item, by=SWEEPER, at=now, also=kept, **fields)
        news.CHANGED.tell(channel_id=item.channel_id, item_ids=[item.pk])


def said_gone(item: Item, answer: Refetched, *, now: datetime, sure: bool = False) -> None:
    """A re-fetch says gone: the first time it is noted, the second time, an interval later, it is so.

    Where it was we who took it away (`sure`) it is so at once.
    """
    again_at = (item.gone_seen_at or now) + timedelta(minutes=policy.number("recheck.gone_interval_minutes"))
    # What lies in a bin can be taken out of it, so it is looked at now and then; what is not there at all is left.
    binned = rules.next_check(now - item.at, now, policy.recheck_plan()) if answer.item else None
    with transaction.atomic():
        if item.state == Visibility.GONE:
            Item.objects.filter(pk=item.pk).update(checked_at=now, next_check_at=binned)
            return
        kept = keep_answer(item, answer, now=now)
        if item.gone_seen_at is None and not sure:
            trail.take(
                "first_gone",
                item,
                by=SWEEPER,
                at=now,
                also=kept,
                gone_seen_at=now,
                checked_at=now,
                next_check_at=again_at,
            )
        elif now < again_at and not sure:
            Item.objects.filter(pk=item.pk).update(checked_at=now, next_check_at=again_at)
        else:
            trail.take("lose", item, by=SWEEPER, at=now, also=kept, checked_at=now, next_check_at=binned)
            news.CHANGED.tell(channel_id=item.channel_id, item_ids=[item.pk])


def keep_answer(item: Item, answer: Refetched, *, now: datetime) -> dict[str, object]:
    """Keep the answer that said gone: the tombstone rests on it."""
    if answer.raw is None:
        return {}
    raw = answer.raw
    row = RawResponse.objects.create(
        channel_id=item.channel_id,
        address=raw.url,
        status=raw.status,
        headers=dict(raw.headers),
        blob_id=blobs.put(raw.body, raw.headers.get("content-type", ""), now=now),
        fetched_at=raw.fetched_at,
    )
    return {"raw": row.pk, "status": raw.status}


def fetch_new(channel: Channel, connector: Connector, native_id: str, *, now: datetime) -> None:
    """Take in one item that we know to be there: an answer that we have just published. Raises Trouble."""
    found = [answer.item for answer in connector.refetch([Known(native_id)]) if answer.item]
    intake.take_in(channel, found, now=now, by=SWEEPER)
