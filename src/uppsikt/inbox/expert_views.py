"""The expert's page: one question, opened by a link of one's own, without logging in (D37)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from uppsikt.inbox import experts, forwards, pages
from uppsikt.inbox.flow_forms import AskBackForm, HandOnForm
from uppsikt.inbox.forms import ExpertForm, HandBackForm, Own, by_name
from uppsikt.inbox.forwards import To
from uppsikt.inbox.models import Answer, Forward
from uppsikt.inbox.rules import Sort
from uppsikt.inbox.states import OUT
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import queries as organisation
from uppsikt.ui import feedback
from uppsikt.ui.access import RuledView, by_link
from uppsikt.ui.attempts import DONE, attempt

# Browsers take the last policy that they know. The address itself is the key, so it must never be in a Referer;
# with "no-referrer" alone, forms would carry "Origin: null", which the protection against forged forms refuses.
HEADERS = {
    "Referrer-Policy": "no-referrer, strict-origin",
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
# What the author or the network has taken away is not handed on.
NOT_SHOWN = {"gone", "hidden"}
Deed = Callable[..., str]


def shown(
    request: HttpRequest, template: str, context: dict[str, object], *, status: int = 200, language: str = ""
) -> HttpResponse:
    """A page that leaves no trace of its address; in the letter's language, until its reader chooses another."""
    if language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        with translation.override(language):
            return quiet(render(request, template, context, status=status))
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
        context = {"words": refused.words, "token": token, "renewable": refused.code == "link_old"}
        return shown(request, "inbox/expert_dead.html", context, status=404)


@by_link
@require_safe
def question(request: HttpRequest, token: str) -> HttpResponseBase:
    """The question, or, once it has been answered, what happens next.

    Mail scanners open links too: opening one says nothing more than that it was opened.
    """
    row = found(request, token)
    if isinstance(row, HttpResponse):
        return row
    if row.state not in OUT:
        return thanks(request, row)
    forwards.opened(row, now=timezone.now())
    return show_question(request, token, row)


def show_question(
    request: HttpRequest, token: str, row: Forward, *, bound: Own | None = None, status: int = 200
) -> HttpResponse:
    """The question with its two forms; `bound` is one that could not be carried out."""
    own = ExpertForm(initial={"who": row.name, "title": row.title, "unit": row.unit_name})
    used = by_name([own, HandBackForm(), AskBackForm(), HandOnForm()])
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
        "between": row.clarifications.select_related("author").order_by("id"),
        "promised": promised(row),
    }
    return shown(request, "inbox/expert.html", context, status=status, language=row.language)


def promised(row: Forward) -> Answer | None:
    """The holding answer that the citizen has had, whose promise the expert helps to keep (D38)."""
    return row.case.answers.filter(sort=Sort.HOLDING, state="published").order_by("-id").first()


def thanks(request: HttpRequest, row: Forward) -> HttpResponse:
    """What the expert said, and what became of it."""
    published = Answer.objects.filter(forward=row, state="published").first()
    return shown(request, "inbox/expert_done.html", {"row": row, "published": published}, language=row.language)


def deed(make: type[Own], *, draft: str, ends_link: bool = False) -> Callable[[Deed], RuledView]:
    """What is done with the question by a form whose text is kept as `draft`; it says how it went.

    Whoever opens the address (a reload, a link) comes to the question. A deed that `ends_link` shows what comes next
    at once, because it cannot be asked of the link any more.
    """

    def decorate(act: Deed) -> RuledView:
        @functools.wraps(act)
        def view(request: HttpRequest, token: str) -> HttpResponse:
            if request.method != "POST":
                return quiet(redirect("expert:question", token=token))
            row = found(request, token)
            if isinstance(row, HttpResponse):
                return row
            if row.state not in OUT:
                return thanks(request, row)
            form = make(request.POST)
            said, status = attempt(form, lambda: act(row, form.cleaned_data, now=timezone.now()))
            if status != DONE:
                return show_question(request, token, row, bound=form, status=status)
            if ends_link:
                row.refresh_from_db()
                return thanks(request, row)
            feedback.done(request, said, draft=f"expert-{row.pk}-{draft}")
            return quiet(redirect("expert:question", token=token))

        return by_link(view)

    return decorate


@deed(ExpertForm, draft="answer")
def answer(row: Forward, given: dict[str, Any], *, now: datetime) -> str:
    """The expert's answer. Of two that are sent, the first counts."""
    forwards.answer(row, text=given["text"], name=given["who"], title=given["title"], unit=given["unit"], now=now)
    return _("Tack! Ditt svar är skickat.")


@deed(HandBackForm, draft="back")
def hand_back(row: Forward, given: dict[str, Any], *, now: datetime) -> str:
    """The question is somebody else's."""
    forwards.hand_back(row, reason=given["reason"], now=now)
    return _("Tack! Frågan är lämnad tillbaka.")


@deed(AskBackForm, draft="ask")
def ask_back(row: Forward, given: dict[str, Any], *, now: datetime) -> str:
    """The expert needs to know more first."""
    experts.ask_back(row, text=given["text"], now=now)
    return _("Tack! Din fråga är skickad. Du får ett mejl när den är besvarad.")


@deed(HandOnForm, draft="on", ends_link=True)
def hand_on(row: Forward, given: dict[str, Any], *, now: datetime) -> str:
    """Somebody else knows more, and gets a link of their own."""
    to = To(organisation.by_email(given["email"]), given["email"], given["to_name"], row.language)
    experts.hand_on(row, to=to, question=given["question"], now=now)
    return _("Tack! Frågan är lämnad vidare.")


@by_link
def renew(request: HttpRequest, token: str) -> HttpResponseBase:
    """The link is too old: a new one goes to the address that the question was sent to."""
    if request.method != "POST":
        return quiet(redirect("expert:question", token=token))
    try:
        row = experts.renew(token, now=timezone.now())
    except Refused as refused:
        return shown(request, "inbox/expert_dead.html", {"words": refused.words, "token": token}, status=404)
    return shown(request, "inbox/expert_dead.html", {"renewed": row, "token": token}, language=row.language)
