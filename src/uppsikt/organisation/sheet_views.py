"""People from a spreadsheet: hand it in, look it through, take it in."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.organisation import current, queries, sheet_pages, sheets_in, taking_in
from uppsikt.organisation.models import SheetIn
from uppsikt.organisation.rules import Role
from uppsikt.organisation.sheets_in import PEOPLE
from uppsikt.ui import live
from uppsikt.ui.access import may


class SheetForm(forms.Form):
    """The file."""

    sheet = forms.FileField(
        label=lazy("Fil med personer"),
        help_text=lazy("Excel (.xlsx) eller CSV, högst fem megabyte."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,text/csv"}),
    )


@may(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in a file; nothing is changed until it has been looked through."""
    form = SheetForm(request.POST or None, request.FILES or None)
    if row := sheet_pages.handed_in(request, form, PEOPLE):
        return redirect("organisation:sheet", row.pk)
    columns = [taking_in.heading(column) for column in taking_in.COLUMNS]
    context = {"form": form, "columns": columns, "roles": queries.role_words()}
    return render(request, "organisation/sheet_in.html", context)


@may(Role.ADMINISTRATOR)
@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do, or how it went."""
    row = get_object_or_404(SheetIn.objects.select_related("by"), pk=pk, sort=PEOPLE.code)
    context: dict[str, object] = {"row": row}
    if row.state == "waiting":
        context |= sheet_pages.looked_through(row, PEOPLE)
    elif live.wants_region(request):
        return live.region(request, "organisation/parts/sheet.html", context)
    return render(request, "organisation/sheet.html", context)


@may(Role.ADMINISTRATOR)
@require_POST
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it in, by a job."""
    row = get_object_or_404(SheetIn, pk=pk, sort=PEOPLE.code)
    sheets_in.start(row, by=current.person(request), now=timezone.now())
    return redirect("organisation:sheet", row.pk)


@may(Role.ADMINISTRATOR)
@require_GET
def example(request: HttpRequest) -> HttpResponse:
    """A file to begin with: the headings, and a row that shows how."""
    row = (
        "Eva Ek", "eva.ek@kommunen.example", "handläggare", "070-174 06 05", "Barn- och utbildningsnämnden",
        "Barn- och utbildningsförvaltningen", "Björkskolan", "Handläggare", "",
    )  # fmt: skip
    headings = [taking_in.heading(column) for column in taking_in.COLUMNS]
    return sheet_pages.workbook(_("Personer"), headings, row, name="personer.xlsx")
