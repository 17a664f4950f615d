"""A transfer on its pages: begun, prepared, handed over, and its deed (D53-D57)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import READERS, Role
from uppsikt.records.views import download, kept
from uppsikt.register import life_words, tabs, transfer
from uppsikt.register.closing_forms import LONGEST, DecisionForm, FileForm, NameForm, PostForm, TransferForm
from uppsikt.register.closing_models import Transfer
from uppsikt.register.ends_pages import (
    INVALID,
    Act,
    begun,
    capture_of,
    channel_or_404,
    laid_in,
    moved,
    text_of,
    who_and_when,
)
from uppsikt.ui import trails
from uppsikt.ui.access import may


@may(Role.COMMUNICATIONS)
@require_http_methods(["GET", "POST"])
def begin_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to prepare a transfer."""
    row, form = channel_or_404(pk), TransferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = transfer.begin(row, by=person(request), now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            return redirect("register:transfer", made.pk)
    return begun(request, row, form, "register/begin_transfer.html")


def transfer_or_404(pk: int) -> Transfer:
    """A transfer, with what its page shows."""
    beside = ("by", "board", "handed_over_by")
    rows = Transfer.objects.select_related("channel__unit", "channel__responsible", "capture", *beside)
    return get_object_or_404(rows, pk=pk)


@may(*READERS)
@require_GET
def transfer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One transfer: what is left to do, and what has been seen."""
    return of_transfer(request, transfer_or_404(pk))


def of_transfer(request: HttpRequest, row: Transfer, *, error: str = "") -> HttpResponse:
    """The page; with what a move was refused for."""
    now, who = timezone.now(), person(request)
    left = transfer.missing(row, now=now) if row.state == "preparing" else []
    decision = {"number": row.decision_number, "decided_on": row.decided_on, "board": row.board_id}
    sights = {what: getattr(row, field) for what, field in transfer.SIGHTS.items()}
    context = {
        "row": row,
        "channel": row.channel,
        "tag": life_words.tagged(life_words.TRANSFERS, row.state),
        "left": [transfer.lacking(code) for code in left],
        "error": error,
        "sights": sights,
        "decision": DecisionForm(initial=decision),
        "name": NameForm(initial={"new_name": row.new_name, "kept_why": row.name_kept_why}),
        "post": PostForm(initial={"text": row.announcement}),
        "file": FileForm(),
        "handles": row.state == "preparing" and Role.COMMUNICATIONS in who.roles,
        "deed_holds": row.deed_id is not None and row.deed_facts == transfer.facts_of(row),
        "capture": capture_of(row.capture),
        "lines": trails.lines(trail.steps_of(row).order_by("-id"), life_words.STEPS),
        "tabs": tabs.of(request, "ends"),
    }
    return render(request, "register/transfer.html", context, status=INVALID if error else 200)


def decided(row: Transfer, request: HttpRequest) -> Transfer:
    """The board's decision, of the form. Raises Refused."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        raise Refused("bad_form", _("Fyll i beslutets nummer, datum och nämnd."))
    return transfer.decide(row, decision=transfer.Decision(**form.cleaned_data), **who_and_when(request))


def named(row: Transfer, request: HttpRequest) -> Transfer:
    """The account's name, of the form. Raises Refused."""
    new_name, why = request.POST.get("new_name", "")[:160], request.POST.get("kept_why", "")[:LONGEST]
    return transfer.name(row, new_name=new_name, kept_why=why, **who_and_when(request))


def seen(what: str) -> Act:
    """Something has been seen on the account's page."""
    return lambda row, request: transfer.see(row, what, **who_and_when(request))


TRANSFER_MOVES: dict[str, Act] = {
    "beslut": decided,
    "namn": named,
    "agare-syns": seen("owner"),
    "profilbild": seen("profile"),
    "omslag": seen("cover"),
    "namn-syns": seen("name"),
    "skriv": lambda row, request: transfer.write(row, text=text_of(request), **who_and_when(request)),
    "publicerat": lambda row, request: transfer.posted(row, **who_and_when(request)),
    "bild": lambda row, request: transfer.capture(row, **who_and_when(request)),
    "fil": lambda row, request: laid_in(row, request, transfer),
    "handling": lambda row, request: transfer.draw_up(row, **who_and_when(request)),
    "overlat": lambda row, request: transfer.hand_over(row, **who_and_when(request)),
    "ta-tillbaka": lambda row, request: transfer.withdraw(row, reason=text_of(request), **who_and_when(request)),
}


@may(Role.COMMUNICATIONS)
@require_POST
def move_transfer(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Do one of the things that a transfer asks for."""
    error = moved(request, TRANSFER_MOVES, move, transfer_or_404(pk))
    return of_transfer(request, transfer_or_404(pk), error=error) if error else redirect("register:transfer", pk)


@may(*READERS)
@require_GET
def deed(request: HttpRequest, pk: int) -> HttpResponse:
    """The deed as it was drawn up."""
    row = transfer_or_404(pk)
    if row.deed_id is None:
        raise Http404(_("Handlingen är inte skriven än."))
    return download(kept(row.deed_id), f"overlatelse-{row.pk}.pdf", "application/pdf")
