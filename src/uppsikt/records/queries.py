"""Reads of records that other rooms may ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Left

from uppsikt.channels.models import Channel
from uppsikt.records import reading, stems, terms
from uppsikt.records.models import Attachment, Item, Searchable, Thread, Version
from uppsikt.records.reading import Reader
from uppsikt.ui.hostile import HIT, HIT_END


@dataclass(frozen=True, slots=True)
class Key:
    """Where a keyset page begins: after this time and key."""

    at: datetime
    id: int


def newest(
    reader: Reader,
    *,
    channels: QuerySet[Any] | None = None,
    words: str = "",
    state: str = "",
    direction: str = "",
    after: Key | None = None,
) -> QuerySet[Item]:
    """Items that may be read, newest first, with what a list shows of them. `words` searches every wording."""
    rows = reading.readable(Item.objects.select_related("channel", "actor", "version"), reader)
    if channels is not None:
        rows = rows.filter(channel__in=channels)
    if words:
        question = stems.question(terms.parse(words)).text
        answers = Searchable.objects.filter(words=stems.Ready(question))
        rows = rows.filter(pk__in=answers.values("item_id"))
    if state:
        rows = rows.filter(state=state)
    if direction:
        rows = rows.filter(direction=direction)
    if after is not None:
        rows = rows.filter(Q(at__lt=after.at) | Q(at=after.at, id__lt=after.id))
    return rows.order_by("-at", "-id")


def asked(words: str) -> SearchQuery:
    """What somebody searches for, read as in a web search, in Swedish."""
    return SearchQuery(words, search_type="websearch", config="swedish")


# What no page shows of a wording, and may be a megabyte.
UNSEEN = ("reading", "html")


def in_thread(thread: Thread, reader: Reader) -> QuerySet[Item]:
    """What may be read of the conversation, oldest first, with the words that each item has now."""
    heavy = [f"version__{field}" for field in UNSEEN]
    rows = reading.readable(Item.objects.filter(thread=thread), reader)
    return rows.select_related("actor", "version", "channel").defer(*heavy).order_by(F("at").asc(), "id")


def earlier_wordings(items: Sequence[int], most: int) -> QuerySet[Version]:
    """Of each of these items (by key) the wordings before its newest one, at most so many, the newest first."""
    rows = Version.objects.filter(
        item__in=items, number__lt=F("item__versions_count"), number__gte=F("item__versions_count") - most
    )
    return rows.defer(*UNSEEN).order_by("-number")


def post_over(thread: Thread, reader: Reader) -> Item | None:
    """The post under which the conversation is held; None where there is none that may be read."""
    if not thread.post_native_id:
        return None
    posts = Item.objects.filter(channel_id=thread.channel_id, native_id=thread.post_native_id)
    return reading.readable(posts, reader).select_related("version", "actor").first()


# Of a text that may be a megabyte long, a list reads so much.
BEGINNING = 1000


# Of the part of a text that is searched (see `indexing`), the piece around what was found is shown.
SEARCHED = {"version__text": 100_000, "version__title": 2_000}


def beginnings(rows: QuerySet[Item], *, words: str = "") -> QuerySet[Item]:
    """What a list shows of each item, in one query: channel, author, and the beginnings of title and text.

    Where `words` were searched for, instead of the beginnings the pieces that hold them, between HIT and HIT_END.
    """
    rows = rows.select_related(None).select_related("channel", "actor")
    if not words:
        return rows.annotate(words=Left("version__text", BEGINNING), headline=Left("version__title", BEGINNING))
    return rows.annotate(words=around("version__text", words), headline=around("version__title", words))


def around(field: str, words: str) -> SearchHeadline:
    """The piece of a text that holds what was searched for; its beginning where this wording does not."""
    return SearchHeadline(
        Left(field, SEARCHED[field]),
        asked(words),
        config="swedish",
        start_sel=HIT,
        stop_sel=HIT_END,
        min_words=20,
        max_words=40,
    )


def for_list(  # a list can be narrowed in so many ways
    reader: Reader,
    *,
    words: str = "",
    channel: Channel | None = None,
    kind: str = "",
    direction: str = "",
    state: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> QuerySet[Item]:
    """Items for a list, in no order: the page sorts them. `words` searches every wording, in Swedish (D18)."""
    exact = {"channel": channel, "kind": kind, "direction": direction, "state": state}
    rows = newest(reader, words=words).filter(**{name: value for name, value in exact.items() if value})
    if since is not None:
        rows = rows.filter(at__gte=since)
    if before is not None:
        rows = rows.filter(at__lt=before)
    return beginnings(rows, words=words).order_by()


def versions(item: Item, *, before: int | None = None, limit: int = 20) -> list[Version]:
    """The item's wordings, newest first, with the answers they rest on; `before` a number, those before it."""
    rows = item.versions.select_related("raw").defer(*UNSEEN).order_by("-number")
    return list((rows.filter(number__lt=before) if before else rows)[:limit])


def attachments(item: Item) -> list[Attachment]:
    """The item's files, in the order in which they came."""
    return list(item.attachments.select_related("blob").order_by("id"))


def one(pk: int, reader: Reader) -> QuerySet[Item]:
    """The item of that key, where it may be read: one that may not is as little there as one that never was."""
    return reading.readable(Item.objects.filter(pk=pk), reader)


def held(channels: QuerySet[Channel] | list[int]) -> QuerySet[Item]:
    """What the networks hold back until somebody approves it."""
    return Item.objects.filter(channel__in=channels, state="held", direction="received")
