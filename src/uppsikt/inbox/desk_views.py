"""What a case's page asks for while somebody works on it: keeping a draft, and earlier answers to like questions."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from uppsikt.inbox import drafts, likes
from uppsikt.inbox.views import CONFLICT, case_or_404
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import READERS, STAFF
from uppsikt.ui import times
from uppsikt.ui.access import may
from uppsikt.ui.paging import number_of

MISREAD = 400


@may(*STAFF)
@require_POST
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is being written. Answers with the version that stands, and 409 where another device wrote last."""
    case, reached = case_or_404(request, pk)
    place, version = request.POST.get("place", ""), number_of(request.POST.get("version", "0"))
    if not drafts.is_place(place) or version is None or case.channel_id not in reached.answers:
        return JsonResponse({}, status=MISREAD)
    now, text = timezone.now(), request.POST.get("text", "").replace("\0", "").replace("\r\n", "\n")
    try:
        kept = drafts.save(case_id=case.pk, person=person(request), place=place, text=text, version=version, now=now)
    except drafts.Newer as newer:
        there = newer.draft
        told = {
            "version": there.version if there else 0,
            "text": there.text if there else "",
            "at": times.when_words(there.saved_at, now) if there else "",
        }
        return JsonResponse(told, status=CONFLICT)
    return JsonResponse({"version": kept.version if kept else 0, "at": times.when_words(now, now)})


@may(*READERS)
@require_GET
def likes_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Earlier answers to like questions, for the case's page to show beneath the answer."""
    case, reached = case_or_404(request, pk)
    found = likes.find(case, reached.records)
    context = {"case": case, "likes": found, "may": case.channel_id in reached.answers and case.is_open}
    return render(request, "inbox/parts/likes.html", context)
