"""The pages of triage: how it does, what is urgent and left to see, and saying whether a reason holds."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from uppsikt.channels.models import Channel
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import READERS, STAFF
from uppsikt.records import queries as records
from uppsikt.records import reading
from uppsikt.triage import actions, figures, queries
from uppsikt.triage.forms import JudgeForm
from uppsikt.ui import feedback, paging
from uppsikt.ui.access import may, signed_in

SIZE = 25


@signed_in
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """How triage orders, and how well it does."""
    may_see = bool(set(READERS) & person(request).roles)
    return render(request, "triage/page.html", {**figures.context(), "may_see": may_see})


@may(*READERS)
@require_GET
def first(request: HttpRequest) -> HttpResponse:
    """What is urgent and that nobody has judged: in order of time, never by what was found (2018:218 3 kap. 3 §)."""
    reader = reading.reader(person(request), now=timezone.now())
    rows = queries.left_to_see(reader)
    asked = paging.number_of(request.GET.get("kanal", ""))
    channel = Channel.objects.filter(pk=asked).first() if asked is not None else None
    if channel is not None:
        rows = rows.filter(channel=channel)
    shown = paging.page(request, records.beginnings(rows).order_by(), by="at", size=SIZE)
    seen = queries.seen(shown.rows, reader, brief=True)
    lines = [(item, seen.get(item.pk)) for item in shown.rows]
    return render(request, "triage/first.html", {"page": shown, "lines": lines, "channel": channel})


@may(*STAFF)
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether a ground holds for an item; one that has ended since the page was opened is refused in words."""
    who, now = person(request), timezone.now()
    item = get_object_or_404(records.one(pk, reading.reader(who, now=now)).select_related("channel"))
    form = JudgeForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    actions.judge(item, ground=form.cleaned_data["ground"], agreed=form.cleaned_data["agreed"], by=who, now=now)
    feedback.done(request, _("Bedömningen är sparad. Den hjälper till att ordna det som kommer sedan."))
    back: str = form.cleaned_data["next"]
    here = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back) if here else redirect("web:record", pk=pk)
