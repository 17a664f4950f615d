"""Grounds and disposal decisions. All signed in read; who answers for policy or archive changes (D45, D68)."""

from __future__ import annotations

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import steps_of
from uppsikt.organisation.rules import Role
from uppsikt.policy import deciding, grounds, queries, words
from uppsikt.policy.ground_forms import DisposalDecisionForm, GroundForm, WhyForm
from uppsikt.policy.models import DisposalDecision, Ground
from uppsikt.policy.tabs import tabs
from uppsikt.policy.views import EDITORS, LATEST_STEPS, Acting
from uppsikt.ui import feedback
from uppsikt.ui.access import may, signed_in

# The records plan is the archivist's, the diary the registrar's, the guideline the communications unit's.
KEEPERS = (Role.ARCHIVIST, Role.REGISTRAR, Role.COMMUNICATIONS)
GROUND_STEPS = ("change_ground", "add_ground", "end_ground")
DECISION_STEPS = ("add_decision", "change_decision", "end_decision")


@signed_in
@require_GET
def list_grounds(request: HttpRequest) -> HttpResponse:
    """Every ground by which something may be removed: crimes, then rules of the house."""
    rows = queries.grounds()
    sorts = [
        ("brott", Ground.Sort.LAW.label, [row for row in rows if row.sort == Ground.Sort.LAW]),
        ("husregler", _("Husregler"), [row for row in rows if row.sort == Ground.Sort.RULE]),
    ]
    facts = {"sorts": sorts, "may_change": _is(request, EDITORS), "steps": _steps(GROUND_STEPS)}
    return render(request, "policy/grounds.html", {"tabs": tabs("grounds"), **facts})


@may(*EDITORS)
@require_http_methods(["GET", "POST"])
def change_ground(request: HttpRequest, code: str) -> HttpResponse:
    """Change one ground's words."""
    row = _ground(code)
    # The form writes onto its instance; the action compares with the row as it was.
    form = GroundForm(request.POST or None, instance=_ground(code), locked=code in grounds.ALWAYS_REASONED)
    if request.method == "POST" and form.is_valid() and _try(form, deciding.change_ground, request, ground=row):
        return _done(request, _("Grunden är ändrad. Den gäller från nu."), "policy:grounds")
    return render(request, "policy/ground.html", {"form": form, "ground": row, "may_end": code not in grounds.STAY})


@may(*EDITORS)
@require_http_methods(["GET", "POST"])
def new_ground(request: HttpRequest) -> HttpResponse:
    """Add a rule of the house."""
    form = GroundForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _try(form, deciding.add_rule, request):
        return _done(request, _("Husregeln är tillagd. Den gäller från nu."), "policy:grounds")
    return render(request, "policy/ground.html", {"form": form})


@may(*EDITORS)
@require_http_methods(["GET", "POST"])
def end_ground(request: HttpRequest, code: str) -> HttpResponse:
    """Let a rule of the house go, with a reason."""
    row = _ground(code)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _try(form, deciding.end_ground, request, ground=row):
        return _done(request, _("Husregeln gäller inte längre."), "policy:grounds")
    about = _("Husregeln tas ur bruk. Det som redan är borttaget med den påverkas inte.")
    return _ending(request, form, row.name, about, "policy:grounds")


@signed_in
@require_GET
def list_decisions(request: HttpRequest) -> HttpResponse:
    """The decisions that a removal may rest on, and those that have ended."""
    ended = DisposalDecision.objects.filter(until__isnull=False).order_by("-until")[:LATEST_STEPS]
    facts = {"decisions": queries.disposal_decisions(), "ended": ended, "may_change": _is(request, KEEPERS)}
    return render(
        request, "policy/decisions.html", {"tabs": tabs("decisions"), **facts, "steps": _steps(DECISION_STEPS)}
    )


@may(*KEEPERS)
@require_http_methods(["GET", "POST"])
def new_decision(request: HttpRequest) -> HttpResponse:
    """Write down a decision."""
    form = DisposalDecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _try(form, deciding.add_decision, request):
        return _done(request, _("Gallringsbeslutet är tillagt."), "policy:disposal_decisions")
    return render(request, "policy/decision.html", {"form": form})


@may(*KEEPERS)
@require_http_methods(["GET", "POST"])
def change_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is written of a decision."""
    row = get_object_or_404(DisposalDecision.objects.in_force(None), pk=pk)
    form = DisposalDecisionForm(
        request.POST or None, instance=get_object_or_404(DisposalDecision.objects.in_force(None), pk=pk)
    )
    if request.method == "POST" and form.is_valid() and _try(form, deciding.change_decision, request, decision=row):
        return _done(request, _("Gallringsbeslutet är rättat."), "policy:disposal_decisions")
    return render(request, "policy/decision.html", {"form": form, "decision": row})


@may(*KEEPERS)
@require_http_methods(["GET", "POST"])
def end_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a decision go, with a reason."""
    row = get_object_or_404(DisposalDecision.objects.in_force(None), pk=pk)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _try(form, deciding.end_decision, request, decision=row):
        return _done(request, _("Gallringsbeslutet gäller inte längre."), "policy:disposal_decisions")
    about = _("Inget mer kan tas bort med stöd av beslutet. Det som redan är borttaget påverkas inte.")
    return _ending(request, form, str(row), about, "policy:disposal_decisions")


def _ending(request: HttpRequest, form: WhyForm, name: str, about: str, back: str) -> HttpResponse:
    return render(request, "policy/end.html", {"form": form, "name": name, "about": about, "back_url": reverse(back)})


def _ground(code: str) -> Ground:
    row = queries.ground(code)
    if row is None:
        raise Http404
    return row


def _steps(names: tuple[str, ...]) -> list[tuple[Any, str]]:
    document = queries.policy()
    if document is None:
        return []
    rows = steps_of(document).filter(name__in=names).order_by("-id")[:LATEST_STEPS]
    return [(step, words.step_words(step)) for step in rows]


def _is(request: HttpRequest, roles: tuple[Role, ...]) -> bool:
    return bool(cast("Acting", request.user).roles & set(roles))


def _try(form: Any, action: Any, request: HttpRequest, **facts: Any) -> bool:
    """Do it with what the form holds; what is refused is said in the form, where what was written still stands."""
    try:
        action(by=cast("Acting", request.user).doer, now=timezone.now(), **facts, **form.cleaned_data)
    except Refused as error:
        form.add_error(None, error.words)
        return False
    return True


def _done(request: HttpRequest, said: str, where: str) -> HttpResponse:
    feedback.done(request, said)
    return redirect(where)
