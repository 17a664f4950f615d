"""What taking in reads and writes: each table once for a batch, whether it holds one comment or thousands.

Whoever calls holds the lock on the channel (see `intake.take_in`), so what is not there now is new: rows are given
their keys beforehand and written by COPY, and nothing has to be asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection

from uppsikt.channels.models import Channel
from uppsikt.connectors.base import BadItem, Can, Captured, CapturedActor
from uppsikt.connectors.base import RawResponse as Answer
from uppsikt.kernel import blobs, bulk
from uppsikt.records.models import Actor, Attachment, Item, Misread, RawResponse, Thread, Version

LONGEST = 300


@dataclass(slots=True)
class Held:
    """What the records hold of an item."""

    pk: int
    state: str
    at: datetime
    address: str
    can: str
    versions_count: int
    version_id: int | None
    actor_id: int
    fingerprint: str


@dataclass(slots=True)
class Line:
    """A reading, and what the records are to hold of it. `number` is that of its newest version, 0 for none yet."""

    one: Captured
    at: datetime
    state: str
    fingerprint: str
    can: str
    before: Held | None = None
    pk: int = 0
    number: int = 0
    reworded: bool = False
    moved: bool = False
    next_check_at: datetime | None = None
    thread_id: int = 0
    actor_id: int = 0
    version_id: int | None = None

    @property
    def changed(self) -> bool:
        """Whether the row of a known item has to say something else than before."""
        old = self.before
        other = old is not None and (old.can != self.can or old.address != self.one.address)
        return self.reworded or self.moved or other


HELD = """
SELECT i.native_id, i.id, i.state, i.at, i.address, i.can::text, i.versions_count, i.version_id, i.actor_id,
  coalesce(v.fingerprint, '')
FROM records_item i LEFT JOIN records_version v ON v.id = i.version_id
WHERE i.channel_id = %s AND i.native_id = ANY(%s)
ORDER BY i.id FOR NO KEY UPDATE OF i
"""

# A list as one value: thousands of values of their own take longer to write than to find.
THREADS = "SELECT native_id, id FROM records_thread WHERE channel_id = %s AND native_id = ANY(%s)"
ACTORS = "SELECT native_id, id, name, handle, address FROM records_actor WHERE channel_id = %s AND native_id = ANY(%s)"


def held(channel: Channel, native_ids: Sequence[str]) -> dict[str, Held]:
    """What the records hold of these, locked in one order, so that two who change several never wait in a ring."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [channel.pk, list(native_ids)])
        return {native_id: Held(*rest) for native_id, *rest in cursor.fetchall()}


@lru_cache(maxsize=64)
def listed(can: frozenset[Can]) -> str:
    """What can be done with an item, as the database writes lists: asked for each item, and of few sorts."""
    return "{" + ",".join(sorted(one.value for one in can)) + "}"


def thread_key(one: Captured) -> str:
    """The conversation that a reading belongs to."""
    return (one.thread_id or one.native_id)[:LONGEST]


def actor_key(one: Captured) -> str:
    """Its author, as the network numbers them."""
    return one.author.native_id[:LONGEST]


def add(
    channel: Channel, fresh: Sequence[Line], known: Sequence[Line], bad: Sequence[BadItem], *, now: datetime
) -> None:
    """Write all that is new: answers, authors, conversations, items, wordings, files, and what could not be read.

    Each line is given the keys of its rows.
    """
    worded = [*fresh, *(line for line in known if line.reworded)]
    talks = {thread_key(line.one): line.one.post_id[:LONGEST] for line in fresh}
    authors = {actor_key(line.one): line.one.author for line in (*fresh, *known)}
    answers = {id(raw): raw for raw in (*(line.one.raw for line in worded), *(one.raw for one in bad))}
    threads, actors = known_threads(channel, talks), known_actors(channel, authors)
    keys = bulk.keys({
        Thread: len(talks) - len(threads),
        Actor: len(authors) - len(actors),
        Item: len(fresh),
        Version: len(worded),
        RawResponse: len(answers),
    })  # fmt: skip  # a row stands in the order of its columns
    new_talks = [(next(keys[Thread]), key, post) for key, post in talks.items() if key not in threads]
    bulk.copy(Thread, ("channel_id", "id", "native_id", "post_native_id"), ((channel.pk, *row) for row in new_talks))
    threads |= {key: pk for pk, key, _post in new_talks}
    new_authors = [(next(keys[Actor]), key, *named(who)) for key, who in authors.items() if key not in actors]
    bulk.copy(
        Actor,
        ("channel_id", "id", "native_id", "name", "handle", "address"),
        ((channel.pk, *row) for row in new_authors),
    )
    actors |= {key: pk for pk, key, *_named in new_authors}
    raws = {name: next(keys[RawResponse]) for name in answers}
    keep_answers(channel, [(raws[name], answer) for name, answer in answers.items()], now=now)
    for line in fresh:
        line.pk, line.thread_id = next(keys[Item]), threads[thread_key(line.one)]
    for line in worded:
        line.version_id, line.number = next(keys[Version]), line.number + 1
        line.actor_id = actors[actor_key(line.one)]
    add_items(channel, fresh, now=now)
    add_versions(worded, raws)
    add_files(worded)
    Misread.objects.bulk_create(
        Misread(raw_id=raws[id(one.raw)], place=one.place[:200], why=one.why[:200]) for one in bad
    )


