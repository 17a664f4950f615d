"""The expert's page: one question, opened by a link of one's own, without logging in (D37)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from uppsikt.inbox import forwards, pages
from uppsikt.inbox.forms import ExpertForm, HandBackForm, Own, by_name
from uppsikt.inbox.models import Answer, Forward
from uppsikt.kernel.errors import Refused
from uppsikt.ui import feedback
from uppsikt.ui.access import by_link

# Browsers take the last policy that they know. The address itself is the key, so it must never be in a Referer;
# with "no-referrer" alone, forms would carry "Origin: null", which the protection against forged forms refuses.
HEADERS = {
    "Referrer-Policy": "no-referrer, strict-origin",
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
# What the author or the network has taken away is not handed on.
NOT_SHOWN = {"gone", "hidden"}


def shown(request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """A page that leaves no trace of its address."""
    return quiet(render(request, template, context, status=status))


def quiet(response: HttpResponse) -> HttpResponse:
    """The answer with what keeps its address secret."""
    for name, value in HEADERS.items():
        response[name] = value
    return response


def found(request: HttpRequest, token: str) -> Forward | HttpResponse:
    """The question of a link, or the page that says that the link is dead."""
    try:
        return forwards.find(token, now=timezone.now())
    except Refused as refused:
        return shown(request, "inbox/expert_dead.html", {"words": refused.words}, status=404)


@by_link
@require_safe
def question(request: HttpRequest, token: str) -> HttpResponseBase:
    """The question, or, once it has been answered, what happens next.

    Mail scanners open links too: opening one says nothing more than that it was opened.
    """
    row = found(request, token)
    if isinstance(row, HttpResponse):
        return row
    if row.state != "sent":
        return thanks(request, row)
    forwards.opened(row, now=timezone.now())
    return show_question(request, token, row)


def show_question(
    request: HttpRequest, token: str, row: Forward, *, bound: Own | None = None, status: int = 200
) -> HttpResponse:
    """The question with its two forms; `bound` is one that could not be carried out."""
    used = by_name([ExpertForm(initial={"who": row.name, "title": row.title, "unit": row.unit_name}), HandBackForm()])
    if bound is not None:
        used[bound.name] = bound
    talk = pages.conversation(row.case, forwards.reader_of(row, now=timezone.now()), edits=False)
    context = {
        "row": row,
        "case": row.case,
        "token": token,
        "forms": used,
        "bound": bound.name if bound is not None else "",
        "said": [each for each in talk.said if each.item.state not in NOT_SHOWN],
        "draft": f"expert-{row.pk}",
    }
    return shown(request, "inbox/expert.html", context, status=status)


def thanks(request: HttpRequest, row: Forward) -> HttpResponse:
    """What the expert said, and what became of it."""
    published = Answer.objects.filter(forward=row, state="published").first()
    return shown(request, "inbox/expert_done.html", {"row": row, "published": published})


def carry_out(
    request: HttpRequest, token: str, form: Own, act: Callable[[Forward], str], *, draft: str
) -> HttpResponseBase:
    """Check a form and do what it asks; what cannot be done is told in the form, with its texts."""
    row = found(request, token)
    if isinstance(row, HttpResponse):
        return row
    if row.state != "sent":
        return thanks(request, row)
    if not form.is_valid():
        return show_question(request, token, row, bound=form, status=422)
    try:
        said = act(row)
    except Refused as refused:
        form.add_error(None, refused.words)
        return show_question(request, token, row, bound=form, status=409)
    feedback.done(request, said, draft=f"expert-{row.pk}-{draft}")
    return quiet(redirect("expert:question", token=token))


@by_link
def answer(request: HttpRequest, token: str) -> HttpResponseBase:
    """The expert's answer. Of two that are sent, the first counts."""
    if request.method != "POST":
        return quiet(redirect("expert:question", token=token))
    form = ExpertForm(request.POST)

    def act(row: Forward) -> str:
        given = form.cleaned_data
        forwards.answer(
            row, text=given["text"], name=given["who"], title=given["title"], unit=given["unit"], now=timezone.now()
        )
        return _("Tack! Ditt svar är skickat.")

    return carry_out(request, token, form, act, draft="answer")


@by_link
def hand_back(request: HttpRequest, token: str) -> HttpResponseBase:
    """The question is somebody else's."""
    if request.method != "POST":
        return quiet(redirect("expert:question", token=token))
    form = HandBackForm(request.POST)

    def act(row: Forward) -> str:
        forwards.hand_back(row, reason=form.cleaned_data["reason"], now=timezone.now())
        return _("Tack! Frågan är lämnad tillbaka.")

    return carry_out(request, token, form, act, draft="back")
