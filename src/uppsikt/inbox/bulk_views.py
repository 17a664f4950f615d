"""Doing something with many cases at once, and undoing it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from uppsikt.inbox import bulk, queries, wishes
from uppsikt.inbox.bulk import Asked, Outcome
from uppsikt.inbox.flow_forms import ManySnoozeForm
from uppsikt.inbox.forms import ManyForm, Own
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF
from uppsikt.ui import feedback
from uppsikt.ui.access import may
from uppsikt.ui.hostile import plain
from uppsikt.ui.paging import number_of

# So many refusals are told one by one; more would drown the page.
TOLD = 8


def back(request: HttpRequest) -> HttpResponse:
    """To the list as it was."""
    return redirect(reverse("inbox:list") + wishes.chosen(request.GET).here)


@may(*STAFF)
@require_POST
def many(request: HttpRequest) -> HttpResponse:
    """Do one thing with all that are marked, and tell how it went with each."""
    who, now = person(request), timezone.now()
    key = request.POST.get("gora", "")
    pks = [pk for pk in map(number_of, request.POST.getlist("arende")) if pk is not None]
    if not pks or key not in bulk.DEEDS:
        feedback.failed(request, _("Markera ärenden i listan först. Tangenten x markerar."))
        return back(request)
    form: Own = ManySnoozeForm(request.POST) if key == "at-sidan" else ManyForm(request.POST)
    if key in {"inget-svar", "at-sidan"} and not form.is_valid():
        feedback.failed(request, " ".join(str(words) for errors in form.errors.values() for words in errors))
        return back(request)
    given = form.cleaned_data if form.is_valid() else {}
    to = number_of(request.POST.get("to", ""))
    asked = Asked(
        by=who,
        now=now,
        to=Person.objects.filter(pk=to, is_active=True).first() if to is not None else None,
        reason=given.get("words") or given.get("waits") or "",
        until=given.get("until"),
    )
    outcome = bulk.carry_out(key, pks, asked, queries.reach(who, at=now))
    tell(request, outcome, bulk.said(key, len(outcome.done), asked.to))
    request.session.pop(bulk.UNDO, None)
    if outcome.done and bulk.DEEDS[key].undoable:
        after = {"ta": who.pk, "lamna-over": asked.to.pk if asked.to else None}.get(key)
        request.session[bulk.UNDO] = {
            "deed": key,
            "after": after,
            "cases": {str(pk): had for pk, had in outcome.done.items()},
        }
    return back(request)


@may(*STAFF)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take the last deed back."""
    who, now = person(request), timezone.now()
    kept = request.session.pop(bulk.UNDO, None)
    if kept is None:
        feedback.failed(request, _("Det finns inget att ångra."))
        return back(request)
    outcome = bulk.undo(kept, Asked(by=who, now=now), queries.reach(who, at=now))
    number = len(outcome.done)
    said = ngettext("%(n)s ärende är som förut.", "%(n)s ärenden är som förut.", number) % {"n": number}
    tell(request, outcome, said)
    return back(request)


def tell(request: HttpRequest, outcome: Outcome, words: str) -> None:
    """Say what was done, and of each case that was refused, why."""
    if outcome.done:
        feedback.done(request, words)
    for case, why in outcome.refused[:TOLD]:
        name = {"number": case.pk, "who": plain(case.last_item.actor), "why": why}
        feedback.failed(request, _("Ärende %(number)s från %(who)s: %(why)s") % name)
    more = len(outcome.refused) - TOLD
    if more > 0:
        feedback.failed(
            request,
            ngettext("%(n)s ärende till gick inte heller.", "%(n)s ärenden till gick inte heller.", more) % {"n": more},
        )
    if outcome.unknown:
        feedback.failed(
            request,
            ngettext(
                "%(n)s ärende finns inte längre i din inkorg.",
                "%(n)s ärenden finns inte längre i din inkorg.",
                outcome.unknown,
            )
            % {"n": outcome.unknown},
        )
