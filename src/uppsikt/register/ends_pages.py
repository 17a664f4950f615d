"""What the pages of a closing and of a transfer share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import Role
from uppsikt.register import captures, ends, life_words, tabs
from uppsikt.register.closing_forms import LONGEST
from uppsikt.register.closing_models import Capture, CaptureFile
from uppsikt.ui import feedback

INVALID = 422
# Whoever may be responsible for an account, its manager, the communications unit; on which ones, `ends` says.
ENDERS = (Role.OFFICER, Role.EDITOR, Role.CUSTOMER_CENTRE, Role.COMMUNICATIONS, Role.MANAGER)
Act = Callable[[Any, HttpRequest], Any]


def channel_or_404(pk: int) -> Channel:
    """The channel, with what its pages show."""
    return get_object_or_404(Channel.objects.select_related("unit__department__board", "responsible"), pk=pk)


def begun(request: HttpRequest, row: Channel, form: forms.Form, template: str) -> HttpResponse:
    """The page where an end begins."""
    context = {"channel": row, "form": form, "tabs": tabs.of(request, "ends")}
    return render(request, template, context, status=INVALID if form.is_bound else 200)


def capture_of(row: Capture | None) -> dict[str, Any] | None:
    """A last picture, for a page."""
    if row is None:
        return None
    files = [(file.pk, file.name) for file in CaptureFile.objects.filter(capture=row).order_by("name")]
    return {"row": row, "tag": life_words.tagged(life_words.CAPTURES, row.state), "files": files}


def text_of(request: HttpRequest) -> str:
    """The words that came with a move, no longer than they may be."""
    return request.POST.get("text", "")[:LONGEST]


def file_of(request: HttpRequest) -> tuple[bytes, str]:
    """The file that came with a move. Raises Refused where there is none."""
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused("no_file", _("Välj en fil."))
    return upload.read(captures.MOST_BYTES + 1), str(upload.name or "")


def laid_in(row: Any, request: HttpRequest, room: Any) -> Any:
    """A person's own file as the account's last picture."""
    who, now = person(request), timezone.now()
    ends.check_sees_to(who, row.channel)
    body, name = file_of(request)
    made = captures.by_hand(row.channel, body, name, why=room.WHY, by=who, now=now)
    return room.lay_in(row, made, by=who, now=now)


def who_and_when(request: HttpRequest) -> dict[str, Any]:
    """Who does it, and when."""
    return {"by": person(request), "now": timezone.now()}


def moved(request: HttpRequest, moves: Mapping[str, Act], move: str, row: Any) -> str:
    """Do one of the things that an ending asks for; what it was refused for, "" where it is done. Raises Http404."""
    if move not in moves:
        raise Http404
    try:
        moves[move](row, request)
    except Refused as refused:
        return refused.words
    feedback.done(request, _("Sparat."))
    return ""
