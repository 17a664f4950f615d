"""What is done with a case's way on its page: laid aside, merged, split, handed to a unit, answered by hand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.inbox import answers, experts, flow_page, handing, joining, queries
from uppsikt.inbox.answers import Author
from uppsikt.inbox.deeds import carry_out, deed, do
from uppsikt.inbox.flow_forms import ExplainForm, MergeForm, SnoozeForm, SplitForm, ToUnitForm
from uppsikt.inbox.forms import AnswerForm, Own
from uppsikt.inbox.listing import number_of
from uppsikt.inbox.models import Case, Forward
from uppsikt.inbox.views import case_or_404, render_case
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF
from uppsikt.ui import feedback
from uppsikt.ui.access import may


def other_case(pk: int, who: Person, code: str = "no_case") -> Case:
    """Another case that the person may answer. Raises Refused where there is none."""
    reached = queries.reach(who, at=timezone.now())
    row = queries.cases(reached, reached.answers).filter(pk=pk).first()
    if row is None:
        raise Refused(code, _("Det finns inget ärende med det numret som du kan svara på."))
    return row


@may(*STAFF)
@deed
def snooze(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Lay the case aside until a time; its deadline stands (D35)."""

    def act(case: Case, form: Own) -> str:
        given = form.cleaned_data
        handing.snooze(case, until=given["until"], reason=given["reason"], by=person(request), now=timezone.now())
        return _("Ärendet är lagt åt sidan. Det kommer tillbaka av sig självt, och genast om någon skriver igen.")

    return carry_out(request, pk, lambda _case: SnoozeForm(request.POST), act)


@may(*STAFF)
@deed
def wake(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take the case up again."""

    def act(case: Case) -> str:
        handing.wake(case, by=person(request), now=timezone.now())
        return _("Ärendet är tillbaka i inkorgen.")

    return do(request, pk, act)


@may(*STAFF)
@deed
def merge(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer another case together with this one."""

    def act(case: Case, form: Own) -> str:
        who = person(request)
        other = other_case(form.cleaned_data["other"], who)
        joining.merge(other, case, by=who, now=timezone.now())
        return _("Ärende %(number)s besvaras nu här, tillsammans med det här.") % {"number": other.pk}

    return carry_out(request, pk, lambda _case: MergeForm(request.POST), act)


@may(*STAFF)
@deed
def part(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Undo a merge: the case stands by itself again."""

    def act(case: Case) -> str:
        joining.part(case, by=person(request), now=timezone.now())
        return _("Ärendet står för sig självt igen, med sin egen svarstid.")

    return do(request, pk, act)


@may(*STAFF)
@deed
def split(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make a case of its own of part of the conversation."""
    who, now = person(request), timezone.now()

    def make(case: Case) -> Own:
        return SplitForm(request.POST, choices=flow_page.pieces(case), units=flow_page.units_for(case, now=now))

    def act(case: Case, form: Own) -> str:
        given = form.cleaned_data
        made = joining.split(case, set(given["items"]), by=who, now=now, reason=given["reason"], unit=given["unit"])
        return _("Ett eget ärende är gjort: ärende %(number)s.") % {"number": made.pk}

    return carry_out(request, pk, make, act)


@may(*STAFF)
@deed
def to_unit(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand the case to another unit (D2)."""
    who, now = person(request), timezone.now()

    def make(case: Case) -> Own:
        return ToUnitForm(request.POST, units=flow_page.units_for(case, now=now))

    def act(case: Case, form: Own) -> str:
        given = form.cleaned_data
        handing.to_unit(case, given["unit"], by=who, now=now, reason=given["reason"])
        return _("%(unit)s har fått ärendet.") % {"unit": given["unit"].name}

    return carry_out(request, pk, make, act)


@may(*STAFF)
@deed
def by_hand(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer where the network takes no answer from here: show the signed text to copy, then keep that it is out."""
    who, used = person(request), number_of(request.POST.get("forward", ""))
    if "published" not in request.POST:
        case, reached = case_or_404(request, pk)
        form = AnswerForm(request.POST)
        return render_case(request, case, reached, bound=form, status=200 if form.is_valid() else 422)

    def act(case: Case, form: Own) -> str:
        expert = get_object_or_404(Forward, pk=used, case=case, state="answered") if used else None
        answers.by_hand(
            case,
            form.cleaned_data["text"],
            author=Author.of_forward(expert) if expert else Author.of(who),
            publisher=who,
            now=timezone.now(),
            seen=form.cleaned_data["seen"],
            address=form.cleaned_data["address"],
        )
        return _("Svaret är bokfört, och ärendet är avslutat.")

    return carry_out(request, pk, lambda _case: AnswerForm(request.POST), act, draft="answer", goes_on=True)


@may(*STAFF)
@deed
def explain(request: HttpRequest, pk: int, forward_pk: int) -> HttpResponseBase:
    """Answer what the expert asked back."""

    def act(case: Case, form: Own) -> str:
        row = get_object_or_404(Forward.objects.select_related("case__channel", "sent_by"), pk=forward_pk, case=case)
        experts.explain(row, text=form.cleaned_data["text"], by=person(request), now=timezone.now())
        return _("%(name)s har fått ditt svar.") % {"name": row}

    return carry_out(request, pk, lambda _case: ExplainForm(request.POST), act)


@may(*handing.QUEUE)
def next_case(request: HttpRequest) -> HttpResponse:
    """The case in the central channels' queue that is due first, claimed for whoever asks (D2)."""
    if request.method != "POST":
        return redirect("inbox:list")
    row = handing.hand_out(person(request), now=timezone.now())
    if row is None:
        feedback.told(request, _("Kön är tom. Allt i de centrala kanalerna är taget."))
        return redirect("inbox:list")
    return redirect(reverse("inbox:case", args=[row.pk]))
