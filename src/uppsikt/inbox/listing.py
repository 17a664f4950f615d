"""The list of the inbox: which tab, which filters, which page, all kept in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.inbox import queries
from uppsikt.inbox.models import Case
from uppsikt.inbox.queries import Counts, Reach
from uppsikt.organisation.models import Person, Unit
from uppsikt.ui.paging import read_key
from uppsikt.ui.parts import Tab

SIZE = 25
TODO, MINE, ASKED, PROMISED, DONE = "att-gora", "mina", "sakkunnig", "utlovade", "avslutade"
TABS: dict[str, Promise] = {
    TODO: _("Att göra"),
    MINE: _("Mina"),
    ASKED: _("Väntar på sakkunnig"),
    PROMISED: _("Utlovade"),
    DONE: _("Avslutade"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the address asks for: tab, channel, unit, place in the list. `query` is it as text."""

    tab: str
    channel: int | None
    unit: int | None
    place: tuple[datetime, int] | None
    back: bool

    def query(self, **other: object) -> str:
        """The address' query with some parts changed; the page falls away unless it is given."""
        parts = {"flik": self.tab if self.tab != TODO else None, "kanal": self.channel, "enhet": self.unit, **other}
        kept = {name: value for name, value in parts.items() if value not in {None, ""}}
        return f"?{urlencode(kept)}" if kept else ""

    @property
    def narrowed(self) -> bool:
        """Whether a filter is set."""
        return self.channel is not None or self.unit is not None

    def at_place(self, **other: object) -> str:
        """The query with the page, and more."""
        if self.place is not None:
            other["fore" if self.back else "efter"] = key_words(self.place)
        return self.query(**other)

    @property
    def here(self) -> str:
        """The query with the page."""
        return self.at_place()


def key_words(place: tuple[datetime, int]) -> str:
    """A place in the list as an address holds it."""
    return f"{place[0].isoformat()}_{place[1]}"


def number_of(text: str) -> int | None:
    """A key from an address, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None  # noqa: PLR2004  # fits bigint


def chosen(query: QueryDict) -> Chosen:
    """What the address asks for; what it cannot ask for is left out."""
    tab = query.get("flik", TODO)
    before = read_key(query.get("fore", ""))
    return Chosen(
        tab=tab if tab in TABS else TODO,
        channel=number_of(query.get("kanal", "")),
        unit=number_of(query.get("enhet", "")),
        place=before or read_key(query.get("efter", "")),
        back=before is not None,
    )


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; `newer` (back) and `older` (on) are its neighbours, "" where there is none."""

    rows: list[Case]
    newer: str = ""
    older: str = ""


def narrowed(rows: QuerySet[Case], wish: Chosen) -> QuerySet[Case]:
    """Those on the channel and unit that were asked for."""
    if wish.channel is not None:
        rows = rows.filter(channel_id=wish.channel)
    if wish.unit is not None:
        rows = rows.filter(channel__unit_id=wish.unit)
    return rows


def of_tab(rows: QuerySet[Case], tab: str, person: Person) -> QuerySet[Case]:
    """The cases of a tab."""
    if tab == DONE:
        return rows.filter(state="closed")
    rows = rows.exclude(state="closed")
    if tab == MINE:
        return rows.filter(assignee=person)
    if tab == ASKED:
        return rows.filter(queries.waiting())
    return rows.filter(state="promised") if tab == PROMISED else rows


def page(rows: QuerySet[Case], wish: Chosen) -> Page:
    """A page by key: what is due soonest first, or what was closed last first."""
    field, descends = ("closed_at", True) if wish.tab == DONE else ("due_at", False)
    # Read towards the end of the list, or, for the page before, towards its beginning.
    down = descends != wish.back
    if wish.place:
        side = "lt" if down else "gt"
        at, pk = wish.place
        rows = rows.filter(Q(**{f"{field}__{side}": at}) | Q(**{field: at, f"pk__{side}": pk}))
    sign = "-" if down else ""
    found = list(queries.for_list(rows).order_by(f"{sign}{field}", f"{sign}pk")[: SIZE + 1])
    more, found = len(found) > SIZE, found[:SIZE]
    if wish.back:
        found.reverse()
    if not found:
        return Page([])
    has_before, has_after = (more, True) if wish.back else (wish.place is not None, more)
    first, last = found[0], found[-1]
    return Page(
        found,
        wish.query(fore=key_words((getattr(first, field), first.pk))) if has_before else "",
        wish.query(efter=key_words((getattr(last, field), last.pk))) if has_after else "",
    )


def tabs(wish: Chosen, counts: Counts) -> list[Tab]:
    """The tabs with their numbers; how many are closed is not counted, for there is no end to them."""
    numbers = {TODO: counts.todo, MINE: counts.mine, ASKED: counts.asked, PROMISED: counts.promised}
    address = reverse("inbox:list")
    return [
        Tab(
            str(label),
            address + wish.query(flik=tab if tab != TODO else None),
            numbers.get(tab),
            tab == wish.tab,
        )
        for tab, label in TABS.items()
    ]


def context(request: HttpRequest, person: Person, reached: Reach, *, now: datetime) -> dict[str, object]:
    """What the list's template shows."""
    wish = chosen(request.GET)
    rows = narrowed(queries.cases(reached), wish)
    counts = queries.counts(rows, person, now=now)
    return {
        "wish": wish,
        "counts": counts,
        "tabs": tabs(wish, counts),
        "page": page(of_tab(rows, wish.tab, person), wish),
        "reached": reached,
        "now": now,
    }


def filters(reached: Reach) -> dict[str, object]:
    """The channels and units to choose among; none where there is nothing to choose."""
    channels = list(Channel.objects.filter(pk__in=reached.reads).only("pk", "name", "unit_id"))
    units = list(Unit.objects.filter(pk__in={channel.unit_id for channel in channels}).order_by("name"))
    return {"channels": channels if len(channels) > 1 else [], "units": units if len(units) > 1 else []}
