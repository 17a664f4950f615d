"""What of the inbox is to be shown: its views as data, the filters, the place in the list. An address says it all.

Filters also stay with the person from visit to visit (inbox.desks); an address that names filters goes before them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy

from uppsikt.inbox import queries
from uppsikt.inbox.desk_models import Desk
from uppsikt.inbox.models import Case, Forward
from uppsikt.inbox.states import OPEN, OUT
from uppsikt.organisation.models import Person
from uppsikt.ui.paging import number_of, read_key

LONGEST_WORDS = 100
# What an address may filter by, in the order in which it is written.
FILTERS = ("kanal", "enhet", "ord", "slag", "sena")


@dataclass(frozen=True)
class Ask:
    """Who looks, and when."""

    person: Person
    now: datetime

    @cached_property
    def standing_for(self) -> frozenset[int]:
        """Whose cases are the person's to see to; asked for once, though tabs and page both want it."""
        return queries.standing_for(self.person, at=self.now)


Rows = QuerySet[Case]


@dataclass(frozen=True, slots=True)
class View:
    """One view of the inbox: a tab. Another is another line in VIEWS.

    `pick` narrows the cases that the person reads; `order` is the field that the list goes by, from the soonest on,
    or `newest` first. `counted` shows how many there are; `shown` says for whom the tab is there.
    """

    key: str
    label: str | Promise
    pick: Callable[[Rows, Ask], Rows]
    order: str = "due_at"
    newest: bool = False
    counted: bool = True
    shown: Callable[[Ask], bool] = lambda _ask: True


def opened(rows: Rows) -> Rows:
    """Cases in which somebody has something to do."""
    return rows.filter(state__in=OPEN)


def to_do(rows: Rows, _ask: Ask) -> Rows:
    """Everything that waits, whoever has it, but for what has been laid aside for now."""
    return opened(rows).filter(snoozed_until=None)


def mine(rows: Rows, ask: Ask) -> Rows:
    """What the person has, and what those have whom the person covers for (D27)."""
    return opened(rows).filter(assignee__in=ask.standing_for, snoozed_until=None)


def laid_aside(rows: Rows, _ask: Ask) -> Rows:
    """What waits for its time. Its deadline stands, so it is told of all the same."""
    return opened(rows).filter(snoozed_until__isnull=False)


def of_my_unit(rows: Rows, ask: Ask) -> Rows:
    """What waits in the channels of the person's unit, and what was handed to it."""
    unit = ask.person.unit_id
    return opened(rows).filter(Q(unit_id=unit) | Q(unit=None, channel__unit_id=unit))


def pressing(rows: Rows, ask: Ask) -> Rows:
    """What is late, and what is due before midnight."""
    return opened(rows).filter(due_at__lt=queries.end_of_today(ask.now))


def with_expert(rows: Rows, _ask: Ask) -> Rows:
    """What an expert has been asked about. Asked from the questions that are out: they are few, the cases many."""
    return opened(rows).filter(pk__in=Forward.objects.filter(state__in=OUT).values("case_id"))


def promised(rows: Rows, _ask: Ask) -> Rows:
    """What a holding answer has promised."""
    return rows.filter(state="promised")


def closed(rows: Rows, _ask: Ask) -> Rows:
    """What has ended."""
    return rows.filter(state="closed")


def everything(rows: Rows, _ask: Ask) -> Rows:
    """All there is."""
    return rows


TODO, DONE = "att-gora", "avslutade"
VIEWS: tuple[View, ...] = (
    View(TODO, gettext_lazy("Att göra"), to_do),
    View("mina", gettext_lazy("Mina"), mine),
    View("enhet", gettext_lazy("Min enhet"), of_my_unit, shown=lambda ask: ask.person.unit_id is not None),
    View("i-dag", gettext_lazy("I dag"), pressing),
    View("sakkunnig", gettext_lazy("Väntar på sakkunnig"), with_expert),
    View("utlovade", gettext_lazy("Utlovade"), promised),
    View("at-sidan", gettext_lazy("Lagda åt sidan"), laid_aside),
    View(DONE, gettext_lazy("Avslutade"), closed, order="closed_at", newest=True, counted=False),
    View("alla", gettext_lazy("Alla"), everything, order="received_at", newest=True, counted=False),
)
BY_KEY = {view.key: view for view in VIEWS}

KINDS: dict[str, Promise] = {
    "comment": gettext_lazy("Kommentarer"),
    "message": gettext_lazy("Meddelanden"),
    "post": gettext_lazy("Inlägg"),
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is shown: the view, its filters, the place in the list. `query` is it as an address has it."""

    tab: str = TODO
    channel: int | None = None
    unit: int | None = None
    words: str = ""
    kind: str = ""
    late: bool = False
    place: tuple[datetime, int] | None = None
    back: bool = False

    @property
    def view(self) -> View:
        """The view."""
        return BY_KEY[self.tab]

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, as an address writes them."""
        parts = {
            "kanal": self.channel,
            "enhet": self.unit,
            "ord": self.words,
            "slag": self.kind,
            "sena": "ja" if self.late else "",
        }
        return {name: str(value) for name, value in parts.items() if value}

    @property
    def narrowed(self) -> bool:
        """Whether a filter is set."""
        return bool(self.filters)

    def query(self, **other: object) -> str:
        """The address' query with some parts changed; the page falls away unless it is given."""
        parts = {"flik": self.tab if self.tab != TODO else None, **self.filters, **other}
        kept = {name: value for name, value in parts.items() if value not in {None, ""}}
        return f"?{urlencode(kept)}" if kept else ""

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


def chosen(query: QueryDict) -> Chosen:
    """What an address asks for; what it cannot ask for is left out."""
    tab = query.get("flik", TODO)
    before = read_key(query.get("fore", ""))
    return Chosen(
        tab=tab if tab in BY_KEY else TODO,
        place=before or read_key(query.get("efter", "")),
        back=before is not None,
        **read_filters(query),
    )


def read_filters(asked: QueryDict | dict[str, str]) -> dict[str, Any]:
    """The filters of an address, of a form, or of a desk."""
    kind = asked.get("slag", "")
    return {
        "channel": number_of(asked.get("kanal", "")) or None,
        "unit": number_of(asked.get("enhet", "")) or None,
        "words": " ".join(asked.get("ord", "").replace("\0", "").split())[:LONGEST_WORDS],
        "kind": kind if kind in KINDS else "",
        "late": asked.get("sena", "") == "ja",
    }


def wished(request: HttpRequest, desk: Desk) -> Chosen:
    """What is to be shown: what the address says; where it names no filter, with those that stay with the person."""
    wish = chosen(request.GET)
    if any(name in request.GET for name in FILTERS) or not desk.filters:
        return wish
    return replace(wish, **read_filters(desk.filters))
