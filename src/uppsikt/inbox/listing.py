"""The list of the inbox: its views as data, filters, which page. All of it stands in the address.

Filters also stay with the person from visit to visit (inbox.desks); an address that names filters goes before them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.channels.models import Channel
from uppsikt.inbox import queries
from uppsikt.inbox.desk_models import Desk
from uppsikt.inbox.models import Case, CaseItem, Forward
from uppsikt.inbox.queries import Reach
from uppsikt.inbox.states import OPEN, OUT
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person, Unit
from uppsikt.records import search
from uppsikt.records.models import Searchable
from uppsikt.records.reading import Reader
from uppsikt.ui.paging import number_of, read_key
from uppsikt.ui.parts import Tab

SIZE = 25
# Beyond so many nobody needs the exact number beside a tab, and counting further would cost.
COUNT_TO = 99
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
        "channel": number_of(asked.get("kanal", "")),
        "unit": number_of(asked.get("enhet", "")),
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


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; `newer` (back) and `older` (on) are its neighbours, "" where there is none."""

    rows: list[Case]
    newer: str = ""
    older: str = ""


def narrowed(rows: Rows, wish: Chosen, reader: Reader, *, now: datetime) -> Rows:
    """Those that the filters let through; words are sought in all that was said in the case and may be read."""
    if wish.channel is not None:
        rows = rows.filter(channel_id=wish.channel)
    if wish.unit is not None:
        rows = rows.filter(Q(unit_id=wish.unit) | Q(unit=None, channel__unit_id=wish.unit))
    if wish.words:
        rows = rows.filter(pk__in=CaseItem.objects.filter(item_id__in=holding(wish.words, reader)).values("case_id"))
    if wish.kind:
        rows = rows.filter(last_item__kind=wish.kind)
    return opened(rows).filter(due_at__lt=now) if wish.late else rows


def holding(words: str, reader: Reader) -> QuerySet[Any, Any]:
    """The keys of the items that hold these words; of none where the words cannot be sought."""
    asked = search.Asked(words=words, direction="received")
    try:
        question = search.understood(asked)
    except Refused:
        return Searchable.objects.none().values("item_id")
    return search.matching(asked, question, reader).values("item_id")


def beyond(rows: Rows, view: View, place: tuple[datetime, int], *, back: bool) -> Rows:
    """Those after a place in the list, nearest first; with `back` those before it."""
    down = view.newest != back
    side, (at, pk) = "lt" if down else "gt", place
    return ordered(
        rows.filter(Q(**{f"{view.order}__{side}": at}) | Q(**{view.order: at, f"pk__{side}": pk})), view, back
    )


def ordered(rows: Rows, view: View, back: bool = False) -> Rows:
    """In the view's order, or from its end."""
    sign = "-" if view.newest != back else ""
    return rows.order_by(f"{sign}{view.order}", f"{sign}pk")


def page(rows: Rows, wish: Chosen) -> Page:
    """A page by key: what is due soonest first, or what came last first."""
    view = wish.view
    placed = beyond(rows, view, wish.place, back=wish.back) if wish.place else ordered(rows, view, wish.back)
    found = list(queries.for_list(placed)[: SIZE + 1])
    more, found = len(found) > SIZE, found[:SIZE]
    if wish.back:
        found.reverse()
    if not found:
        return Page([])
    has_before, has_after = (more, True) if wish.back else (wish.place is not None, more)
    first, last = found[0], found[-1]
    return Page(
        found,
        wish.query(fore=key_words((getattr(first, view.order), first.pk))) if has_before else "",
        wish.query(efter=key_words((getattr(last, view.order), last.pk))) if has_after else "",
    )


def how_many(counted: Sequence[tuple[Rows, int]]) -> list[int]:
    """How many rows each has, in one query; each stops at one more than its number."""
    parts, values = list[str](), list[Any]()
    for number, (rows, most) in enumerate(counted):
        try:
            sql, more = rows.order_by().values("pk")[: most + 1].query.sql_with_params()
        except EmptyResultSet:
            # No channel at all: Django knows the answer without asking.
            parts.append("0")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) part{number})")  # noqa: S608  # Django wrote the query
        values += more
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        return [int(number) for number in cursor.fetchone()]


def capped(number: int) -> int | str:
    """A number as it is shown: "99+" where there are more."""
    return number if number <= COUNT_TO else f"{COUNT_TO}+"


