"""Accounts from a spreadsheet: hand it in, look it through, take it in (D5, D12)."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.organisation import current, sheet_pages, sheets_in
from uppsikt.organisation.models import SheetIn
from uppsikt.organisation.rules import Role
from uppsikt.policy.networks import NETWORKS
from uppsikt.register import words
from uppsikt.register.order_forms import NOT_ORDERED
from uppsikt.register.rules import SUBJECTS
from uppsikt.register.sheet_rows import headings
from uppsikt.register.sheet_taking import ACCOUNTS
from uppsikt.ui import live
from uppsikt.ui.access import may

# Those who may take in what the municipality has: they connect channels too.
TAKERS = (Role.COMMUNICATIONS, Role.ADMINISTRATOR)


class SheetForm(forms.Form):
    """The file."""

    sheet = forms.FileField(
        label=lazy("Fil med konton"),
        help_text=lazy("Excel (.xlsx) eller CSV, högst fem megabyte."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,text/csv"}),
    )


@may(*TAKERS)
@require_http_methods(["GET", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in a file; nothing is changed until it has been looked through."""
    form = SheetForm(request.POST or None, request.FILES or None)
    if row := sheet_pages.handed_in(request, form, ACCOUNTS):
        return redirect("register:sheet", row.pk)
    context = {
        "form": form,
        "columns": list(headings().values()),
        "networks": [known.name for known in NETWORKS.values() if known.code not in NOT_ORDERED],
        "subjects": [words.subject(code) for code in SUBJECTS],
    }
    return render(request, "register/sheet_in.html", context)


@may(*TAKERS)
@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file would do, or how it went."""
    row = get_object_or_404(SheetIn.objects.select_related("by"), pk=pk, sort=ACCOUNTS.code)
    context: dict[str, object] = {"row": row}
    if row.state == "waiting":
        context |= sheet_pages.looked_through(row, ACCOUNTS)
    elif live.wants_region(request):
        return live.region(request, "register/parts/sheet.html", context)
    return render(request, "register/sheet.html", context)


@may(*TAKERS)
@require_POST
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it in, by a job."""
    row = get_object_or_404(SheetIn, pk=pk, sort=ACCOUNTS.code)
    sheets_in.start(row, by=current.person(request), now=timezone.now(), sort=ACCOUNTS)
    return redirect("register:sheet", row.pk)


@may(*TAKERS)
@require_GET
def example(request: HttpRequest) -> HttpResponse:
    """A file to begin with: the headings, and a row that shows how."""
    row = (
        "Facebook", "Älvsta bibliotek", "https://www.facebook.com/alvstabibliotek", "Biblioteket", "",
        "eva.ek@kommunen.example", "eva.ek@kommunen.example, ake.o@kommunen.example", _("nej"),
        _("Berätta om biblioteket och svara på frågor"), _("Fler lånar"), _("De som bor i kommunen"),
        words.subject("library"), "biblioteket@kommunen.example", "0220-100 00",
        "https://www.kommunen.example/bibliotek", "2,5", 7, "2020-03-02", _("ja"),
    )  # fmt: skip
    return sheet_pages.workbook(_("Konton"), list(headings().values()), row, name="konton.xlsx")
