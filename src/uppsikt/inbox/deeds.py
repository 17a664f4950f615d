"""What is done on a case's page: each deed is a form that is sent, and a page that says how it went."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.inbox import actions, answers, desks, drafts, flow_page, forwards, listing, pages, queries, reply_templates
from uppsikt.inbox.answers import Author
from uppsikt.inbox.desk_models import ReplyTemplate
from uppsikt.inbox.forms import (
    AnswerForm,
    AssignForm,
    ForwardForm,
    HoldForm,
    NoAnswerForm,
    NoteForm,
    Own,
    PassOnForm,
    ReopenForm,
)
from uppsikt.inbox.models import Answer, Case, Forward
from uppsikt.inbox.views import CONFLICT, case_or_404, render_case
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF
from uppsikt.ui import feedback
from uppsikt.ui.access import may

Deed = Callable[..., HttpResponseBase]


def deed(view: Deed) -> Deed:
    """Only what is posted is done; whoever opens the address (a reload, a link) comes to the case."""

    @functools.wraps(view)
    def posted(request: HttpRequest, pk: int, **more: Any) -> HttpResponseBase:
        if request.method == "POST":
            return view(request, pk, **more)
        return redirect(reverse("inbox:case", args=[pk]) + listing.chosen(request.GET).here)

    return posted


def back(request: HttpRequest, case: Case) -> HttpResponse:
    """To the case, in the list where one was."""
    return redirect(reverse("inbox:case", args=[case.pk]) + listing.chosen(request.GET).here)


def onward(request: HttpRequest, case: Case) -> HttpResponse:
    """To the next case that is due, for those who want that; else back to this one."""
    who, now = person(request), timezone.now()
    desk = desks.of(who)
    if "opens_next_shown" in request.POST:
        yes = "opens_next" in request.POST
        if yes != desk.opens_next:
            desks.open_next(who, yes=yes)
            desk.opens_next = yes
    if not desk.opens_next:
        return back(request, case)
    wish, reached = listing.wished(request, desk), queries.reach(who, at=now)
    before, after = listing.neighbours(case, wish, listing.Ask(who, now), reached, skip_sent=True)
    following = after or before
    if following is None:
        return redirect(reverse("inbox:list") + wish.query())
    return redirect(reverse("inbox:case", args=[following]) + wish.query())


def carry_out(
    request: HttpRequest,
    pk: int,
    make: Callable[[Case], Own],
    act: Callable[[Case, Own], str],
    *,
    draft: str = "",
    goes_on: bool = False,
) -> HttpResponse:
    """Check a form, do what it asks, say that it is done. What cannot be done is told in the form, with its texts."""
    case, reached = case_or_404(request, pk)
    form = make(case)
    if not form.is_valid():
        return render_case(request, case, reached, bound=form, status=422)
    try:
        said = act(case, form)
    except Refused as refused:
        form.add_error(None, refused.words)
        case, reached = case_or_404(request, pk)
        return render_case(request, case, reached, bound=form, status=CONFLICT)
    feedback.done(request, said, draft=f"case-{pk}-{draft}" if draft else "")
    if draft:
        drafts.drop(case.pk, person(request), draft)
    return onward(request, case) if goes_on else back(request, case)


def do(request: HttpRequest, pk: int, act: Callable[[Case], str]) -> HttpResponse:
    """A deed without a form; a refusal is told on the case's page."""
    case, _reached = case_or_404(request, pk)
    try:
        feedback.done(request, act(case))
    except Refused as refused:
        feedback.failed(request, refused.words)
    return back(request, case)


@may(*STAFF)
@deed
def answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send an answer, in one's own name or in the expert's whose words it is (D36)."""
    who = person(request)
    used = listing.number_of(request.POST.get("forward", ""))

    def act(case: Case, form: Own) -> str:
        expert = get_object_or_404(Forward, pk=used, case=case, state="answered") if used else None
        answers.answer(
            case,
            form.cleaned_data["text"],
            author=Author.of_forward(expert) if expert else Author.of(who),
            publisher=who,
            now=timezone.now(),
            seen=form.cleaned_data["seen"],
            template=template_of(form, who),
            wait=answers.undo_window(),
            elsewhere=flow_page.elsewhere(case, request.POST),
        )
        return _("Svaret skickas nu till nätet.")

    draft = f"forward-{used}" if used else "answer"
    return carry_out(request, pk, lambda _case: AnswerForm(request.POST), act, draft=draft, goes_on=True)


def template_of(form: Own, who: Person) -> ReplyTemplate | None:
    """The template that the text began as, where the form names one that the person may use."""
    found = reply_templates.find(form.cleaned_data["template"], who)
    return found[0] if found else None


@may(*STAFF)
@deed
def hold(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a holding answer (D38)."""

    def act(case: Case, form: Own) -> str:
        cleaned, who = form.cleaned_data, person(request)
        answers.hold(
            case,
            cleaned["text"],
            publisher=who,
            now=timezone.now(),
            seen=cleaned["seen"],
            template=template_of(form, who),
            wait=answers.undo_window(),
        )
        return _("Mellansvaret skickas nu till nätet. Sedan gäller den nya svarstiden.")

    return carry_out(request, pk, lambda _case: HoldForm(request.POST), act, draft="hold", goes_on=True)


