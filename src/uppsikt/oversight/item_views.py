"""One item of a round beside the list: its whole text, its conversation, why it stands there, what can be done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from uppsikt.inbox import queries as inbox
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF
from uppsikt.oversight import signing, sweep_page, sweep_views
from uppsikt.oversight.models import Sweep
from uppsikt.records import queries as records
from uppsikt.records import reading
from uppsikt.triage import actions as triage
from uppsikt.triage import queries as triage_queries
from uppsikt.triage.actions import may_judge
from uppsikt.ui import feedback, live
from uppsikt.ui.access import may


@may(*STAFF)
@require_GET
def item(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """The item beside the list; when the page asks for it, the panel alone and its row as it stands now."""
    row, who = sweep_views.own_sweep(request, pk)
    signing.gather(row, by=who, now=timezone.now())
    return answer(request, row, who, item_pk)


def answer(request: HttpRequest, row: Sweep, who: Person, item_pk: int) -> HttpResponse:
    """The panel with the item's row, or the whole page."""
    shown = sweep_views.item_or_404(row, who, item_pk)
    context = {"sweep": row, "row": shown, **beside(shown, who)}
    if live.wants_region(request):
        return render(request, "oversight/parts/panel_and_row.html", {**context, "each": shown})
    now = timezone.now()
    reader, reached = reading.reader(who, now=now), inbox.reach(who, at=now)
    return sweep_views.page(request, row, part=sweep_page.part(row, reader, reached), **context)


def beside(shown: sweep_page.Row, who: Person) -> dict[str, Any]:
    """What the panel shows of the item beside its text."""
    now, item = timezone.now(), shown.item
    reader = reading.reader(who, now=now)
    return {
        "post": records.post_over(item.thread, reader),
        "may_judge": may_judge(who, item.channel, now=now),
        "may_remove": bool({"hide", "remove"} & set(item.can)) and item.state not in {"gone"},
        "files": records.attachments(item),
        "triage_grounds": triage_queries.ground_names(),
    }


@may(*STAFF)
@require_POST
def fine(request: HttpRequest, pk: int, item_pk: int) -> HttpResponse:
    """There is nothing wrong with it: what was pointed to does not hold."""
    row, who = sweep_views.own_sweep(request, pk)
    shown, now = sweep_views.item_or_404(row, who, item_pk), timezone.now()
    grounds = {reason.ground for reason in shown.seen.reasons if reason.ground} or {""}
    try:
        for ground in sorted(grounds):
            # "" is nothing to remark, and that is agreed to.
            triage.judge(shown.item, ground=ground, agreed=not ground, by=who, now=now)
    except Refused as refused:
        feedback.failed(request, refused.words)
    signing.gather(row, by=who, now=now)
    if live.wants_region(request):
        return answer(request, row, who, item_pk)
    return redirect("oversight:item", pk, item_pk)
