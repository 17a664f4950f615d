"""Pages of moderation: reviewing an item, deciding, a removal with its proof and trail, what is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from uppsikt.channels import sending
from uppsikt.connectors.base import Deed
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import actions, delegation, pages, queries
from uppsikt.moderation import vanishing as vanished
from uppsikt.moderation.forms import DecideForm, ReasonForm, ReviewForm, SettleForm, VanishedForm
from uppsikt.moderation.models import Removal, Vanishing
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import READERS, STAFF, Role
from uppsikt.records import actions as records
from uppsikt.records import queries as record_queries
from uppsikt.records import reading
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader
from uppsikt.ui import feedback, live
from uppsikt.ui.access import RuledView, may

# Those who propose and decide: staff by mandate, managers by their unit.
DECIDERS = (*STAFF, Role.MANAGER)
CONFLICT, INVALID = 409, 422


def reader_of(request: HttpRequest) -> Reader:
    """What the one who asks may read."""
    return reading.reader(person(request), now=timezone.now())


@may(*READERS)
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a decision or an answer, what is under way, and what has been done."""
    return render(request, "moderation/queue.html", pages.queue(request, person(request), reader_of(request)))


def item_or_404(request: HttpRequest, pk: int) -> Item:
    """An item that the one who asks may read."""
    rows = record_queries.one(pk, reader_of(request))
    return get_object_or_404(rows.select_related("channel__unit", "actor", "version", "thread"))


@may(*DECIDERS)
def review(request: HttpRequest, item_pk: int) -> HttpResponse:
    """Decide about an item: what is wrong with it, and what is to happen. A dialog on another page posts here too."""
    item = item_or_404(request, item_pk)
    who, now = person(request), timezone.now()
    records.know([item], by=who.doer, now=now)
    if request.method != "POST":
        return render(request, "moderation/review.html", pages.review(request, item, who, now=now))
    form = ReviewForm(request.POST, item)
    status = INVALID
    if form.is_valid():
        try:
            made = actions.remove(
                item,
                act=Deed(form.cleaned_data["act"]),
                ground=form.cleaned_data["ground"],
                reason=form.cleaned_data["reason"],
                obvious=form.cleaned_data["obvious"],
                decision=form.cleaned_data["decision"],
                urgent=pages.is_urgent(item),
                by=who,
                now=now,
            )
        except Refused as refused:
            form.add_error(pages.FIELD_OF.get(refused.code), refused.words)
            status = CONFLICT if refused.code in pages.OVERTAKEN else INVALID
        else:
            return carried(request, made, form.cleaned_data["next"])
    context = pages.review(request, item, who, now=now, bound=form)
    template = "moderation/parts/review.html" if live.wants_region(request) else "moderation/review.html"
    return render(request, template, context, status=status)


def carried(request: HttpRequest, made: Removal, back: str) -> HttpResponse:
    """Where one goes when it is proposed or decided: back to the list that one came from, else to the removal."""
    said = pages.said(made)
    if live.wants_region(request):
        answer = render(request, "moderation/parts/carried.html", {"removal": made, "said": said})
        answer["HX-Trigger"] = "uppsikt:removed"
        return answer
    feedback.done(request, said)
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return redirect(back)
    return redirect("moderation:removal", pk=made.pk)


@may(*DECIDERS)
@require_GET
def review_dialog(request: HttpRequest, item_pk: int) -> HttpResponse:
    """The same form alone, for a dialog on the page of a round or a case. `?next=` is where it goes back to."""
    item = item_or_404(request, item_pk)
    who, now = person(request), timezone.now()
    records.know([item], by=who.doer, now=now)
    return render(request, "moderation/parts/review.html", pages.review(request, item, who, now=now))


@may(*READERS)
@require_GET
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """One removal: why, by whom, on what it rests, its proof, and all that has happened to it."""
    row = removal_or_404(request, pk)
    context = pages.removal(row, person(request), reader_of(request), now=timezone.now())
    if live.wants_region(request):
        return live.region(request, "moderation/parts/state.html", context)
    return render(request, "moderation/removal.html", context)


def removal_or_404(request: HttpRequest, pk: int) -> Removal:
    """A removal of an item that the one who asks may read."""
    return get_object_or_404(queries.one(pk, reader_of(request)))