@dataclass(frozen=True, slots=True)
class Pressing:
    """How many are late, and how many more are due today; `late` and `today` as they are shown."""

    late_count: int
    today_count: int

    @property
    def late(self) -> int | str:
        """Late."""
        return capped(self.late_count)

    @property
    def today(self) -> int | str:
        """Due before midnight, and not late."""
        return capped(self.today_count)


def tabs_and_numbers(rows: Rows, wish: Chosen, ask: Ask, menu: Rows) -> tuple[list[Tab], Pressing, int]:
    """The tabs that the person has, with their numbers; what is pressing; and the menu's number, of `menu`."""
    shown = [view for view in VIEWS if view.shown(ask) or view.key == wish.tab]
    counted = [view for view in shown if view.counted]
    until = queries.end_of_today(ask.now)
    late = opened(rows).filter(due_at__lt=ask.now)
    today = opened(rows).filter(due_at__gte=ask.now, due_at__lt=until)
    asked = [(part, COUNT_TO) for part in (*(view.pick(rows, ask) for view in counted), late, today)]
    *found, late_count, today_count, in_menu = how_many([*asked, (menu, queries.COUNT_TO - 1)])
    numbers = {view.key: capped(number) for view, number in zip(counted, found, strict=True)}
    address = reverse("inbox:list")
    tabs = [
        Tab(
            str(view.label),
            address + wish.query(flik=view.key if view.key != TODO else None),
            numbers.get(view.key),
            view.key == wish.tab,
        )
        for view in shown
    ]
    return tabs, Pressing(late_count, today_count), in_menu


def context(request: HttpRequest, person: Person, reached: Reach, *, desk: Desk, now: datetime) -> dict[str, Any]:
    """What the list's template shows."""
    wish, ask = wished(request, desk), Ask(person, now)
    rows = narrowed(queries.cases(reached), wish, reached.records, now=now)
    tabs, counts, in_menu = tabs_and_numbers(rows, wish, ask, queries.to_answer(reached))
    # The menu around the list need not count again.
    request.open_cases = in_menu  # type: ignore[attr-defined]  # read by web.menu
    return {
        "wish": wish,
        "counts": counts,
        "tabs": tabs,
        "page": page(wish.view.pick(rows, ask), wish),
        "reached": reached,
        "person": person,
        "now": now,
    }


def neighbours(
    case: Case, wish: Chosen, ask: Ask, reached: Reach, *, skip_sent: bool = False
) -> tuple[int | None, int | None]:
    """The keys of the cases before and after this one in the list; `skip_sent` leaves out those being answered."""
    rows = wish.view.pick(narrowed(queries.cases(reached), wish, reached.records, now=ask.now), ask).exclude(pk=case.pk)
    if skip_sent:
        rows = rows.exclude(queries.answers_in("sending", "uncertain"))
    place = getattr(case, wish.view.order)
    if place is None:
        return None, ordered(rows, wish.view).values_list("pk", flat=True).first()
    before = beyond(rows, wish.view, (place, case.pk), back=True).values_list("pk", flat=True).first()
    after = beyond(rows, wish.view, (place, case.pk), back=False).values_list("pk", flat=True).first()
    return before, after


def filters(reached: Reach, wish: Chosen, desk: Desk) -> dict[str, object]:
    """What there is to filter by, and what is set now, in words: nobody is to be fooled by a filter left on."""
    shown = Channel.objects.filter(pk__in=reached.reads).select_related("unit")
    channels = list(shown.only("pk", "name", "unit__name"))
    units = sorted({channel.unit for channel in channels}, key=lambda unit: unit.name.casefold())
    return {
        "channels": channels if len(channels) > 1 else [],
        "units": units if len(units) > 1 else [],
        "kinds": list(KINDS.items()),
        "set_now": list(set_now(wish, channels, units)),
        "stays": desk.filters == wish.filters,
        "kept": [{**each, "now": each["query"] == wish.query()} for each in desk.kept],
    }


def set_now(wish: Chosen, channels: Sequence[Channel], units: Sequence[Unit]) -> list[str]:
    """The filters that are set, each in words."""
    said = list[str]()
    if wish.channel is not None:
        name = next((row.name for row in channels if row.pk == wish.channel), str(wish.channel))
        said.append(_("kanalen %(name)s") % {"name": name})
    if wish.unit is not None:
        name = next((row.name for row in units if row.pk == wish.unit), str(wish.unit))
        said.append(_("enheten %(name)s") % {"name": name})
    if wish.words:
        said.append(_("med orden ”%(words)s”") % {"words": wish.words})
    if wish.kind:
        said.append(str(KINDS[wish.kind]).lower())
    if wish.late:
        said.append(_("bara försenade"))
    return said
