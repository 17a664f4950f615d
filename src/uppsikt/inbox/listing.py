"""The list of the inbox: its rows by what is wished for, a page at a time, and the numbers beside the tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.inbox import queries
from uppsikt.inbox.desk_models import Desk
from uppsikt.inbox.models import Case, CaseItem
from uppsikt.inbox.queries import Reach
from uppsikt.inbox.wishes import KINDS, TODO, VIEWS, Ask, Chosen, Rows, View, key_words, opened, wished
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person, Unit
from uppsikt.records import search
from uppsikt.records.models import Searchable
from uppsikt.records.reading import Reader
from uppsikt.ui.parts import Tab

SIZE = 25
# Beyond so many nobody needs the exact number beside a tab, and counting further would cost.
COUNT_TO = 99


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
