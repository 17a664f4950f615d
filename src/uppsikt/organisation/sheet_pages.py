"""What the pages of every sort of spreadsheet share: the file handed in, what it would do, and a file to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from uppsikt.kernel import sheets
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import current, sheets_in
from uppsikt.organisation.models import SheetIn
from uppsikt.organisation.sheets_in import Sort

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a page shows of each; the rest is counted.
SHOWN = 100


def handed_in(request: HttpRequest, form: forms.Form, sort: Sort) -> SheetIn | None:
    """The file that was sent, kept to be looked through; None where the form has something to say of it."""
    if request.method != "POST" or not form.is_valid():
        return None
    upload: UploadedFile[bytes] = form.cleaned_data["sheet"]
    try:
        body = upload.read(sheets.MOST_BYTES + 1)
        return sheets_in.hand_in(upload.name or "", body, by=current.person(request), now=timezone.now(), sort=sort)
    except Refused as refused:
        form.add_error("sheet", refused.words)
    return None


def looked_through(row: SheetIn, sort: Sort) -> dict[str, Any]:
    """What the file would do, for a page: the first of the faults and changes, and how many more there are."""
    plan = sheets_in.plan_of(row, now=timezone.now(), sort=sort)
    changed = [change for change in plan.changes if change.sort != "same"]
    return {
        "plan": plan,
        "new": plan.count("new"),
        "changed": plan.count("changed"),
        "same": plan.count("same"),
        "faults": plan.faults[:SHOWN],
        "changes": changed[:SHOWN],
        "more": max(len(changed) - SHOWN, 0),
        "more_faults": max(len(plan.faults) - SHOWN, 0),
    }


def workbook(title: str, headings: Sequence[str], row: Sequence[object], *, name: str) -> HttpResponse:
    """A file to begin with: the headings, and a row that shows how."""
    response = HttpResponse(sheets.write(title, [headings, row]), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
