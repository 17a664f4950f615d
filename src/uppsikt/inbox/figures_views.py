"""The inbox in numbers, for managers, the communications unit and auditors (D4, D24, D35)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from uppsikt.channels.models import Channel
from uppsikt.inbox import figures, plots
from uppsikt.inbox.models import Figure
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Unit
from uppsikt.organisation.rules import Role
from uppsikt.ui import scopes, sheets
from uppsikt.ui.access import may
from uppsikt.ui.scopes import Scope

READS = (Role.MANAGER, Role.COMMUNICATIONS, Role.AUDITOR)
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose figures are shown, and what may be seen at all."""

    seen: figures.Reach
    scope: Scope[Unit, Channel]

    @property
    def name(self) -> str:
        """In words."""
        return str(self.scope.one or _("Hela kommunen"))


def read(request: HttpRequest) -> Asked:
    """What is asked for, of what may be seen. Raises Refused for a manager who has no unit with figures."""
    seen = figures.reach(person(request), now=timezone.now())
    scope = scopes.asked(request, *figures.choices(seen))
    if seen.units is not None and scope.one is None:
        if not scope.units:
            raise Refused("no_units", _("Dina enheter har inga kanaler än, så det finns inga siffror att visa."))
        scope = replace(scope, unit=scope.units[0])
    return Asked(seen, scope)


def rows_of(scope: Scope[Unit, Channel]) -> list[Figure]:
    """The months, the newest first."""
    keys = {"unit": scope.unit.pk if scope.unit else None, "channel": scope.channel.pk if scope.channel else None}
    return figures.months(**keys, at=timezone.now())


def open_time(seconds: int | None) -> str:
    """Opening time in words: "45 min", "3,5 tim"."""
    if seconds is None:
        return "–"
    if seconds < HOUR:
        return ngettext("%(n)s minut", "%(n)s minuter", round(seconds / MINUTE)) % {"n": round(seconds / MINUTE)}
    return _("%(n)s timmar") % {"n": number_format(seconds / HOUR, 1)}


def share(part: int, whole: int) -> str:
    """A share as per cent, "–" of nothing."""
    return f"{100 * part // whole} %" if whole else "–"


@may(*READS)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Months as plots and table, and what is carried now."""
    asked, now = read(request), timezone.now()
    rows = rows_of(asked.scope)
    in_order = rows[::-1]
    context = {
        "asked": asked,
        "scope": asked.scope,
        "rows": [
            {
                "figure": row,
                "median": open_time(row.median),
                "p90": open_time(row.p90),
                "in_time": share(row.in_time, row.answered),
            }
            for row in rows
        ],
        "made_at": rows[0].made_at if rows else None,
        "waits": plots.bars([(row.month, row.median) for row in in_order], words=open_time),
        "shares": plots.bars(
            [(row.month, 100 * row.in_time // row.answered if row.answered else None) for row in in_order],
            words=lambda value: f"{value} %",
            most=100,
        ),
        "units": figures.of_units(asked.seen, now=now),
        "people": figures.of_people(asked.seen, now=now),
    }
    return render(request, "inbox/figures.html", context)


@may(*READS)
@require_GET
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same months as a file for a spreadsheet; times in minutes of opening time."""
    columns = [
        _("månad"),
        _("inkomna"),
        _("besvarade"),
        _("besvarade i tid"),
        _("varav mellansvar först"),
        _("avslutade utan svar"),
        _("median, minuter"),
        _("nio av tio inom, minuter"),
    ]
    lines = [
        [f"{row.month:%Y-%m}", row.received, row.answered, row.in_time, row.holding, row.no_answer]
        + ["" if value is None else round(value / MINUTE) for value in (row.median, row.p90)]
        for row in rows_of(read(request).scope)
    ]
    return sheets.csv_file([columns, *lines], name=f"uppsikt-siffror-{timezone.localdate():%Y-%m-%d}")