@may(*STAFF)
@deed
def forward(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put the question to the one who knows (D37), or only look for people."""
    if "leta" in request.POST:
        case, reached = case_or_404(request, pk)
        form = ForwardForm(initial={name: request.POST.get(name, "") for name in ("email", "to_name", "question")})
        return render_case(request, case, reached, bound=form)

    def act(case: Case, form: Own) -> str:
        cleaned = form.cleaned_data
        row, _link = forwards.forward(
            case,
            question=cleaned["question"],
            by=person(request),
            now=timezone.now(),
            person=cleaned["person"],
            email=cleaned["email"],
            name=cleaned["to_name"],
            language=cleaned["language"] or "sv",
        )
        return _("Frågan är skickad till %(name)s.") % {"name": row}

    return carry_out(request, pk, lambda _case: ForwardForm(request.POST), act, draft="forward")


@may(*STAFF)
@deed
def withdraw(request: HttpRequest, pk: int, forward_pk: int) -> HttpResponseBase:
    """Take a question back."""

    def act(case: Case) -> str:
        row = get_object_or_404(Forward.objects.select_related("case__channel"), pk=forward_pk, case=case)
        forwards.withdraw(row, by=person(request), now=timezone.now())
        return _("Frågan är återtagen. Länken gäller inte längre.")

    return do(request, pk, act)


@may(*STAFF)
@deed
def take(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make the case one's own."""

    def act(case: Case) -> str:
        actions.take(case, person(request), now=timezone.now())
        return _("Ärendet är ditt.")

    return do(request, pk, act)


@may(*STAFF)
@deed
def release(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put the case back."""

    def act(case: Case) -> str:
        actions.release(case, by=person(request), now=timezone.now())
        return _("Ärendet är släppt. Vem som helst med uppdrag i kanalen kan ta det.")

    return do(request, pk, act)


@may(*STAFF)
@deed
def assign(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand the case over to a colleague."""
    who, now = person(request), timezone.now()

    def act(case: Case, form: Own) -> str:
        actions.assign(case, form.cleaned_data["to"], by=who, now=now)
        if form.cleaned_data["with_draft"]:
            drafts.hand_over(case.pk, by=who, to=form.cleaned_data["to"])
        return _("%(name)s har fått ärendet.") % {"name": form.cleaned_data["to"]}

    def make(case: Case) -> Own:
        return AssignForm(request.POST, colleagues=pages.colleagues(case, who, now=now))

    return carry_out(request, pk, make, act)


@may(*STAFF)
@deed
def no_answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End the case without an answer."""

    def act(case: Case, form: Own) -> str:
        given = form.cleaned_data
        actions.no_answer(case, given["words"], by=person(request), now=timezone.now(), seen=given["seen"])
        return _("Ärendet är avslutat utan svar.")

    return carry_out(request, pk, lambda _case: NoAnswerForm(request.POST), act, draft="no-answer", goes_on=True)


@may(*STAFF)
@deed
def pass_on(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Leave the case to ordinary case handling (D66)."""

    def act(case: Case, form: Own) -> str:
        given = form.cleaned_data
        actions.pass_on(case, given["words"], by=person(request), now=timezone.now(), seen=given["seen"])
        return _("Ärendet är avslutat här och lämnat till vanlig handläggning.")

    return carry_out(request, pk, lambda _case: PassOnForm(request.POST), act, draft="pass-on", goes_on=True)


@may(*STAFF)
@deed
def reopen(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Open a closed case again."""

    def act(case: Case, form: Own) -> str:
        actions.reopen(case, reason=form.cleaned_data["reason"], by=person(request), now=timezone.now())
        return _("Ärendet är öppet igen, med ny svarstid.")

    return carry_out(request, pk, lambda _case: ReopenForm(request.POST), act)


@may(*STAFF)
@deed
def note(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Tell colleagues something."""

    def act(case: Case, form: Own) -> str:
        actions.add_note(case, form.cleaned_data["text"], by=person(request), now=timezone.now())
        return _("Anteckningen är sparad.")

    return carry_out(request, pk, lambda _case: NoteForm(request.POST), act, draft="note")


def answer_of(case: Case, pk: int) -> Answer:
    """An answer of the case."""
    return get_object_or_404(Answer.objects.select_related("case__channel", "intent"), pk=pk, case=case)


@may(*STAFF)
@deed
def try_again(request: HttpRequest, pk: int, answer_pk: int) -> HttpResponseBase:
    """Send a failed answer once more."""

    def act(case: Case) -> str:
        answers.try_again(answer_of(case, answer_pk), by=person(request), now=timezone.now())
        return _("Svaret skickas en gång till.")

    return do(request, pk, act)


@may(*STAFF)
@deed
def give_up(request: HttpRequest, pk: int, answer_pk: int) -> HttpResponseBase:
    """Lay a failed answer aside."""

    def act(case: Case) -> str:
        answers.give_up(answer_of(case, answer_pk), by=person(request), now=timezone.now())
        return _("Svaret är lagt åt sidan. Texten finns kvar i ärendet, och du kan skriva ett nytt.")

    return do(request, pk, act)


@may(*STAFF)
@deed
def regret(request: HttpRequest, pk: int, answer_pk: int) -> HttpResponseBase:
    """Take an answer back before it leaves the house."""

    def act(case: Case) -> str:
        answers.regret(answer_of(case, answer_pk), by=person(request), now=timezone.now())
        return _("Svaret skickades inte. Texten finns kvar som utkast.")

    return do(request, pk, act)


@may(*STAFF)
@deed
def settle(request: HttpRequest, pk: int, answer_pk: int) -> HttpResponseBase:
    """Say whether an answer is on the network, after having looked."""
    there = request.POST.get("finns") == "ja"

    def act(case: Case) -> str:
        if request.POST.get("finns") not in {"ja", "nej"}:
            raise Refused("unclear", _("Svara ja eller nej."))
        answers.settle(answer_of(case, answer_pk), is_there=there, by=person(request), now=timezone.now())
        return _("Tack. Svaret räknas som publicerat.") if there else _("Tack. Svaret räknas som inte publicerat.")

    return do(request, pk, act)
