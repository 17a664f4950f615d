"""Pages that show several rooms at once: what is due today, a channel, a record."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from uppsikt.channels import pages
from uppsikt.channels import queries as channels
from uppsikt.channels.models import Channel
from uppsikt.inbox import queries as inbox
from uppsikt.kernel import trail
from uppsikt.kernel.models import Step
from uppsikt.organisation import current, factors, locks, words
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import READERS, Role
from uppsikt.records import actions as record_actions
from uppsikt.records import queries as records
from uppsikt.records import reading
from uppsikt.records.rows import lines
from uppsikt.ui import live, trails
from uppsikt.ui.access import may, signed_in
from uppsikt.ui.paging import number_of
from uppsikt.web import palette, record_page
from uppsikt.web import today as duties

RECENT = 8
RECENT_STEPS = 30


@signed_in
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """What is due today for the one who asks, in order, and why (D71)."""
    context = duties.context(current.person(request), now=timezone.now())
    if live.wants_region(request):
        return live.region(request, "web/parts/today_region.html", context)
    return render(request, "web/today.html", context)


@signed_in
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """What the palette finds for what is written in it (`?q=`), as the options of its list."""
    found = palette.find(request, request.GET.get("q", ""), now=timezone.now())
    return render(request, "web/parts/palette.html", {"found": found})


@signed_in
@require_GET
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """One channel: its connection, who may do what, what was said there of late, what has happened to it (D5, D21)."""
    row = get_object_or_404(Channel.objects.select_related("unit__department", "responsible__unit"), pk=pk)
    person = current.person(request)
    context = pages.context(row, person, now=timezone.now())
    if live.wants_region(request):
        return live.region(request, "channels/parts/live.html", context)
    reads = bool(set(READERS) & person.roles)
    reader = reading.reader(person, now=timezone.now())
    newest = records.beginnings(records.newest(reader).filter(channel=row))[:RECENT] if reads else []
    return render(
        request,
        "web/channel.html",
        {**context, "reads": reads, "rows": lines(newest, now=timezone.now(), one_channel=True)},
    )


@may(*READERS)
@require_GET
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """One record, with every wording that it had. That it was seen is noted: removal is owed from then on."""
    person, now = current.person(request), timezone.now()
    reader = reading.reader(person, now=now)
    row = get_object_or_404(records.one(pk, reader).select_related("channel__unit", "actor", "thread"))
    if inbox.knows(person):
        record_actions.know([row], by=person.doer, now=now)
        row.refresh_from_db(fields=["known_at"])
    before = number_of(request.GET.get("fore", ""))
    return render(request, "web/record.html", record_page.context(row, person, reader, now=now, before=before))


@signed_in
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: how they are reached, their roles and mandates (D21), and what has happened to those."""
    who = get_object_or_404(Person.objects.select_related("unit__department"), pk=pk)
    asking, now = current.person(request), timezone.now()
    held = channels.mandates_of(who, at=now)
    context = {
        "who": who,
        "grants": organisation.role_grants(who, at=now),
        "mandates": [(row, pages.acts_words(row.acts), pages.last_day(row)) for row in held],
        "lines": trails.lines(trail.steps_of(who).order_by("-id")[:RECENT_STEPS], words.STEPS, role_of),
        "changes": Role.ADMINISTRATOR in asking.roles,
        "notes_elected": bool({Role.ADMINISTRATOR, Role.COMMUNICATIONS} & asking.roles),
        "held": factors.factors(who),
        "locked_until": locks.locked_until(who.email, now=now),
        "ends_all": channels.gives_mandates(asking, None),
    }
    return render(request, "web/person.html", context)


def role_of(step: Step) -> str:
    """Which role a step was about."""
    return words.role(str(step.facts.get("role", "")))
