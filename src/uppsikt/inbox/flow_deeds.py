"""What is done with a case's way on its page: laid aside, merged, split, handed to a unit, handed out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.inbox import experts, flow_page, handing, joining, queries
from uppsikt.inbox.doing import Asked, plain, posted, with_form
from uppsikt.inbox.flow_forms import ExplainForm, MergeForm, SnoozeForm, SplitForm, ToUnitForm
from uppsikt.inbox.models import Case, Forward
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.ui import feedback
from uppsikt.ui.access import may


def other_case(pk: int, asked: Asked) -> Case:
    """Another case that the person may answer. Raises Refused where there is none."""
    reached = queries.reach(asked.by, at=asked.now)
    row = queries.cases(reached, reached.answers).filter(pk=pk).first()
    if row is None:
        raise Refused("no_case", _("Det finns inget ärende med det numret som du kan svara på."))
    return row


@posted
@with_form(SnoozeForm)
def snooze(asked: Asked) -> str:
    """Lay the case aside until a time; its deadline stands (D35)."""
    given = asked.given
    handing.snooze(asked.case, until=given["until"], reason=given["reason"], by=asked.by, now=asked.now)
    return _("Ärendet är lagt åt sidan. Det kommer tillbaka av sig självt, och genast om någon skriver igen.")


@plain
def wake(asked: Asked) -> str:
    """Take the case up again."""
    handing.wake(asked.case, by=asked.by, now=asked.now)
    return _("Ärendet är tillbaka i inkorgen.")


@posted
@with_form(MergeForm)
def merge(asked: Asked) -> str:
    """Answer another case together with this one."""
    other = other_case(asked.given["other"], asked)
    joining.merge(other, asked.case, by=asked.by, now=asked.now)
    return _("Ärende %(number)s besvaras nu här, tillsammans med det här.") % {"number": other.pk}


@plain
def part(asked: Asked) -> str:
    """Undo a merge: the case stands by itself again."""
    joining.part(asked.case, by=asked.by, now=asked.now)
    return _("Ärendet står för sig självt igen, med sin egen svarstid.")


def split_form(asked: Asked) -> SplitForm:
    """What has been received in the case, and who may answer it."""
    units = flow_page.units_for(asked.case, now=asked.now)
    return SplitForm(asked.post, choices=flow_page.pieces(asked.case), units=units)


@posted
@with_form(split_form)
def split(asked: Asked) -> str:
    """Make a case of its own of part of the conversation."""
    given, items = asked.given, set(asked.given["items"])
    made = joining.split(asked.case, items, by=asked.by, now=asked.now, reason=given["reason"], unit=given["unit"])
    return _("Ett eget ärende är gjort: ärende %(number)s.") % {"number": made.pk}


def to_unit_form(asked: Asked) -> ToUnitForm:
    """The units where somebody may answer."""
    return ToUnitForm(asked.post, units=flow_page.units_for(asked.case, now=asked.now))


@posted
@with_form(to_unit_form)
def to_unit(asked: Asked) -> str:
    """Hand the case to another unit (D2)."""
    unit = asked.given["unit"]
    handing.to_unit(asked.case, unit, by=asked.by, now=asked.now, reason=asked.given["reason"])
    return _("%(unit)s har fått ärendet.") % {"unit": unit.name}


@posted
@with_form(ExplainForm)
def explain(asked: Asked, forward_pk: int) -> str:
    """Answer what the expert asked back."""
    rows = Forward.objects.select_related("case__channel", "sent_by")
    row = get_object_or_404(rows, pk=forward_pk, case=asked.case)
    experts.explain(row, text=asked.given["text"], by=asked.by, now=asked.now)
    return _("%(name)s har fått ditt svar.") % {"name": row}


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