def known_threads(channel: Channel, keys: Iterable[str]) -> dict[str, int]:
    """The keys of conversations that are there already."""
    with connection.cursor() as cursor:
        cursor.execute(THREADS, [channel.pk, list(keys)])
        return dict(cursor.fetchall())


def known_actors(channel: Channel, authors: Mapping[str, CapturedActor]) -> dict[str, int]:
    """The keys of authors that are there already; where they call themselves otherwise now, that is noted."""
    with connection.cursor() as cursor:
        cursor.execute(ACTORS, [channel.pk, list(authors)])
        found = cursor.fetchall()
    renamed = [(pk, *named(authors[key])) for key, pk, *before in found if tuple(before) != named(authors[key])]
    bulk.change(Actor, ("name", "handle", "address"), renamed)
    return {key: pk for key, pk, *_before in found}


def named(who: CapturedActor) -> tuple[str, str, str]:
    """An author's names as they are kept."""
    return who.name[:LONGEST], who.handle[:LONGEST], who.address


def keep_answers(channel: Channel, answers: Sequence[tuple[int, Answer]], *, now: datetime) -> None:
    """Keep each raw answer that something new rests on, once."""
    if not answers:
        return
    digests = blobs.put_many(
        [(answer.body, answer.headers.get("content-type", "")) for _pk, answer in answers], now=now
    )
    bulk.copy(
        RawResponse,
        ("id", "channel_id", "address", "status", "headers", "blob_id", "fetched_at"),
        (
            (pk, channel.pk, raw.url, raw.status, bulk.as_json(dict(raw.headers)), digest, raw.fetched_at)
            for (pk, raw), digest in zip(answers, digests, strict=True)
        ),
    )


ITEM = (
    "id", "channel_id", "native_id", "kind", "direction", "thread_id", "actor_id", "parent_native_id", "state",
    "address", "can", "published_at", "captured_at", "at", "version_id", "versions_count", "checked_at",
    "next_check_at",
)  # fmt: skip  # a row stands in the order of its columns


def add_items(channel: Channel, fresh: Iterable[Line], *, now: datetime) -> None:
    """Write the rows of items that were not known, each with its first wording."""
    bulk.copy(
        Item,
        ITEM,
        (
            (
                line.pk, channel.pk, one.native_id, one.kind.value, one.direction.value, line.thread_id, line.actor_id,
                one.parent_id[:LONGEST], line.state, one.address, line.can, one.published_at, one.raw.fetched_at,
                line.at, line.version_id, line.number, now, line.next_check_at,
            )
            for line in fresh for one in (line.one,)
        ),
    )  # fmt: skip  # a row stands in the order of its columns


VERSION = (
    "id", "item_id", "number", "fingerprint", "title", "text", "html", "author_name", "edited_at", "captured_at",
    "raw_id", "place", "remarks", "missing", "reading",
)  # fmt: skip  # a row stands in the order of its columns


def add_versions(worded: Iterable[Line], raws: Mapping[int, int]) -> None:
    """Write the wordings; `raws` are the keys of the answers by identity."""
    bulk.copy(
        Version,
        VERSION,
        (
            (
                line.version_id, line.pk, line.number, line.fingerprint, one.title, one.text, one.html,
                one.author.name[:LONGEST], one.edited_at, one.raw.fetched_at, raws[id(one.raw)], one.place[:200],
                bulk.literal([remark[:60] for remark in one.remarks]),
                bulk.literal(sorted(name[:60] for name in one.missing)),
                bulk.as_json(dict(one.reading)),
            )
            for line in worded for one in (line.one,)
        ),
    )  # fmt: skip  # a row stands in the order of its columns


def add_files(worded: Iterable[Line]) -> None:
    """Note the pictures and files of new wordings; one that an earlier wording had is there already."""
    Attachment.objects.bulk_create(
        [
            Attachment(
                item_id=line.pk,
                first_version=line.number,
                address=file.address,
                media_type=file.media_type[:120],
                name=file.name[:LONGEST],
                alt=file.alt,
            )
            for line in worded
            for file in line.one.attachments
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


CHANGED = ("version_id", "versions_count", "actor_id", "state", "can", "address", "next_check_at")


def look_again(known: Sequence[Line], *, now: datetime) -> None:
    """Note that known items were looked at and are there, what is new about them, and when the next look is due."""
    seen = {"checked_at": now, "gone_seen_at": None}
    same = [(line.pk, line.next_check_at) for line in known if not line.changed]
    bulk.change(Item, ("next_check_at",), same, **seen)
    rows = [
        (
            line.pk, line.version_id, line.number, line.actor_id, line.state, line.can, line.one.address,
            line.next_check_at,
        )
        for line in known if line.changed
    ]  # fmt: skip  # a row stands in the order of its columns
    bulk.change(Item, CHANGED, rows, **seen)
