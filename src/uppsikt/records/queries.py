"""Reads of records that other rooms may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import F, Q, QuerySet

from uppsikt.records.models import Item, Thread


@dataclass(frozen=True, slots=True)
class Key:
    """Where a keyset page begins: after this time and key."""

    at: datetime
    id: int


def newest(
    *,
    channels: QuerySet[Any] | None = None,
    words: str = "",
    state: str = "",
    direction: str = "",
    after: Key | None = None,
) -> QuerySet[Item]:
    """Items, newest first, with what a list shows of them. `words` searches every wording, in Swedish."""
    rows = Item.objects.select_related("channel", "actor", "version")
    if channels is not None:
        rows = rows.filter(channel__in=channels)
    if words:
        query = SearchQuery(words, search_type="websearch", config="swedish")
        rows = rows.filter(pk__in=rows.model.objects.filter(versions__search=query).values("pk"))
    if state:
        rows = rows.filter(state=state)
    if direction:
        rows = rows.filter(direction=direction)
    if after is not None:
        rows = rows.filter(Q(at__lt=after.at) | Q(at=after.at, id__lt=after.id))
    return rows.order_by("-at", "-id")


def in_thread(thread: Thread) -> QuerySet[Item]:
    """The conversation, oldest first."""
    return thread.items.select_related("actor", "version", "channel").order_by(F("at").asc(), "id")


def post_over(thread: Thread) -> Item | None:
    """The post under which the conversation is held, or None."""
    if not thread.post_native_id:
        return None
    posts = Item.objects.filter(channel_id=thread.channel_id, native_id=thread.post_native_id)
    return posts.select_related("version", "actor").first()
