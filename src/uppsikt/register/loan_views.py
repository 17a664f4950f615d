"""Loans: all of them, a new one, and the page of one with what the reader may do (D31)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.channels import pages as channel_pages
from uppsikt.channels import queries as channels
from uppsikt.channels import words as channel_words
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import current
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF, Role
from uppsikt.policy import guideline
from uppsikt.policy import queries as policy
from uppsikt.register import loan_words, loans, tabs
from uppsikt.register.loan_models import Loan
from uppsikt.register.loan_states import OPEN
from uppsikt.ui import feedback, paging, times, trails
from uppsikt.ui.access import may, signed_in

INVALID = 422
MOST_PEOPLE = 20
BETWEEN = re.compile(r"[\n;]")
EMAIL = re.compile(r'[^\s<>,"@]++@[^\s<>,"@]++')


class PeopleField(forms.CharField):
    """People by their addresses, one on each line. Cleans to the people; ValidationError names who is unknown."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=4000, widget=forms.Textarea(attrs={"spellcheck": "false"}), **more)

    def clean(self, value: Any) -> Any:
        """The people, in the order in which they were written."""
        lines = [line.strip() for line in BETWEEN.split(super().clean(value)) if line.strip(" ,")]
        # A letter's list of receivers too: "Ek, Anna <anna.ek@kommunen.se>". What holds no address is told as it is.
        asked = [email for line in lines for email in EMAIL.findall(line) or [line]]
        found = [(email, organisation.by_email(email)) for email in asked[: MOST_PEOPLE + 1]]
        if len(asked) > MOST_PEOPLE:
            raise forms.ValidationError(_("Skriv högst %(number)s personer.") % {"number": MOST_PEOPLE})
        if unknown := [email for email, one in found if one is None]:
            raise forms.ValidationError(_("Ingen har adressen %(email)s.") % {"email": ", ".join(unknown)})
        return [one for _email, one in found]


