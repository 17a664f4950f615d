"""Making a round: choose channels, see what is new, sign (D25). Nothing is decided here about what is seen."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from uppsikt.channels.models import Channel
from uppsikt.inbox import queries as inbox
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import READERS, STAFF
from uppsikt.oversight import actions, queries, signing, sweep_page, tabs
from uppsikt.oversight.models import Sweep
from uppsikt.oversight.words import NAMED, listed
from uppsikt.records import reading
from uppsikt.ui import feedback, live
from uppsikt.ui.access import may
from uppsikt.ui.paging import number_of

# A browser tells of what is on the screen in handfuls.
MOST_SHOWN = 500
# Where on the page it stands what is lacking.
WHERE = {"not_shown": "?kvar=1", "not_looked": "?konton=1#utanfor"}


def keys_of(texts: list[str], most: int) -> list[int]:
    """Keys from a form; what is no key is left out."""
    return [key for text in texts[:most] if (key := number_of(text)) is not None]


def own_sweep(request: HttpRequest, pk: int) -> tuple[Sweep, Person]:
    """The person's own sweep; nobody looks through another's eyes."""
    who = person(request)
    return get_object_or_404(Sweep, pk=pk, by=who), who


@may(*READERS)
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The channels that the person looks after: what is new on each, when it was last looked at, what is due."""
    who, now = person(request), timezone.now()
    going = queries.open_sweep_of(who)
    if going is not None and now - going.opened_at > actions.LONGEST_OPEN:
        going = None
    context = {
        "tabs": tabs.of(who, "start"),
        "standings": queries.standings(queries.looked_after(who, at=now), now=now),
        "going": going,
        "going_channels": listed([each.channel.name for each in queries.rounds_of(going)]) if going else "",
        "now": now,
        "may_sweep": bool(set(STAFF) & who.roles),
    }
    return render(request, "oversight/start.html", context)


@may(*STAFF)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Open a sweep over the channels that were chosen, or over the one whose own button was pressed."""
    keys = request.POST.getlist("bara") or request.POST.getlist("kanal")
    chosen = Channel.objects.filter(pk__in=keys_of(keys, 1000))
    try:
        sweep = actions.open_sweep(chosen, by=person(request), now=timezone.now())
    except Refused as refused:
        feedback.failed(request, refused.words)
        return redirect("oversight:start")
    return redirect("oversight:sweep", sweep.pk)


@may(*STAFF)
@require_GET
def sweep(request: HttpRequest, pk: int) -> HttpResponse:
    """What is new; when the list asks for more, the next part alone."""
    row, who = own_sweep(request, pk)
    now = timezone.now()
    after = sweep_page.read_place(request.GET.get("efter", ""))
    left = request.GET.get("kvar") == "1"
    reader, reached = reading.reader(who, now=now), inbox.reach(who, at=now)
    part = sweep_page.part(row, reader, reached, after=after, left=left)
    if live.wants_region(request):
        return render(request, "oversight/parts/rows.html", {"sweep": row, "part": part, "left_only": left})
    return page(request, row, part=part, left_only=left)


def page(request: HttpRequest, row: Sweep, /, **more: Any) -> HttpResponse:
    """The page of a sweep, of one that is signed its rounds."""
    rounds = queries.rounds_of(row)
    reader = reading.reader(person(request), now=timezone.now())
    everything = queries.news_of(row, reader)
    context = {
        "sweep": row,
        "rounds": rounds,
        "open": any(each.state == "open" for each in rounds),
        "all_count": everything.count(),
        "shown_count": len(queries.shown_in(row)),
        "left": queries.left_in(row),
        "outside": [each for each in rounds if each.outside],
        "unlooked": sum(each.outside and each.looked_at is None for each in rounds),
        # Of accounts that are only looked at on their network nothing is new here, and nothing is not new.
        "reads": not all(each.outside for each in rounds),
        "accounts_open": request.GET.get("konton") == "1",
        "named": f":{NAMED}",
        "unnamed": len(rounds) - NAMED,
        "whole_page": True,
        **more,
    }
    return render(request, "oversight/sweep.html", context)


@may(*STAFF)
@require_POST
def shown(request: HttpRequest, pk: int) -> HttpResponse:
    """These have been on the screen. Answers how many have not; a page without scripts goes on to the next part."""
    row, who = own_sweep(request, pk)
    actions.show(row, keys_of(request.POST.getlist("handling"), MOST_SHOWN), by=who, now=timezone.now())
    if "vidare" in request.POST:
        place = sweep_page.read_place(request.POST["vidare"])
        query = f"?efter={request.POST['vidare']}" if place else "?kvar=1"
        return redirect(reverse("oversight:sweep", args=[pk]) + query)
    return JsonResponse({"left": queries.left_in(row), "shown": len(queries.shown_in(row))})


@may(*STAFF)
@require_POST
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the rounds of the sweep, with what was noted for each channel."""
    row, who = own_sweep(request, pk)
    rounds = queries.rounds_of(row)
    notes = {each.channel_id: request.POST.get(f"anteckning-{each.channel_id}", "").strip() for each in rounds}
    marked = keys_of(request.POST.getlist("arende"), MOST_SHOWN)
    try:
        signed = signing.sign(row, notes=notes, marked=marked, by=who, now=timezone.now())
    except Refused as refused:
        feedback.failed(request, refused.words)
        return redirect(reverse("oversight:sweep", args=[pk]) + WHERE.get(refused.code, ""))
    words = ngettext("Rundan är signerad.", "Rundorna i %(n)s kanaler är signerade.", len(signed)) % {"n": len(signed)}
    if all(each.result == "nothing" for each in signed):
        words = f"{words} {_('Inget att anmärka.')}"
    feedback.done(request, words)
    if left := [each.channel.name for each in queries.rounds_of(row) if each.state == "left"]:
        # Closed while the round was open, or begun anew in another one.
        feedback.told(request, _("Inte signerade: %(channels)s.") % {"channels": listed(left)})
    return redirect("oversight:start")


@may(*STAFF)
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the sweep unsigned."""
    row, who = own_sweep(request, pk)
    actions.leave(row, by=who, now=timezone.now())
    feedback.told(request, _("Rundan är avbruten. Det du såg är nytt igen i nästa runda."))
    return redirect("oversight:start")


def item_or_404(row: Sweep, who: Person, pk: int) -> sweep_page.Row:
    """One of the sweep's items as a row, for somebody who may read it."""
    now = timezone.now()
    reader = reading.reader(who, now=now)
    item = queries.news_of(row, reader).filter(pk=pk).select_related("channel__unit", "actor", "version", "thread")
    found = list(item)
    if not found:
        raise Http404(_("Handlingen finns inte i rundan."))
    return sweep_page.described(row, found, reader, inbox.reach(who, at=now))[0]
