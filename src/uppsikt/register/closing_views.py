"""How accounts end, on pages: what is under way, and a closing with what is left to do (D52-D57)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.channels import queries as channels
from uppsikt.channels.models import Channel
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import READERS, Role
from uppsikt.register import closing, ends, life_words, tabs, transfer
from uppsikt.register.closing_forms import AskForm
from uppsikt.register.closing_models import Closing, Transfer
from uppsikt.register.ends_pages import (
    ENDERS,
    Act,
    Ending,
    Failed,
    begun,
    channel_or_404,
    moves_of,
    text_of,
    who_and_when,
)
from uppsikt.register.panel import Panel
from uppsikt.ui import feedback, paging
from uppsikt.ui.access import may


@may(*READERS)
@require_GET
def ends_list(request: HttpRequest) -> HttpResponse:
    """Accounts that are to end or have ended: closings, and transfers beside them."""
    closings = paging.page(request, Closing.objects.select_related("channel", "by"), by="at")
    transfers = Transfer.objects.select_related("channel", "by").order_by("-at", "-id")[:50]
    context = {
        "page": closings,
        "closings": [(row, life_words.tagged(life_words.CLOSINGS, row.state)) for row in closings.rows],
        "transfers": [(row, life_words.tagged(life_words.TRANSFERS, row.state)) for row in transfers],
        "tabs": tabs.of(request, "ends"),
    }
    return render(request, "register/ends.html", context)


@may(*ENDERS)
@require_http_methods(["GET", "POST"])
def begin_closing(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for an account to be closed."""
    row, form = channel_or_404(pk), AskForm(request.POST or None)
    ends.check_sees_to(person(request), row)
    if request.method == "POST" and form.is_valid():
        try:
            made = closing.ask(row, reason=form.cleaned_data["reason"], by=person(request), now=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("Förslaget är skickat till kommunikationsenheten och chefen."))
            return redirect("register:closing", made.pk)
    return begun(request, row, form, "register/begin_closing.html")


def more(request: HttpRequest, who: Person, row: Closing, failed: Failed) -> dict[str, Any]:
    """What the page of a closing shows beside what both do."""
    return {
        "view": life_words.VIEWS.get(row.view, ""),
        "heard": Role.COMMUNICATIONS in who.roles,
        "decides": channels.gives_mandates(who, row.channel),
        "sees_to": ends.sees_to(who, row.channel),
    }


MOVES: dict[str, Act] = {
    **moves_of(closing),
    "inget-att-invanda": lambda row, request: closing.view(
        row, agrees=True, text=text_of(request), **who_and_when(request)
    ),
    "invandning": lambda row, request: closing.view(row, agrees=False, text=text_of(request), **who_and_when(request)),
    "godkann": lambda row, request: closing.approve(row, text=text_of(request), **who_and_when(request)),
    "avsla": lambda row, request: closing.refuse(row, text=text_of(request), **who_and_when(request)),
    "borta": lambda row, request: closing.ended(row, seen=text_of(request), **who_and_when(request)),
    "avsluta": lambda row, request: closing.finish(row, **who_and_when(request)),
}


CLOSING = Ending(
    name="closing",
    model=Closing,
    room=closing,
    words=life_words.CLOSINGS,
    under_way=closing.OPEN,
    post="last_post",
    people=("by", "view_by", "decided_by", "last_post_by", "ended_by"),
    more=more,
    moves=MOVES,
)


@may(*READERS)
@require_GET
def closing_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One closing: what was thought and decided, what is left to do, and the next thing."""
    return CLOSING.page(request, pk)


@may(*ENDERS)
@require_POST
def move_closing(request: HttpRequest, pk: int, move: str) -> HttpResponse:
    """Do one of the things that a closing asks for."""
    return CLOSING.move(request, pk, move)


def panel(request: HttpRequest, row: Channel, now: datetime) -> Panel | None:
    """On the account's page: how it is ending or has ended, and where one begins."""
    who = person(request)
    if not set(READERS) & who.roles:
        return None
    last = Closing.objects.filter(channel=row).order_by("-id").first()
    handed = Transfer.objects.filter(channel=row).order_by("-id").first()
    may_begin = row.state in {"live", "paused"} and closing.under_way(row) is None and transfer.under_way(row) is None
    context = {
        "pk": row.pk,
        "closing": (last, life_words.tagged(life_words.CLOSINGS, last.state)) if last else None,
        "transfer": (handed, life_words.tagged(life_words.TRANSFERS, handed.state)) if handed else None,
        "closes": may_begin and bool(set(ENDERS) & who.roles) and ends.sees_to(who, row),
        "transfers": may_begin and Role.COMMUNICATIONS in who.roles,
    }
    return Panel("avslut", _("Avsluta eller överlåta"), "register/parts/ends_panel.html", context)