class LoanForm(forms.Form):
    """Who is to run the account, for what, and when."""

    people = PeopleField(
        label=lazy("Vem eller vilka som ska sköta kontot"), help_text=lazy("En e-postadress på varje rad.")
    )
    purpose = forms.CharField(
        label=lazy("Vad kontot lånas ut till"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=lazy("Till exempel att ungdomsrådet sköter kontot en vecka och berättar om lovet."),
    )
    acts = forms.MultipleChoiceField(
        label=lazy("Lånet ger rätt att"),
        choices=[(act.value, channel_words.ACTS[act.value]) for act in Act],
        initial=[Act.ANSWER.value, Act.PUBLISH.value],
        widget=forms.CheckboxSelectMultiple,
    )
    since = forms.DateField(
        label=lazy("Från och med"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    until = forms.DateField(
        label=lazy("Till och med"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class WordsForm(forms.Form):
    """What somebody says when they do something about a loan. `also_without` says when it need not be said."""

    words = forms.CharField(max_length=4000, widget=forms.Textarea)

    def __init__(self, *, label: Any, written: str, also_without: str = "") -> None:
        super().__init__(initial={"words": written})
        field = self.fields["words"]
        field.label, field.help_text, field.required = label, also_without, not also_without
        field.asked_sometimes = bool(also_without)  # type: ignore[attr-defined]  # read by ui/parts/field.html


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """All loans, those asked for last first."""
    rows = Loan.objects.select_related("channel", "asked_by")
    page = paging.page(request, rows, by="asked_at")
    context = {
        "tabs": tabs.of(request, "loans"),
        "page": page,
        "rows": [(row, loan_words.tag(row), last_day(row)) for row in page.rows],
    }
    return render(request, "register/loans.html", context)


def last_day(loan: Loan) -> Any:
    """The last day on which the loan holds."""
    return loan.until - timedelta(seconds=1)


@may(Role.MANAGER)
@require_http_methods(["GET", "POST"])
def lend(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask to lend an account out."""
    channel = get_object_or_404(Channel.objects.select_related("unit"), pk=pk)
    person, today = current.person(request), timezone.localdate()
    loans.check_manager(person, channel)
    form = LoanForm(request.POST or None, initial={"since": today, "until": today + timedelta(days=7)})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            loan = loans.ask(
                channel=channel,
                people=data["people"],
                acts=[Act(act) for act in data["acts"]],
                since=times.day_begins(data["since"]),
                until=times.day_ends(data["until"]) or times.day_begins(data["until"]),
                purpose=data["purpose"],
                by=person,
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("Kommunikationsenheten är tillfrågad om lånet."))
            return redirect(loans.address(loan))
    context = {
        "channel": channel,
        "form": form,
        "most": policy.number("loan.most_days"),
    }
    return render(request, "register/lend.html", context, status=INVALID if request.method == "POST" else 200)


@signed_in
@require_GET
def loan(request: HttpRequest, pk: int) -> HttpResponse:
    """One loan: what was agreed, by whom, who has acknowledged it, and what the reader may do about it."""
    return show(request, one(pk))


def one(pk: int) -> Loan:
    """The loan, with what a page shows of it. Raises Http404."""
    return get_object_or_404(
        Loan.objects.select_related(
            "channel__unit", "channel__responsible", "asked_by", "answered_by", "handed_back_by"
        ),
        pk=pk,
    )


def show(request: HttpRequest, row: Loan, *, refused: str = "", written: str = "") -> HttpResponse:
    """The page of a loan; where something was refused, with what was written."""
    person = current.person(request)
    people = list(row.people.select_related("person__unit").order_by("person__name"))
    mine = next((each for each in people if each.person_id == person.pk), None)
    gives = channels.gives_mandates(person, row.channel)
    speaks = Role.COMMUNICATIONS in person.roles
    context = {
        "tabs": tabs.of(request, ""),
        "loan": row,
        "tag": loan_words.tag(row),
        "acts": channel_pages.acts_words(row.acts),
        "last": last_day(row),
        "people": people,
        "refused": refused,
        "answers": row.state == "asked" and speaks,
        "withdraws": row.state == "asked" and gives,
        "acknowledges": row.state in OPEN and mine is not None and mine.acknowledged_at is None,
        "unread": mine is not None and guideline.unread(person) is not None,
        "refused_end": bool(refused) and row.state in OPEN,
        "ends": row.state in OPEN and (gives or speaks or mine is not None),
        "hands_back": row.state == "ended" and (gives or mine is not None),
        "agree": WordsForm(
            label=_("Överenskommelsen i ord"),
            written=written,
            also_without=_("Är ni inte överens skriver du varför, så att den som frågade förstår."),
        ),
        "end": WordsForm(label=_("Varför lånet avslutas i förtid"), written=written),
        "hand_back": WordsForm(label=_("Vad som återstår, och vad den som tar över behöver veta"), written=written),
        "lines": trails.lines(trail.steps_of(row).order_by("-id")[:30], loan_words.STEPS, lambda _step: ""),
    }
    return render(request, "register/loan.html", context, status=INVALID if refused else 200)


Deed = Callable[[Loan, str, Person], object]
DEEDS: dict[str, tuple[Deed, Any]] = {
    "overens": (
        lambda row, words, by: loans.agree(row, words=words, by=by, now=timezone.now()),
        lazy("Lånet är överenskommet. De som ska låna kontot är ombedda att kvittera."),
    ),
    "inte-overens": (
        lambda row, words, by: loans.refuse(row, reason=words, by=by, now=timezone.now()),
        lazy("Den som frågade får veta att ni inte är överens."),
    ),
    "ta-tillbaka": (
        lambda row, _words, by: loans.withdraw(row, by=by, now=timezone.now()),
        lazy("Frågan är återtagen."),
    ),
    "kvittera": (
        lambda row, _words, by: loans.acknowledge(row, person=by, now=timezone.now()),
        lazy("Lånet är kvitterat. Du kan arbeta i kanalen under lånets tid."),
    ),
    "avsluta": (
        lambda row, words, by: loans.end_early(row, reason=words, by=by, now=timezone.now()),
        lazy("Lånet är slut. Rättigheterna har upphört."),
    ),
    "lamna-tillbaka": (
        lambda row, words, by: loans.hand_back(row, note=words, by=by, now=timezone.now()),
        lazy("Överlämningen är sparad. Tack."),
    ),
}


@may(*STAFF, Role.MANAGER)
@require_POST
def do(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Do something about a loan; what is refused is said on its page, where what was written stands."""
    if deed not in DEEDS:
        raise Http404
    row, (act, said) = one(pk), DEEDS[deed]
    words = request.POST.get("words", "").replace("\0", "").strip()[:4000]
    try:
        act(row, words, current.person(request))
    except Refused as refused:
        if refused.code == "wrong_state":
            raise
        return show(request, one(pk), refused=refused.words, written=words)
    feedback.done(request, str(said))
    return redirect(loans.address(row))
