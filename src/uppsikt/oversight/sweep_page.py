"""What the page of a sweep shows: what is new, most urgent first with the reason beside it, part by part (D20, D25).

The order is triage's, and the place in it is a key, so that a part is as quick as the one before and what comes in
meanwhile moves nothing. What rises in the order after one has passed its place is met at the end: a sweep cannot be
signed while anything has not been shown.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from uppsikt.inbox import queries as inbox
from uppsikt.inbox.models import CaseItem
from uppsikt.inbox.queries import Reach
from uppsikt.moderation.models import Removal
from uppsikt.oversight import queries, terms
from uppsikt.oversight.models import Deed, Sweep
from uppsikt.records.models import Item, Version
from uppsikt.records.reading import Reader
from uppsikt.triage import queries as triage
from uppsikt.triage.queries import Seen
from uppsikt.ui.paging import number_of

SIZE = 50
PARTS = 3


@dataclass(slots=True)
class Row:
    """One new thing: how it stands with triage, its earlier new wordings, what was done about it."""

    item: Item
    seen: Seen
    shown: bool = False
    earlier: list[Version] = field(default_factory=list)
    deeds: list[str] = field(default_factory=list)
    removal: Removal | None = None
    case_id: int | None = None

    @property
    def fine(self) -> bool:
        """Whether somebody has said that there is nothing wrong with it."""
        return self.seen.passed is not None or any(
            reason.said is not None and not reason.said.agreed for reason in self.seen.reasons
        )

    @property
    def removal_words(self) -> str:
        """How it stands with a removal."""
        return terms.removal(self.removal.state, self.removal.act) if self.removal else ""


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows, and where the next part begins ("" at the end)."""

    rows: list[Row]
    after: str = ""


Place = tuple[int, datetime, int]


def place_of(item: Item) -> str:
    """An item's place in the order, as an address has it."""
    return f"{item.triage_rank}_{item.at.isoformat()}_{item.pk}"  # type: ignore[attr-defined]  # annotated by triage


def read_place(text: str) -> Place | None:
    """The place that an address names, or None for one that is not ours: then the first part is shown."""
    rank, _sep, rest = text.partition("_")
    moment, _sep, number = rest.rpartition("_")
    key = number_of(number)
    try:
        at = datetime.fromisoformat(moment)
        return (int(rank), at, key) if at.tzinfo and key is not None else None
    except (ValueError, OverflowError):
        return None


def part(sweep: Sweep, reader: Reader, reached: Reach, *, after: Place | None = None, left: bool = False) -> Part:
    """The rows after a place; with `left` only what has not been shown yet."""
    rows = triage.order(queries.news_of(sweep, reader))
    shown = queries.shown_in(sweep)
    if left:
        rows = rows.exclude(pk__in=shown)
    if after is not None:
        rank, at, pk = after
        rows = rows.filter(
            Q(triage_rank__lt=rank) | Q(triage_rank=rank, at__gt=at) | Q(triage_rank=rank, at=at, pk__gt=pk)
        )
    found = list(rows[: SIZE + 1])
    made = described(sweep, found[:SIZE], reader, reached, shown=shown)
    return Part(made, place_of(found[SIZE - 1]) if len(found) > SIZE else "")


def described(
    sweep: Sweep, items: list[Item], reader: Reader, reached: Reach, *, shown: frozenset[int] | None = None
) -> list[Row]:
    """The items as rows, in the same order; the number of questions does not grow with them."""
    seen = triage.seen(items, reader)
    shown = queries.shown_in(sweep) if shown is None else shown
    made = [Row(item, seen.get(item.pk, Seen()), shown=item.pk in shown) for item in items]
    keys = [item.pk for item in items]
    earlier, done, removals, cases = wordings(sweep, keys), deeds(sweep, keys), removed(keys), cases_of(keys, reached)
    for row in made:
        row.earlier = [version for version in earlier[row.item.pk] if version.pk != row.item.version_id]
        row.deeds, row.removal, row.case_id = done[row.item.pk], removals.get(row.item.pk), cases.get(row.item.pk)
    return made


def wordings(sweep: Sweep, keys: list[int]) -> defaultdict[int, list[Version]]:
    """The new wordings of these items: whoever signs has had each of them before them."""
    found = defaultdict[int, list[Version]](list)
    for version in queries.wordings_of(sweep, keys):
        found[version.item_id].append(version)
    return found


def deeds(sweep: Sweep, keys: list[int]) -> defaultdict[int, list[str]]:
    """What was done about these items in the sweep, in words."""
    found = defaultdict[int, list[str]](list)
    for pk, what in (
        Deed.objects.filter(round__sweep=sweep, item__in=keys).order_by("pk").values_list("item_id", "what")
    ):
        said = terms.deed(what)
        if said not in found[pk]:
            found[pk].append(said)
    return found


def removed(keys: list[int]) -> dict[int, Removal]:
    """The newest removal of each of these items."""
    rows = Removal.objects.filter(item__in=keys).select_related("ground").order_by("item_id", "-pk")
    return {row.item_id: row for row in rows.distinct("item_id")}


def cases_of(keys: list[int], reached: Reach) -> dict[int, int]:
    """The case that holds each of these items, of those that the person may see."""
    rows = CaseItem.objects.filter(item__in=keys, case__in=inbox.cases(reached).values("pk"))
    return dict(rows.order_by("pk").values_list("item_id", "case_id"))