def deed(
    act: Callable[[Removal, Mapping[str, Any], Person, datetime], str],
    form: Callable[[QueryDict, Removal], forms.Form] | None = None,
) -> RuledView:
    """A view that does something to a removal and tells what `act` says; what cannot be done is told on its page."""

    @may(*DECIDERS)
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        row = removal_or_404(request, pk)
        bound = form(request.POST, row) if form else forms.Form(request.POST)
        if not bound.is_valid():
            feedback.failed(request, " ".join(str(error) for errors in bound.errors.values() for error in errors))
            return redirect("moderation:removal", pk=pk)
        try:
            feedback.done(request, act(row, bound.cleaned_data, person(request), timezone.now()))
        except Refused as refused:
            feedback.failed(request, refused.words)
        return redirect("moderation:removal", pk=pk)

    view.__doc__ = act.__doc__
    return view


def decided(row: Removal, told: Mapping[str, Any], by: Person, now: datetime) -> str:
    """Decide what somebody proposed."""
    return pages.said(actions.decide(row, decision=told["decision"], by=by, now=now))


def rejected(row: Removal, told: Mapping[str, Any], by: Person, now: datetime) -> str:
    """Decide that it stays."""
    actions.reject(row, reason=told["reason"], by=by, now=now)
    return _("Det får stå kvar. Den som föreslog det får veta varför.")


def withdrawn(row: Removal, told: Mapping[str, Any], by: Person, now: datetime) -> str:
    """Call it off before anything has happened on the network, or lay down what failed."""
    actions.withdraw(row, by=by, now=now)
    return _("Det är återtaget. Inget har hänt på nätet.")


def tried_again(row: Removal, told: Mapping[str, Any], by: Person, now: datetime) -> str:
    """Carry out once more what failed."""
    actions.again(row, by=by, now=now)
    return _("Det görs igen, med bevis först.")


def restored(row: Removal, told: Mapping[str, Any], by: Person, now: datetime) -> str:
    """Show it again."""
    actions.restore(row, reason=told["reason"], by=by, now=now)
    return _("Det läggs tillbaka på nätet. Sidan visar när det är gjort.")


def settled(row: Removal, told: Mapping[str, Any], by: Person, now: datetime) -> str:
    """Nobody can tell from here whether the network did it: a person looked, and says."""
    intent = row.restore_intent if row.state == "restoring" else row.intent
    if intent is None or not intent.needs_person:
        raise Refused("nothing_to_settle", _("Det finns inget att avgöra längre."))
    delegation.check_propose(by, row.item.channel, Deed(row.act), at=now)
    sending.settle(intent, is_there=told["is_there"] == "yes", by=by.doer, now=now)
    return _("Tack. Det är bokfört.")


decide = deed(decided, DecideForm)
reject = deed(rejected, lambda data, _row: ReasonForm(data, name="avsla"))
withdraw = deed(withdrawn)
again = deed(tried_again)
restore = deed(restored, lambda data, _row: ReasonForm(data, name="tillbaka"))
settle = deed(settled, lambda data, _row: SettleForm(data))


@may(*READERS)
@require_GET
def vanishing(request: HttpRequest, pk: int) -> HttpResponse:
    """What went away outside the product: who took it away, and on what ground where it was we."""
    row = vanishing_or_404(request, pk)
    return render_vanishing(request, row, VanishedForm(None, row.item), status=200)


def vanishing_or_404(request: HttpRequest, pk: int) -> Vanishing:
    """Something that vanished, of an item that the one who asks may read."""
    return get_object_or_404(queries.vanishings(reader_of(request)).select_related("version", "evidence"), pk=pk)


def render_vanishing(request: HttpRequest, row: Vanishing, form: VanishedForm, *, status: int) -> HttpResponse:
    """The page, with the question where it is still open."""
    context = pages.vanishing(row, person(request), reader_of(request), form, now=timezone.now())
    return render(request, "moderation/vanishing.html", context, status=status)


@may(*DECIDERS)
@require_POST
def answer_vanishing(request: HttpRequest, pk: int) -> HttpResponse:
    """Say who took it away."""
    row = vanishing_or_404(request, pk)
    form = VanishedForm(request.POST, row.item)
    if form.is_valid() and answered(request, row, form):
        return redirect("moderation:vanishing", pk=pk)
    return render_vanishing(request, row, form, status=INVALID)


def answered(request: HttpRequest, row: Vanishing, form: VanishedForm) -> bool:
    """Whether the answer was taken; why not is told in the form."""
    told = form.cleaned_data
    try:
        vanished.answer(
            row,
            who=form.taker,
            by=person(request),
            now=timezone.now(),
            note=told["note"],
            ground=told["ground"],
            reason=told["reason"],
            obvious=told["obvious"],
            decision=told["decision"],
        )
    except Refused as refused:
        form.add_error(pages.FIELD_OF.get(refused.code), refused.words)
        return False
    feedback.done(request, _("Tack. Det är bokfört."))
    return True
