"""Handing over a question that came to one's private account (D60). Everybody who works here may."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from uppsikt.inbox import handed_over
from uppsikt.inbox.flow_forms import HandOverForm
from uppsikt.inbox.handed_over import LARGEST, Picture, Question
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Unit
from uppsikt.ui import feedback
from uppsikt.ui.access import signed_in
from uppsikt.ui.attempts import DONE, attempt


@signed_in
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """The form, and what becomes of it."""
    who, now = person(request), timezone.now()
    units = Unit.objects.order_by("name")
    if request.method == "GET":
        return show(request, HandOverForm(units=units, now=now))
    form = HandOverForm(request.POST, request.FILES, units=units)

    def act() -> str:
        given = form.cleaned_data
        # One byte more than may be is enough to tell that it is too much.
        pictures = [Picture(file.read(LARGEST + 1), file.name or _("bild")) for file in given["pictures"]]
        question = Question(
            text=given["text"],
            received_at=given["received"],
            network=given["network"],
            asker=given["asker"],
            link=given["link"],
            pictures=pictures,
        )
        handed_over.hand_over(question, by=who, now=now, unit=given["unit"])
        return _("Tack! Frågan är överlämnad och blir besvarad.")

    said, status = attempt(form, act)
    if status != DONE:
        return show(request, form, status=status)
    feedback.done(request, said, draft="hand-over")
    return redirect("inbox:hand_over")


def show(request: HttpRequest, form: HandOverForm, *, status: int = 200) -> HttpResponse:
    """The page."""
    return render(request, "inbox/hand_over.html", {"form": form}, status=status)
