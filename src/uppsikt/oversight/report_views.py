"""The report for an auditor and for managers: a month of oversight as a page, as CSV and as PDF (D25, D66)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

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
from uppsikt.kernel.hours import FIRST_YEAR, LAST_YEAR
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Unit
from uppsikt.oversight import queries, report, report_paper, tabs, terms
from uppsikt.oversight.figures import Tally
from uppsikt.oversight.rules import local_day
from uppsikt.ui import feedback, scopes, sheets
from uppsikt.ui.access import may
from uppsikt.ui.scopes import Scope

MONTHS = 24
MINUTE = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: a month, of all that may be read or of one unit or channel."""

    first: date
    scope: Scope[Unit, Channel]

    @property
    def name(self) -> str:
        """Whose, in words."""
        return str(self.scope.one or _("Alla kanaler"))

    @property
    def query(self) -> str:
        """As an address has it."""
        return self.scope.query(manad=f"{self.first:%Y-%m}")


def read_month(text: str, today: date) -> date:
    """The first day of a month written as "2026-11"; this month for what is none that the calendar reaches."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today
    return first.replace(day=1) if FIRST_YEAR <= first.year < LAST_YEAR else today.replace(day=1)


def read(request: HttpRequest) -> tuple[Asked, report.Month]:
    """What is asked for, of what the person may read, with its figures."""
    now = timezone.now()
    seen = queries.overseen(person(request), at=now)
    channels = list(seen.order_by("name", "pk").select_related("unit"))
    units = sorted({row.unit for row in channels}, key=lambda unit: (unit.name, unit.pk))
    scope = scopes.asked(request, units, channels)
    rows = seen.filter(pk=scope.channel.pk) if scope.channel else seen.filter(unit=scope.unit) if scope.unit else seen
    asked = Asked(read_month(request.GET.get("manad", ""), local_day(now)), scope)
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
    asked, figures = read(request)
    context = {
        "tabs": tabs.of(person(request), "report"),
        "asked": asked,
        "scope": asked.scope,
        "month": figures,
        "months": months(local_day(timezone.now())),
    }
    return render(request, "oversight/report.html", context)


@may(*tabs.REPORTS)
@require_GET
def as_csv(request: HttpRequest) -> HttpResponse:
    """A line for each channel and kind of round; how long things lay stands on the channel's first line, in minutes."""
    asked, figures = read(request)
    return sheets.csv_file([columns(), *lines(asked, figures)], name=f"uppsikt-rapport-{asked.first:%Y-%m}")


def lines(asked: Asked, figures: report.Month) -> Iterator[list[object]]:
    """The file's lines, after its columns."""
    for row in figures.rows:
        told = row.figures
        for number, (kind, tally) in enumerate(row.kinds or [("", Tally())]):
            soon = [told.looked_at, minutes(told.median), minutes(told.p90)]
            looks = [told.rounds, told.outside, *soon, told.heightened_hours]
            yield [
                f"{asked.first:%Y-%m}", row.channel.unit.name, row.channel.name, terms.kind(kind),
                tally.expected, tally.met, tally.missed, tally.made_good, tally.lapsed, tally.waiting,
                *(looks if number == 0 else [""] * len(looks)),
            ]  # fmt: skip


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
        _("varav utanför Uppsikt"),
        _("sedda första gången"),
        _("median, minuter"),
        _("nio av tio inom, minuter"),
        _("skärpt uppsikt, timmar"),
    ]


def minutes(seconds: float | None) -> int | str:
    """Seconds as whole minutes; nothing for nothing."""
    return "" if seconds is None else round(seconds / MINUTE)


@may(*tabs.REPORTS)
@require_GET
def as_pdf(request: HttpRequest) -> HttpResponse:
    """The same page to keep and to hand over."""
    asked, figures = read(request)
    title = _("Uppsikt %(month)s, %(name)s") % {"month": f"{asked.first:%Y-%m}", "name": asked.name}
    context = {"asked": asked, "month": figures, "title": title, "made_at": timezone.now(), "by": person(request)}
    try:
        body = render_to_string("oversight/report_print.html", context, request)
        made = printing.pdf(report_paper.document(body, title=title, language=get_language() or "sv"), title=title)
    except CaptureFailed:
        feedback.failed(request, _("Det gick inte att göra en PDF just nu. Försök igen om en stund, eller hämta CSV."))
        return redirect(reverse("oversight:report") + asked.query)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="uppsikt-rapport-{asked.first:%Y-%m}.pdf"'
    return answer
