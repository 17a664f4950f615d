"""Taking in: readings become items, versions, threads and actors, in one transaction with the cursor.

The number of queries does not depend on the number of items: what is there already is read in one go for a
batch, what is new is written in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from uppsikt.channels.models import Channel, Cursor
from uppsikt.connectors.base import BadItem, Captured, Visibility
from uppsikt.connectors.base import RawResponse as Answer
from uppsikt.kernel import blobs, trail
from uppsikt.kernel.models import Step
from uppsikt.kernel.trail import Doer
from uppsikt.policy import queries as policy
from uppsikt.records import news, rules
from uppsikt.records.models import Actor, Attachment, Item, Misread, RawResponse, Thread, Version
from uppsikt.records.states import STEP_TO

PULLER = Doer.system("pull")


@dataclass
class TakenIn:
    """What a batch came to: keys of new items and of items that changed in wording or in how they are shown."""

    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    misread: int = 0


@dataclass
class Batch:
    """One batch on its way in, with what the database held of it before."""

    channel: Channel
    now: datetime
    by: Doer
    captured: list[Captured]
    items: dict[str, Item] = field(default_factory=dict)
    threads: dict[str, Thread] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    raws: dict[int, RawResponse] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)


def take_in(
    channel: Channel,
    captured: Sequence[Captured],
    *,
    now: datetime,
    by: Doer = PULLER,
    cursor: Mapping[str, Any] | None = None,
    bad: Sequence[BadItem] = (),
    first: bool = False,
) -> TakenIn:
    """Take readings in, and save the cursor that is true once they are safe.

    Reading the same again changes nothing. Bytes are on disk before the transaction begins, so a crash
    leaves at worst a file that nothing points at. `first` says that this is the channel's history.
    """
    last = {item.native_id: item for item in captured}
    batch = Batch(channel, now, by, list(last.values()))
    with transaction.atomic():
        # One taking in at a time for a channel, whoever started it.
        Channel.objects.select_for_update().get(pk=channel.pk)
        load(batch)
        fresh = [one for one in batch.captured if one.native_id not in batch.items]
        worded = [one for one in batch.captured if is_reworded(batch, one)]
        keep_answers(batch, [one.raw for one in (*fresh, *worded)] + [one.raw for one in bad])
        add_items(batch, fresh)
        add_versions(batch, [*fresh, *worded])
        shown = settle_state(batch, fresh)
        look_again(batch, {one.native_id for one in fresh})
        Step.objects.bulk_create(batch.steps, batch_size=1000)
        Misread.objects.bulk_create(
            Misread(raw=batch.raws[id(one.raw)], place=one.place[:200], why=one.why[:200]) for one in bad
        )
        if cursor is not None:
            Cursor.objects.filter(channel=channel).update(value=dict(cursor), saved_at=now)
        result = TakenIn(
            new=[batch.items[one.native_id].pk for one in fresh],
            changed=sorted({batch.items[one.native_id].pk for one in worded} | set(shown)),
            misread=len(bad),
        )
        if result.new:
            news.TAKEN_IN.tell(channel_id=channel.pk, item_ids=result.new, first=first)
        if result.changed:
            news.CHANGED.tell(channel_id=channel.pk, item_ids=result.changed)
    return result


def load(batch: Batch) -> None:
    """Read what the records hold of the batch already; make the threads and actors that are new."""
    channel = batch.channel
    ids = [one.native_id for one in batch.captured]
    batch.items = {
        item.native_id: item
        for item in Item.objects.filter(channel=channel, native_id__in=ids).select_related("version")
    }
    threads = {thread_key(one): one.post_id[:300] for one in batch.captured}
    Thread.objects.bulk_create(
        [Thread(channel=channel, native_id=key, post_native_id=post) for key, post in threads.items()],
        ignore_conflicts=True,
    )
    batch.threads = {row.native_id: row for row in Thread.objects.filter(channel=channel, native_id__in=threads)}
    authors = {one.author.native_id[:300]: one.author for one in batch.captured}
    Actor.objects.bulk_create(
        [
            Actor(channel=channel, native_id=key, name=who.name[:300], handle=who.handle[:300], address=who.address)
            for key, who in authors.items()
        ],
        update_conflicts=True,
        unique_fields=["channel", "native_id"],
        update_fields=["name", "handle", "address"],
    )
    batch.actors = {row.native_id: row for row in Actor.objects.filter(channel=channel, native_id__in=authors)}


def thread_key(one: Captured) -> str:
    """The conversation that a reading belongs to."""
    return (one.thread_id or one.native_id)[:300]


def is_reworded(batch: Batch, one: Captured) -> bool:
    """Whether the records hold the item with other words than these."""
    item = batch.items.get(one.native_id)
    return item is not None and (item.version is None or item.version.fingerprint != one.fingerprint)


def keep_answers(batch: Batch, answers: Sequence[Answer]) -> None:
    """Keep each raw answer that something new rests on, once."""
    unique = list({id(answer): answer for answer in answers}.values())
    digests = blobs.put_many(
        [(answer.body, answer.headers.get("content-type", "")) for answer in unique], now=batch.now
    )
    rows = RawResponse.objects.bulk_create(
        RawResponse(
            channel=batch.channel,
            address=answer.url,
            status=answer.status,
            headers=dict(answer.headers),
            blob_id=digest,
            fetched_at=answer.fetched_at,
        )
        for answer, digest in zip(unique, digests, strict=True)
    )
    batch.raws = {id(answer): row for answer, row in zip(unique, rows, strict=True)}


def add_items(batch: Batch, fresh: Sequence[Captured]) -> None:
    """Write the rows of items that were not known, and the steps that say so."""
    plan = policy.recheck_plan()
    rows = [
        Item(
            channel=batch.channel,
            native_id=one.native_id,
            kind=one.kind.value,
            direction=one.direction.value,
            thread=batch.threads[thread_key(one)],
            actor=batch.actors[one.author.native_id[:300]],
            parent_native_id=one.parent_id[:300],
            state=shown_as(one),
            address=one.address,
            can=sorted(can.value for can in one.can),
            published_at=one.published_at,
            captured_at=one.raw.fetched_at,
            at=rules.believable(one.published_at, one.raw.fetched_at),
            versions_count=0,
            checked_at=batch.now,
        )
        for one in fresh
    ]
    for one, row in zip(fresh, rows, strict=True):
        row.next_check_at = next_look(row, one, batch.now, plan)
    Item.objects.bulk_create(rows, batch_size=1000)
    for one, row in zip(fresh, rows, strict=True):
        batch.items[one.native_id] = row
        facts = {"fingerprint": one.fingerprint, "address": one.address}
        batch.steps.append(trail.step_for(row, "take_in", "", by=batch.by, at=batch.now, facts=facts))


def shown_as(one: Captured) -> str:
    """An item that we first meet in a bin is hidden; that it is gone takes two looks, as for any other."""
    return Visibility.HIDDEN.value if one.visibility is Visibility.GONE else one.visibility.value


def add_versions(batch: Batch, worded: Sequence[Captured]) -> None:
    """Write the wordings, and point each item at its newest."""
    rows = [version_row(batch, batch.items[one.native_id], one) for one in worded]
    Version.objects.bulk_create(rows, batch_size=1000)
    for row, one in zip(rows, worded, strict=True):
        item = row.item
        item.version, item.versions_count = row, row.number
        item.actor = batch.actors[one.author.native_id[:300]]
        if row.number > 1:
            facts = {"version": row.number, "fingerprint": row.fingerprint}
            batch.steps.append(trail.step_for(item, "change", item.state, by=batch.by, at=batch.now, facts=facts))
    # A history of thousands comes in here: one statement points them all, where a bulk update grows with each row.
    newest = Version.objects.filter(item=OuterRef("pk")).order_by("-number")
    Item.objects.filter(pk__in=[row.item_id for row in rows]).update(
        version=Subquery(newest.values("pk")[:1]), versions_count=Subquery(newest.values("number")[:1])
    )
    again = [row.item for row in rows if row.number > 1]
    Item.objects.bulk_update(again, ["actor"], batch_size=500)
    Attachment.objects.bulk_create(
        [
            Attachment(
                item=row.item,
                first_version=row.number,
                address=file.address,
                media_type=file.media_type[:120],
                name=file.name[:300],
                alt=file.alt,
            )
            for row, one in zip(rows, worded, strict=True)
            for file in one.attachments
        ],
        ignore_conflicts=True,
    )


def version_row(batch: Batch, item: Item, one: Captured) -> Version:
    """An unsaved version from a reading."""
    return Version(
        item=item,
        number=item.versions_count + 1,
        fingerprint=one.fingerprint,
        title=one.title,
        text=one.text,
        html=one.html,
        author_name=one.author.name[:300],
        edited_at=one.edited_at,
        captured_at=one.raw.fetched_at,
        raw=batch.raws[id(one.raw)],
        place=one.place[:200],
        remarks=[remark[:60] for remark in one.remarks],
        missing=sorted(name[:60] for name in one.missing),
        reading=dict(one.reading),
    )


def settle_state(batch: Batch, fresh: Sequence[Captured]) -> list[int]:
    """Follow how the network shows known items: approved, held, hidden, back again. Returns the keys that moved."""
    new = {one.native_id for one in fresh}
    moved = []
    for one in batch.captured:
        item = batch.items[one.native_id]
        if one.native_id in new or one.visibility is Visibility.GONE or item.state == one.visibility.value:
            continue
        before, item.state = item.state, one.visibility.value
        facts = {"address": one.raw.url}
        batch.steps.append(trail.step_for(item, STEP_TO[item.state], before, by=batch.by, at=batch.now, facts=facts))
        moved.append(item)
    Item.objects.bulk_update(moved, ["state"], batch_size=500)
    return [item.pk for item in moved]


def look_again(batch: Batch, fresh: set[str]) -> None:
    """Set when each item that was known is re-fetched: often while it is new, ever more seldom as it ages."""
    plan, known = policy.recheck_plan(), [one for one in batch.captured if one.native_id not in fresh]
    for one in known:
        item = batch.items[one.native_id]
        item.checked_at, item.gone_seen_at = batch.now, None
        item.can, item.address = sorted(can.value for can in one.can), one.address
        item.next_check_at = next_look(item, one, batch.now, plan)
    Item.objects.bulk_update(
        [batch.items[one.native_id] for one in known],
        ["checked_at", "gone_seen_at", "can", "address", "next_check_at"],
        batch_size=500,
    )


def next_look(item: Item, one: Captured, now: datetime, plan: Iterable[tuple[float, float]]) -> datetime | None:
    """When to re-fetch an item read now: at once where it lies in a bin, else by its age."""
    binned = one.visibility is Visibility.GONE and item.state != Visibility.GONE
    return now if binned else rules.next_check(now - item.at, now, plan)
