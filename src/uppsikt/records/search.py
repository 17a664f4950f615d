"""Search over all records, newest first, by words and filters (D18).

What the reader may not read is neither found nor counted nor hinted at: each question carries the reader's secrecy,
and what is shown is read once more through it. Words are sought in every wording that an item had; a hit shows its
newest.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Left
from django.db.utils import OperationalError
from django.utils.translation import gettext as _
from psycopg.errors import QueryCanceled

from uppsikt.channels.models import Channel
from uppsikt.kernel.errors import Refused
from uppsikt.records import highlights, reading, stems, terms
from uppsikt.records.models import Item, Searchable
from uppsikt.records.reading import Reader
from uppsikt.records.stems import Question

# A place in the list: an item's time and key (see `ui.paging.read_key`).
Place = tuple[datetime, int]
# Up to here a count is exact: counting on would cost what the search itself does not.
EXACT = 1_000
# So far above it no estimate is wrong enough for a thousand to be worth counting; from the first on where the newest
# page of them bears it out, by spanning no more time than this.
LIKELY_MORE, SURELY_MORE = 3 * EXACT, 20 * EXACT
THICK = timedelta(days=60)
PATIENCE = 15  # seconds
# Of a text that may be a megabyte long, a list reads so much; where words are sought, so much.
BEGINNING, READ, TITLE = 1_000, 10_000, 2_000
LOT = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sought: words, and what narrows them. Channels and units by key; what is left empty narrows nothing.

    Items from `since` on and up to, not with, `before`. `author` is names in any wording, or their beginnings ("ma*").
    """

    words: str = ""
    channels: tuple[int, ...] = ()
    units: tuple[int, ...] = ()
    kind: str = ""
    direction: str = ""
    state: str = ""
    author: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of items, newest first, each with `words` and `headline` to show, and where the pages beside it begin.

    Hand `newer` back as `place` with `back=True`, and `older` as `place` alone. None: there is no such page.
    """

    rows: list[Item]
    newer: Place | None = None
    older: Place | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are. Where it is not `exact`, about so many, and more than a thousand."""

    number: int
    exact: bool


def find(
    asked: Asked,
    reader: Reader,
    *,
    place: Place | None = None,
    back: bool = False,
    limit: int = 25,
    question: Question | None = None,
) -> Found:
    """The items that answer, newest first: from the top, after `place`, or with `back` those right before it.

    One question to the database; `question` spares the words from being understood once more where they have been.
    Raises Refused where the words cannot be sought, or where it would take too long.
    """
    question, back = question or understood(asked), back and place is not None
    with patience():
        keys = page(matching(asked, question, reader), place, back=back).values("item_id")[: limit + 1]
        return shown(listed(keys, question, reader), question, limit=limit, place=place, back=back)


def shown(
    found: QuerySet[Item], question: Question, *, limit: int, place: Place | None = None, back: bool = False
) -> Found:
    """A page of items that were found, one more than it shows where there are more."""
    rows = list(found)
    rows.sort(key=lambda row: (row.at, row.pk), reverse=not back)
    more, rows = len(rows) > limit, rows[:limit]
    if back:
        rows.reverse()
    if not rows:
        return Found([])
    has_newer, has_older = (more, True) if back else (place is not None, more)
    mark(rows, question)
    newer, older = (rows[0].at, rows[0].pk), (rows[-1].at, rows[-1].pk)
    return Found(rows, newer if has_newer else None, older if has_older else None)


def begin(asked: Asked, reader: Reader, *, limit: int = 25, question: Question | None = None) -> tuple[Found, Count]:
    """The first page, and how many there are. Raises Refused as `find` does.

    What is rare has its keys read all at once, which finds and counts it in one question; of what there is plenty of,
    only the page is read.
    """
    question = question or understood(asked)
    rows = matching(asked, question, reader)
    expected = estimate(rows)
    if expected < LIKELY_MORE:
        with patience():
            keys = sorted(rows.values_list("at", "item_id")[: EXACT + 1], reverse=True)
            if len(keys) <= EXACT:
                newest = [key for _at, key in keys[: limit + 1]]
                return shown(listed(newest, question, reader), question, limit=limit), Count(len(keys), exact=True)
    found = find(asked, reader, limit=limit, question=question)
    if found.older is None:
        return found, Count(len(found.rows), exact=True)
    thick = found.rows[0].at - found.rows[-1].at < THICK
    if expected >= LIKELY_MORE and (thick or expected >= SURELY_MORE):
        return found, Count(rounded(expected), exact=False)
    return found, counted(rows, expected)


def count(asked: Asked, reader: Reader, *, question: Question | None = None) -> Count:
    """How many items answer: exact up to a thousand, above that as the planner estimates, to two figures.

    Where the planner expects many times that, nobody counts: a bitmap of years of hits would be made for it.
    """
    rows = matching(asked, question or understood(asked), reader)
    expected = estimate(rows)
    return Count(rounded(expected), exact=False) if expected >= SURELY_MORE else counted(rows, expected)


