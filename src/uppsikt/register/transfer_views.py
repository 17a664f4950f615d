"""A transfer on its pages: begun, prepared, handed over, and its deed (D53-D57)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import READERS, Role
from uppsikt.records.views import download, kept
from uppsikt.register import life_words, transfer
from uppsikt.register.closing_forms import LONGEST, DecisionForm, NameForm, TransferForm
from uppsikt.register.closing_models import Transfer
from uppsikt.register.ends_pages import (
    Act,
    Ending,
    Failed,
    begun,
    channel_or_404,
    moves_of,
    who_and_when,
)
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


def more(request: HttpRequest, who: Person, row: Transfer, failed: Failed) -> dict[str, Any]:
    """What the page of a transfer shows beside what both do; a form that was refused keeps what stood in it."""
    typed = request.POST if failed.move else None
    decision = {"number": row.decision_number, "decided_on": row.decided_on, "board": row.board_id}
    name = {"new_name": row.new_name, "kept_why": row.name_kept_why}
    return {
        "sights": {what: getattr(row, field) for what, field in transfer.SIGHTS.items()},
        "decision": DecisionForm(typed if failed.move == "beslut" else None, initial=decision),
        "name": NameForm(typed if failed.move == "namn" else None, initial=name),
        "handles": row.state == "preparing" and Role.COMMUNICATIONS in who.roles,
        "deed_holds": row.deed_id is not None and row.deed_facts == transfer.facts_of(row),
    }


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


MOVES: dict[str, Act] = {
    **moves_of(transfer),
    "beslut": decided,
    "namn": named,
    "agare-syns": seen("owner"),
    "profilbild": seen("profile"),
    "omslag": seen("cover"),
    "namn-syns": seen("name"),
    "handling": lambda row, request: transfer.draw_up(row, **who_and_when(request)),
    "overlat": lambda row, request: transfer.hand_over(row, **who_and_when(request)),
}


TRANSFER = Ending(
    name="transfer",
    model=Transfer,
    room=transfer,
    words=life_words.TRANSFERS,
    under_way=("preparing",),
    post="announcement",
    people=("by", "board", "handed_over_by"),
    more=more,
    moves=MOVES,
)


@may(*READERS)
@require_GET
def transfer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One transfer: what is left to do, and what has been seen."""
    return TRANSFER.page(request, pk)


@may(Role.COMMUNICATIONS)
@require_POST
def move_transfer(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Do one of the things that a transfer asks for."""
    return TRANSFER.move(request, pk, move)


@may(*READERS)
@require_GET
def deed(request: HttpRequest, pk: int) -> HttpResponse:
    """The deed as it was drawn up."""
    row = TRANSFER.found(pk)
    if row.deed_id is None:
        raise Http404(_("Handlingen är inte skriven än."))
    return download(kept(row.deed_id), f"overlatelse-{row.pk}.pdf", "application/pdf")
