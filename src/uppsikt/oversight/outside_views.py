"""In a round: an account that is not read here has been looked at, and what wants an answer is typed in (D25)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from uppsikt.inbox.flow_forms import HandOverForm
from uppsikt.inbox.handed_over import LARGEST, Picture, Question
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Unit
from uppsikt.organisation.rules import STAFF
from uppsikt.oversight import outside, sweep_views
from uppsikt.oversight.models import Round
from uppsikt.ui import feedback
from uppsikt.ui.access import may
from uppsikt.ui.attempts import DONE, attempt


class TypeInForm(HandOverForm):
    """The same as for a question to a private account; where it stands is known."""

    name = "type-in"
    network = None  # type: ignore[assignment]  # this is how Django takes a field away

    LABELS: ClassVar = {
        "received": gettext_lazy("När skrevs det?"),
        "text": gettext_lazy("Vad som står där, ordagrant"),
        "asker": gettext_lazy("Vem har skrivit?"),
        "link": gettext_lazy("Länk till det"),
        "pictures": gettext_lazy("Bild av det"),
        "unit": gettext_lazy("Vilken enhet rör det?"),
    }

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for name, label in self.LABELS.items():
            self.fields[name].label = label


def back(pk: int, round_pk: int) -> HttpResponse:
    """To the sweep, where the account stands."""
    return redirect(f"{reverse('oversight:sweep', args=[pk])}?konton=1#konto-{round_pk}")


def stated(request: HttpRequest, pk: int, round_pk: int, act: Callable[..., Round]) -> HttpResponse:
    """Have somebody state something of an account."""
    row, who = sweep_views.own_sweep(request, pk)
    try:
        act(row, round_pk, by=who, now=timezone.now())
    except Refused as refused:
        feedback.failed(request, refused.words)
    return back(pk, round_pk)


@may(*STAFF)
@require_POST
def look(request: HttpRequest, pk: int, round_pk: int) -> HttpResponse:
    """I have looked at the account's own page."""
    return stated(request, pk, round_pk, outside.look)


@may(*STAFF)
@require_POST
def look_back(request: HttpRequest, pk: int, round_pk: int) -> HttpResponse:
    """I had not."""
    return stated(request, pk, round_pk, outside.look_back)


@may(*STAFF)
@require_http_methods(["GET", "POST"])
def type_in(request: HttpRequest, pk: int, round_pk: int) -> HttpResponse:
    """Something on the account wants an answer, or is to be kept: the form, and what becomes of it."""
    sweep, who = sweep_views.own_sweep(request, pk)
    row = get_object_or_404(sweep.rounds.select_related("channel__unit"), pk=round_pk, outside=True)
    now, units = timezone.now(), Unit.objects.order_by("name")
    if request.method == "GET":
        form = TypeInForm(units=units, now=now, link=row.channel.address, unit=row.channel.unit_id)
        return show(request, row, form)
    form = TypeInForm(request.POST, request.FILES, units=units)

    def act() -> str:
        given = form.cleaned_data
        question = Question(
            text=given["text"],
            received_at=given["received"],
            network=row.channel.network,
            asker=given["asker"],
            link=given["link"],
            pictures=[Picture(file.read(LARGEST + 1), file.name or _("bild")) for file in given["pictures"]],
        )
        outside.type_in(sweep, round_pk, question, by=who, now=now, unit=given["unit"])
        return _("Det är inlagt som en handling med ett ärende, och står i rundan.")

    said, status = attempt(form, act)
    if status != DONE:
        return show(request, row, form, status=status)
    feedback.done(request, said, draft=f"type-in-{round_pk}")
    return back(pk, round_pk)


def show(request: HttpRequest, row: Round, form: TypeInForm, *, status: int = 200) -> HttpResponse:
    """The page."""
    context = {"round": row, "form": form, "draft": f"type-in-{row.pk}"}
    return render(request, "oversight/type_in.html", context, status=status)
