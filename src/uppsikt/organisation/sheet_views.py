"""People from a spreadsheet: hand it in, look it through, take it in."""

from __future__ import annotations

import io

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from openpyxl import Workbook
from openpyxl.styles import Font

from uppsikt.kernel import sheets
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import current, queries, sheets_in, taking_in
from uppsikt.organisation.models import SheetIn
from uppsikt.organisation.rules import Role
from uppsikt.ui import live
from uppsikt.ui.access import may

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a page shows of each; the rest is counted.
SHOWN = 100


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
    if request.method == "POST" and form.is_valid():
        upload: UploadedFile[bytes] = form.cleaned_data["sheet"]
        try:
            body = upload.read(sheets.MOST_BYTES + 1)
            row = sheets_in.hand_in(upload.name or "", body, by=current.person(request), now=timezone.now())
        except Refused as refused:
            form.add_error("sheet", refused.words)
        else:
            return redirect("organisation:sheet", row.pk)
    columns = [taking_in.heading(column) for column in taking_in.COLUMNS]
    context = {"form": form, "columns": columns, "roles": queries.role_words()}
    return render(request, "organisation/sheet_in.html", context)


@may(Role.ADMINISTRATOR)
@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do, or how it went."""
    row = get_object_or_404(SheetIn.objects.select_related("by"), pk=pk, sort=sheets_in.PEOPLE.code)
    context: dict[str, object] = {"row": row}
    if row.state == "waiting":
        plan = sheets_in.plan_of(row, now=timezone.now())
        changed = [change for change in plan.changes if change.sort != "same"]
        context |= {
            "plan": plan,
            "new": plan.count("new"),
            "changed": plan.count("changed"),
            "same": plan.count("same"),
            "faults": plan.faults[:SHOWN],
            "changes": changed[:SHOWN],
            "more": max(len(changed) - SHOWN, 0),
            "more_faults": max(len(plan.faults) - SHOWN, 0),
        }
    elif live.wants_region(request):
        return live.region(request, "organisation/parts/sheet.html", context)
    return render(request, "organisation/sheet.html", context)


@may(Role.ADMINISTRATOR)
@require_POST
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it in, by a job."""
    row = get_object_or_404(SheetIn, pk=pk, sort=sheets_in.PEOPLE.code)
    sheets_in.start(row, by=current.person(request), now=timezone.now())
    return redirect("organisation:sheet", row.pk)


@may(Role.ADMINISTRATOR)
@require_GET
def example(request: HttpRequest) -> HttpResponse:
    """A file to begin with: the headings, and a row that shows how."""
    book = Workbook()
    book.remove(book.worksheets[0])
    page = book.create_sheet(_("Personer"))
    page.append([taking_in.heading(column) for column in taking_in.COLUMNS])
    page.append(
        [
            "Eva Ek",
            "eva.ek@kommunen.example",
            "handläggare",
            "070-174 06 05",
            "Barn- och utbildningsnämnden",
            "Barn- och utbildningsförvaltningen",
            "Björkskolan",
            "Handläggare",
            "",
        ]
    )
    for cell in page[1]:
        cell.font = Font(bold=True)
    for column in "ABCDEFGHI":
        page.column_dimensions[column].width = 28
    page.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    response = HttpResponse(out.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = 'attachment; filename="personer.xlsx"'
    return response
