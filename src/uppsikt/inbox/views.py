"""The inbox: its list, a case, and what keeps both up to date."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from uppsikt.inbox import actions, bulk, desk_page, desks, handing, listing, pages, queries, wishes
from uppsikt.inbox.desk_models import Desk
from uppsikt.inbox.forms import Own
from uppsikt.inbox.models import Case
from uppsikt.inbox.queries import Reach
from uppsikt.inbox.wishes import Chosen
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import READERS, STAFF
from uppsikt.records import actions as records
from uppsikt.ui import feedback, live
from uppsikt.ui.access import may
from uppsikt.ui.paging import number_of

CONFLICT = 409


def case_or_404(request: HttpRequest, pk: int) -> tuple[Case, Reach]:
    """The case, for somebody who may see it; others are told that there is none."""
    try:
        return queries.case_for(person(request), pk, at=timezone.now())
    except Case.DoesNotExist as error:
        raise Http404(_("Ärendet finns inte, eller så saknar du uppdrag i kanalen.")) from error


@may(*READERS)
@require_GET
def list_cases(request: HttpRequest) -> HttpResponse:
    """The list; when a live region asks, the list alone."""
    who, now = person(request), timezone.now()
    reached, desk = queries.reach(who, at=now), desks.of(who)
    context = listing.context(request, who, reached, desk=desk, now=now)
    current = number_of(request.GET.get("arende", ""))
    context["current"] = current
    context["live_url"] = live_url(context["wish"], current)
    if live.wants_region(request):
        return live.region(request, "inbox/parts/region.html", context)
    return render(request, "inbox/list.html", {**context, **around_list(request, context, reached, desk)})


def around_list(request: HttpRequest, context: dict[str, Any], reached: Reach, desk: Desk) -> dict[str, object]:
    """What stands around the list: filters, what can be done with several, what can be undone."""
    who, now = person(request), timezone.now()
    return {
        **listing.filters(reached, context["wish"], desk),
        **bulk.context(request, who, reached, now=now),
        "undo": desk_page.can_be_taken_back(who, now=now),
        "query": context["wish"].here,
        "in_queue": bool(who.roles & handing.QUEUE),
    }


def live_url(wish: Chosen, current: int | None) -> str:
    """Where the list asks for itself; `current` is the case that stands beside it."""
    return reverse("inbox:list") + wish.at_place(arende=current)


@may(*READERS)
@require_POST
def choose_filters(request: HttpRequest) -> HttpResponse:
    """Set the filters, which stay until others are set; or clear them, keep them by name, let a name go."""
    who, asked = person(request), request.POST
    tab = asked.get("flik", "")
    wish = wishes.Chosen(tab=tab if tab in wishes.BY_KEY else wishes.TODO)
    if "rensa" not in asked:
        wish = replace(wish, **wishes.read_filters(asked))
    if "glom" in asked:
        desks.forget(who, asked["glom"])
    elif asked.get("namn", "").strip():
        try:
            desks.keep(who, asked["namn"], wish.query())
        except Refused as refused:
            feedback.failed(request, refused.words)
        else:
            feedback.done(request, _("Urvalet är sparat. Du hittar det här och med Ctrl K."))
    desks.filter_by(who, wish.filters)
    return redirect(reverse("inbox:list") + wish.query())


@may(*READERS)
@require_GET
def case(request: HttpRequest, pk: int) -> HttpResponse:
    """A case, with the list beside it. Whoever opens it has seen what was received (1998:112)."""
    row, reached = case_or_404(request, pk)
    return render_case(request, row, reached)


def render_case(
    request: HttpRequest, row: Case, reached: Reach, *, bound: Own | None = None, status: int = 200
) -> HttpResponse:
    """The page of a case; `bound` is a form that could not be carried out, shown again with all that was written."""
    who, now, desk = person(request), timezone.now(), desks.of(person(request))
    listed = listing.context(request, who, reached, desk=desk, now=now)
    wish: Chosen = listed["wish"]
    use = number_of(request.GET.get("anvand", "")) or used_in(bound)
    sought = (request.POST if bound is not None else request.GET).get("sok", "").replace("\0", "")[:100]
    query = wish.here
    context = {
        **listed,
        **around_list(request, listed, reached, desk),
        **pages.case_context(row, who, reached, bound=bound, use=use, sought=sought, query=query, now=now),
        "current": row.pk,
    }
    context |= desk_page.context(request, row, context, reached=reached, desk=desk, bound=bound, now=now)
    if queries.knows(who):
        records.know(context["conversation"].items, by=who.doer, now=now)
    context["live_url"] = live_url(wish, row.pk)
    context["now_url"] = f"{reverse('inbox:now', args=[row.pk])}?sedan={context['newest_step']}"
    return render(request, "inbox/case.html", context, status=status)


def used_in(bound: Own | None) -> int | None:
    """The expert's answer that a sent form had taken up."""
    return number_of(str(bound.data.get("forward", ""))) if bound is not None else None


@may(*READERS)
@require_GET
def now(request: HttpRequest, pk: int) -> HttpResponse:
    """How the case stands at this moment, for the live region in the answer form."""
    row, reached = case_or_404(request, pk)
    return region_of_now(request, row, reached)


@may(*STAFF)
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has begun to write: colleagues see it. Answers with how the case stands, also where it is refused."""
    row, reached = case_or_404(request, pk)
    try:
        row = actions.claim(row, person(request), now=timezone.now())
    except Refused:
        row, reached = case_or_404(request, pk)
    else:
        row, reached = case_or_404(request, row.pk)
    return region_of_now(request, row, reached)


def region_of_now(request: HttpRequest, row: Case, reached: Reach) -> HttpResponse:
    """The region, as it should stand for this reader."""
    since = number_of(request.GET.get("sedan", ""))
    context = {
        "case": row,
        "stands": pages.now_of(row, person(request), reached, since=since, now=timezone.now()),
        "now_url": f"{reverse('inbox:now', args=[row.pk])}?sedan={since or 0}",
    }
    return live.region(request, "inbox/parts/now.html", context)
