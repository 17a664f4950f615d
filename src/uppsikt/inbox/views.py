"""The inbox: its list, a case, and what keeps both up to date."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from uppsikt.inbox import actions, listing, pages, queries
from uppsikt.inbox.forms import Own
from uppsikt.inbox.models import Case
from uppsikt.inbox.queries import Reach
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import READERS, STAFF
from uppsikt.records import actions as records
from uppsikt.ui import live
from uppsikt.ui.access import may

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
    reached = queries.reach(who, at=now)
    context = listing.context(request, who, reached, now=now)
    context["current"] = listing.number_of(request.GET.get("arende", ""))
    context["live_url"] = live_url(request, listing.number_of(request.GET.get("arende", "")))
    if live.wants_region(request):
        return live.region(request, "inbox/parts/region.html", context)
    return render(request, "inbox/list.html", {**context, **listing.filters(reached)})


def live_url(request: HttpRequest, current: int | None) -> str:
    """Where the list asks for itself; `current` is the case that stands beside it."""
    wish = listing.chosen(request.GET)
    return reverse("inbox:list") + wish.at_place(arende=current)


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
    who, now = person(request), timezone.now()
    use = listing.number_of(request.GET.get("anvand", "")) or used_in(bound)
    sought = (request.POST if bound is not None else request.GET).get("sok", "").replace("\0", "")[:100]
    query = listing.chosen(request.GET).here
    context = {
        **listing.context(request, who, reached, now=now),
        **listing.filters(reached),
        **pages.case_context(row, who, reached, bound=bound, use=use, sought=sought, query=query, now=now),
        "current": row.pk,
    }
    if queries.knows(who):
        records.know(context["conversation"].items, by=who.doer, now=now)
    context["live_url"] = live_url(request, row.pk)
    context["now_url"] = f"{reverse('inbox:now', args=[row.pk])}?sedan={context['newest_step']}"
    return render(request, "inbox/case.html", context, status=status)


def used_in(bound: Own | None) -> int | None:
    """The expert's answer that a sent form had taken up."""
    return listing.number_of(str(bound.data.get("forward", ""))) if bound is not None else None


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
    since = listing.number_of(request.GET.get("sedan", ""))
    context = {
        "case": row,
        "stands": pages.now_of(row, person(request), reached, since=since, now=timezone.now()),
        "now_url": f"{reverse('inbox:now', args=[row.pk])}?sedan={since or 0}",
    }
    return live.region(request, "inbox/parts/now.html", context)