def counted(rows: QuerySet[Searchable], expected: int) -> Count:
    """So many, counted to a thousand; where there are more, as many as are expected."""
    with patience():
        number = rows[: EXACT + 1].count()
    if number <= EXACT:
        return Count(number, exact=True)
    return Count(rounded(max(number, expected)), exact=False)


def every(
    asked: Asked, reader: Reader, *, after: Place | None = None, most: int = LOT
) -> Iterator[list[tuple[Place, Item]]]:
    """All items that answer, newest first, in lots, each with its place: to go on after it when broken off.

    Items come with channel, actor, thread and their newest version whole, for exports.
    """
    question, place = understood(asked), after
    while True:
        with patience():
            keys = list(page(matching(asked, question, reader), place).values_list("at", "item_id")[:most])
        if not keys:
            return
        rows = reading.readable(Item.objects.filter(pk__in=[key for _at, key in keys]), reader)
        held = rows.select_related("channel", "actor", "thread", "version").in_bulk()
        lot = [((at, key), held[key]) for at, key in keys if key in held]
        if lot:
            yield lot
        place = keys[-1]


def any_found(asked: Asked, reader: Reader) -> Item | None:
    """One item that answers, the newest; None where nothing does."""
    # Of one row alone the planner believes that it is near the top, and reads all the years for a word that is nowhere.
    found = find(asked, reader).rows
    return found[0] if found else None


def understood(asked: Asked) -> Question:
    """The words and names as the index understands them. Raises Refused where they cannot be sought."""
    return stems.question(terms.parse(asked.words.replace("\0", " ")), asked.author.replace("\0", " ")[:200])


def matching(asked: Asked, question: Question, reader: Reader) -> QuerySet[Searchable]:
    """The rows that answer, in no order, of what the reader may read."""
    rows = Searchable.objects.all()
    if question.text:
        rows = rows.filter(words=stems.Ready(question.text))
    exact = {"kind": asked.kind, "direction": asked.direction, "state": asked.state}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if asked.channels or asked.units:
        rows = rows.filter(channel_id__in=channels_of(asked))
    if asked.since is not None:
        rows = rows.filter(at__gte=asked.since)
    if asked.before is not None:
        rows = rows.filter(at__lt=asked.before)
    if reader.everything:
        return rows
    unmarked = Q(secret=False)
    return rows.filter(unmarked | Q(channel_id__in=sorted(reader.channels)) if reader.channels else unmarked)


def channels_of(asked: Asked) -> list[int]:
    """The channels that are asked for, by key and by unit, in both where both are given."""
    chosen = set(asked.channels)
    if asked.units:
        within = set(Channel.objects.filter(unit__in=asked.units).values_list("pk", flat=True))
        chosen = chosen & within if asked.channels else within
    return sorted(chosen)


def page(rows: QuerySet[Searchable], place: Place | None, *, back: bool = False) -> QuerySet[Searchable]:
    """The rows from the top, after a place, or (`back`) before it, the nearest first."""
    if place is not None:
        at, key = place
        # Twice the same, in the two ways that the planner needs: for partitions and index, and for equal times.
        if back:
            rows = rows.filter(at__gte=at).filter(Q(at__gt=at) | Q(item_id__gt=key))
        else:
            rows = rows.filter(at__lte=at).filter(Q(at__lt=at) | Q(item_id__lt=key))
    return rows.order_by(*(("at", "item_id") if back else ("-at", "-item_id")))


def listed(keys: QuerySet[Any] | list[int], question: Question, reader: Reader) -> QuerySet[Item]:
    """The items with these keys, in no order, with what a list shows of each (see `queries.beginnings`)."""
    rows = reading.readable(Item.objects.filter(pk__in=keys), reader).select_related("channel", "actor")
    long = READ if question.marks.any else BEGINNING
    return rows.annotate(words=Left("version__text", long), headline=Left("version__title", TITLE))


def mark(rows: list[Any], question: Question) -> None:
    """Mark the hits in what is shown, each text cut to the piece that holds them."""
    if not question.marks.any:
        return
    texts = [text or "" for row in rows for text in (row.words, row.headline)]
    marked = iter(highlights.mark(texts, question.marks))
    for row in rows:
        row.words, row.headline = next(marked), next(marked)


def estimate(rows: QuerySet[Searchable]) -> int:
    """How many rows the planner expects; none where Django sees that there can be none, and asks nobody."""
    plan = rows.values("item_id").explain(format="json")
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0


def rounded(number: int) -> int:
    """A number to two figures, downwards: of an estimate no more is known."""
    unit: int = 10 ** (len(str(number)) - 2)
    return number // unit * unit


@contextmanager
def patience() -> Iterator[None]:
    """Let no question keep the database for long, whatever somebody thinks up. Raises Refused when it did."""
    inside = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with inside, connection.execute_wrapper(hurried):
            yield
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise Refused(
            "too_slow", _("Sökningen tog för lång tid. Lägg till ett ord, en kanal eller ett datum.")
        ) from error


def hurried(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Send the limit of time together with the question: a message of its own would cost as much as a search."""
    limited = f"SET LOCAL statement_timeout = {PATIENCE * 1000}; {sql}; SET LOCAL statement_timeout = 0"
    result = execute(limited, params, many, context)
    context["cursor"].nextset()
    return result
