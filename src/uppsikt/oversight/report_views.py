"""The report for an auditor and for managers: a month of oversight as a page, as CSV and as PDF (D25, D66)."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from uppsikt.capture import printing
from uppsikt.capture.errors import CaptureFailed
from uppsikt.channels.models import Channel
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Unit
from uppsikt.oversight import queries, report, report_paper, tabs, terms
from uppsikt.oversight.figures import Tally
from uppsikt.oversight.rules import local_day
from uppsikt.ui import feedback
from uppsikt.ui.access import may

MONTHS = 24
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for: a month, of all that may be read, or of one unit or one channel."""

    first: date
    units: list[Unit]
    channels: list[Channel]
    unit: Unit | None = None
    channel: Channel | None = None

    @property
    def name(self) -> str:
        """Whose, in words."""
        return str(self.channel or self.unit or _("Alla kanaler"))

    @property
    def query(self) -> str:
        """As an address has it."""
        parts = {
            "manad": f"{self.first:%Y-%m}",
            "enhet": self.unit.pk if self.unit else "",
            "kanal": self.channel.pk if self.channel else "",
        }
        return "?" + urlencode({name: value for name, value in parts.items() if value})


def read_month(text: str, today: date) -> date:
    """The first day of a month written as "2026-11"; this month for what is none."""
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  # a month has no time zone
    except ValueError:
        return today.replace(day=1)


def scope(request: HttpRequest) -> tuple[Scope, report.Month]:
    """What is asked for, of what the person may read, with its figures."""
    now = timezone.now()
    seen = queries.overseen(person(request), at=now)
    channels = list(seen.order_by("name", "pk").select_related("unit"))
    units = sorted({row.unit for row in channels}, key=lambda unit: (unit.name, unit.pk))
    channel = next((row for row in channels if str(row.pk) == request.GET.get("kanal")), None)
    unit = next((row for row in units if str(row.pk) == request.GET.get("enhet")), None) if channel is None else None
    rows = seen.filter(pk=channel.pk) if channel else seen.filter(unit=unit) if unit else seen
    asked = Scope(read_month(request.GET.get("manad", ""), local_day(now)), units, channels, unit, channel)
    return asked, report.month(rows, asked.first)


def months(today: date) -> list[date]:
    """The months that one may choose, the newest first."""
    found, first = list[date](), today.replace(day=1)
    for _number in range(MONTHS):
        found.append(first)
        first = date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
    return found


@may(*tabs.REPORTS)
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """A month: done, missed, and how soon things were looked at."""
    asked, figures = scope(request)
    context = {
        "tabs": tabs.of(person(request), "report"),
        "scope": asked,
        "month": figures,
        "months": months(local_day(timezone.now())),
    }
    return render(request, "oversight/report.html", context)


@may(*tabs.REPORTS)
@require_GET
def as_csv(request: HttpRequest) -> HttpResponse:
    """A line for each channel and kind of round; how long things lay stands on the channel's first line, in minutes."""
    asked, figures = scope(request)
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=";")
    sheet.writerow(columns())
    for row in figures.rows:
        told = row.figures
        for number, (kind, tally) in enumerate(row.kinds or [("", Tally())]):
            looks = [told.rounds, told.looked_at, minutes(told.median), minutes(told.p90), told.heightened_hours]
            sheet.writerow(
                [f"{asked.first:%Y-%m}", safe(row.channel.unit.name), safe(row.channel.name), terms.kind(kind),
                 tally.expected, tally.met, tally.missed, tally.made_good, tally.lapsed, tally.waiting,
                 *(looks if number == 0 else [""] * len(looks))]
            )  # fmt: skip
    # Spreadsheets take a file for UTF-8 when it begins with a mark.
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="uppsikt-rapport-{asked.first:%Y-%m}.csv"'
    return answer


def columns() -> list[str]:
    """What the columns of the file are called."""
    return [
        _("månad"),
        _("enhet"),
        _("kanal"),
        _("sort"),
        _("väntade"),
        _("gjorda"),
        _("missade"),
        _("varav gjorda senare"),
        _("föll bort"),
        _("pågår"),
        _("signerade rundor"),
        _("sedda första gången"),
        _("median, minuter"),
        _("nio av tio inom, minuter"),
        _("skärpt uppsikt, timmar"),
    ]


def minutes(seconds: float | None) -> int | str:
    """Seconds as whole minutes; nothing for nothing."""
    return "" if seconds is None else round(seconds / MINUTE)


def safe(name: str) -> str:
    """A name that a spreadsheet does not take for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name


@may(*tabs.REPORTS)
@require_GET
def as_pdf(request: HttpRequest) -> HttpResponse:
    """The same page to keep and to hand over."""
    asked, figures = scope(request)
    title = _("Uppsikt %(month)s, %(name)s") % {"month": f"{asked.first:%Y-%m}", "name": asked.name}
    context = {"scope": asked, "month": figures, "title": title, "made_at": timezone.now(), "by": person(request)}
    try:
        body = render_to_string("oversight/report_print.html", context, request)
        made = printing.pdf(report_paper.document(body, title=title, language=get_language() or "sv"), title=title)
    except CaptureFailed:
        feedback.failed(request, _("Det gick inte att göra en PDF just nu. Försök igen om en stund, eller hämta CSV."))
        return redirect(reverse("oversight:report") + asked.query)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="uppsikt-rapport-{asked.first:%Y-%m}.pdf"'
    return answer
