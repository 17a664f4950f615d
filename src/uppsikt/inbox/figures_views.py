"""The inbox in numbers, for managers, the communications unit and auditors (D4, D24, D35)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

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
from uppsikt.ui.access import may
from uppsikt.ui.paging import number_of

READS = (Role.MANAGER, Role.COMMUNICATIONS, Role.AUDITOR)
MINUTE, HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures are shown: a unit's, a channel's or all."""

    seen: figures.Reach
    units: list[Unit]
    channels: list[Channel]
    unit: Unit | None = None
    channel: Channel | None = None

    @property
    def name(self) -> str:
        """In words."""
        return str(self.channel or self.unit or _("Hela kommunen"))

    @property
    def query(self) -> str:
        """As an address has it."""
        if self.channel:
            return f"?kanal={self.channel.pk}"
        return f"?enhet={self.unit.pk}" if self.unit else ""


def scope(request: HttpRequest) -> Scope:
    """What is asked for, of what may be seen. Raises Refused for a manager who has no unit with figures."""
    seen = figures.reach(person(request), now=timezone.now())
    units, channels = figures.choices(seen)
    asked = {name: number_of(request.GET.get(name, "")) for name in ("enhet", "kanal")}
    channel = next((row for row in channels if row.pk == asked["kanal"]), None)
    unit = next((row for row in units if row.pk == asked["enhet"]), None) if channel is None else None
    if seen.units is not None and channel is None and unit is None:
        if not units:
            raise Refused("no_units", _("Dina enheter har inga kanaler än, så det finns inga siffror att visa."))
        unit = units[0]
    return Scope(seen, units, channels, unit, channel)


def rows_of(asked: Scope) -> list[Figure]:
    """The months, the newest first."""
    keys = {"unit": asked.unit.pk if asked.unit else None, "channel": asked.channel.pk if asked.channel else None}
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
    asked, now = scope(request), timezone.now()
    rows = rows_of(asked)
    in_order = rows[::-1]
    context = {
        "scope": asked,
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
    asked, out = scope(request), io.StringIO()
    sheet = csv.writer(out, delimiter=";")
    sheet.writerow(
        [
            _("månad"),
            _("inkomna"),
            _("besvarade"),
            _("besvarade i tid"),
            _("varav mellansvar först"),
            _("avslutade utan svar"),
            _("median, minuter"),
            _("nio av tio inom, minuter"),
        ]
    )
    for row in rows_of(asked):
        waits = ["" if value is None else round(value / MINUTE) for value in (row.median, row.p90)]
        numbers = [row.received, row.answered, row.in_time, row.holding, row.no_answer]
        sheet.writerow([f"{row.month:%Y-%m}", *numbers, *waits])
    # Spreadsheets take a file for UTF-8 when it begins with a mark.
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="uppsikt-siffror-{timezone.localdate():%Y-%m-%d}.csv"'
    return answer
