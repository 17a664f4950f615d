"""What is done on a case's page: answered, forwarded, taken, ended, noted. How, see `doing`."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from uppsikt.inbox import actions, answers, drafts, flow_page, forwards, outcomes, pages
from uppsikt.inbox.doing import Asked, plain, posted, with_form
from uppsikt.inbox.forms import (
    AnswerForm,
    AssignForm,
    ForwardForm,
    HoldForm,
    NoAnswerForm,
    NoteForm,
    PassOnForm,
    ReopenForm,
)
from uppsikt.inbox.models import Answer, Forward
from uppsikt.inbox.views import case_or_404, render_case
from uppsikt.kernel.errors import Refused


@posted
@with_form(AnswerForm, draft="answer", goes_on=True)
def answer(asked: Asked) -> str:
    """Send an answer, in one's own name or in the expert's whose words it is (D36)."""
    answers.answer(
        asked.case,
        asked.given["text"],
        author=asked.author,
        publisher=asked.by,
        now=asked.now,
        seen=asked.given["seen"],
        template=asked.template,
        wait=answers.undo_window(),
        elsewhere=flow_page.elsewhere(asked.case, asked.post),
    )
    return _("Svaret skickas nu till nätet.")


@with_form(AnswerForm, draft="answer", goes_on=True)
def keep_by_hand(asked: Asked) -> str:
    """Keep an answer that has been put on the network by hand (D18)."""
    answers.by_hand(
        asked.case,
        asked.given["text"],
        author=asked.author,
        publisher=asked.by,
        now=asked.now,
        seen=asked.given["seen"],
        address=asked.given["address"],
    )
    return _("Svaret är bokfört, och ärendet är avslutat.")


@posted
def by_hand(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer where the network takes no answer from here: show the signed text to copy, then keep that it is out."""
    if "published" in request.POST:
        return keep_by_hand(request, pk)
    case, reached = case_or_404(request, pk)
    form = AnswerForm(request.POST)
    return render_case(request, case, reached, bound=form, status=200 if form.is_valid() else 422)


@posted
@with_form(HoldForm, draft="hold", goes_on=True)
def hold(asked: Asked) -> str:
    """Send a holding answer (D38)."""
    answers.hold(
        asked.case,
        asked.given["text"],
        publisher=asked.by,
        now=asked.now,
        seen=asked.given["seen"],
        template=asked.template,
        wait=answers.undo_window(),
    )
    return _("Mellansvaret skickas nu till nätet. Sedan gäller den nya svarstiden.")


@with_form(ForwardForm, draft="forward")
def put_to(asked: Asked) -> str:
    """Put the question to the one who knows (D37)."""
    given = asked.given
    row, _link = forwards.forward(
        asked.case,
        question=given["question"],
        by=asked.by,
        now=asked.now,
        person=given["person"],
        email=given["email"],
        name=given["to_name"],
        language=given["language"] or "sv",
    )
    return _("Frågan är skickad till %(name)s.") % {"name": row}


@posted
def forward(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Put the question to the one who knows, or only look for people."""
    if "leta" not in request.POST:
        return put_to(request, pk)
    case, reached = case_or_404(request, pk)
    form = ForwardForm(initial={name: request.POST.get(name, "") for name in ("email", "to_name", "question")})
    return render_case(request, case, reached, bound=form)


@plain
def withdraw(asked: Asked, forward_pk: int) -> str:
    """Take a question back."""
    row = get_object_or_404(Forward.objects.select_related("case__channel"), pk=forward_pk, case=asked.case)
    forwards.withdraw(row, by=asked.by, now=asked.now)
    return _("Frågan är återtagen. Länken gäller inte längre.")


@plain
def take(asked: Asked) -> str:
    """Make the case one's own."""
    actions.take(asked.case, asked.by, now=asked.now)
    return _("Ärendet är ditt.")


@plain
def release(asked: Asked) -> str:
    """Put the case back."""
    actions.release(asked.case, by=asked.by, now=asked.now)
    return _("Ärendet är släppt. Vem som helst med uppdrag i kanalen kan ta det.")


def assign_form(asked: Asked) -> AssignForm:
    """The colleagues who may be given the case."""
    return AssignForm(asked.post, colleagues=pages.colleagues(asked.case, asked.by, now=asked.now))


@posted
@with_form(assign_form)
def assign(asked: Asked) -> str:
    """Hand the case over to a colleague."""
    to = asked.given["to"]
    actions.assign(asked.case, to, by=asked.by, now=asked.now)
    if asked.given["with_draft"]:
        drafts.hand_over(asked.case.pk, by=asked.by, to=to)
    return _("%(name)s har fått ärendet.") % {"name": to}


@posted
@with_form(NoAnswerForm, draft="no-answer", goes_on=True)
def no_answer(asked: Asked) -> str:
    """End the case without an answer."""
    given = asked.given
    actions.no_answer(asked.case, given["words"], by=asked.by, now=asked.now, seen=given["seen"])
    return _("Ärendet är avslutat utan svar.")


@posted
@with_form(PassOnForm, draft="pass-on", goes_on=True)
def pass_on(asked: Asked) -> str:
    """Leave the case to ordinary case handling (D66)."""
    given = asked.given
    actions.pass_on(asked.case, given["words"], by=asked.by, now=asked.now, seen=given["seen"])
    return _("Ärendet är avslutat här och lämnat till vanlig handläggning.")


@posted
@with_form(ReopenForm)
def reopen(asked: Asked) -> str:
    """Open a closed case again."""
    actions.reopen(asked.case, reason=asked.given["reason"], by=asked.by, now=asked.now)
    return _("Ärendet är öppet igen, med ny svarstid.")


@posted
@with_form(NoteForm, draft="note")
def note(asked: Asked) -> str:
    """Tell colleagues something."""
    actions.add_note(asked.case, asked.given["text"], by=asked.by, now=asked.now)
    return _("Anteckningen är sparad.")


def answer_of(asked: Asked, pk: int) -> Answer:
    """An answer of the case. Raises Http404."""
    return get_object_or_404(Answer.objects.select_related("case__channel", "intent"), pk=pk, case=asked.case)


@plain
def try_again(asked: Asked, answer_pk: int) -> str:
    """Send a failed answer once more."""
    outcomes.try_again(answer_of(asked, answer_pk), by=asked.by, now=asked.now)
    return _("Svaret skickas en gång till.")


@plain
def give_up(asked: Asked, answer_pk: int) -> str:
    """Lay a failed answer aside."""
    outcomes.give_up(answer_of(asked, answer_pk), by=asked.by, now=asked.now)
    return _("Svaret är lagt åt sidan. Texten finns kvar i ärendet, och du kan skriva ett nytt.")


@plain
def regret(asked: Asked, answer_pk: int) -> str:
    """Take an answer back before it leaves the house."""
    outcomes.regret(answer_of(asked, answer_pk), by=asked.by, now=asked.now)
    return _("Svaret skickades inte. Texten finns kvar som utkast.")


@plain
def settle(asked: Asked, answer_pk: int) -> str:
    """Say whether an answer is on the network, after having looked."""
    said = asked.post.get("finns")
    if said not in {"ja", "nej"}:
        raise Refused("unclear", _("Svara ja eller nej."))
    there = said == "ja"
    outcomes.settle(answer_of(asked, answer_pk), is_there=there, by=asked.by, now=asked.now)
    return _("Tack. Svaret räknas som publicerat.") if there else _("Tack. Svaret räknas som inte publicerat.")
