"""How often a channel is looked at, and by which hours, where the policy's own are not enough (D25)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.oversight import rota
from uppsikt.oversight.models import Plan
from uppsikt.oversight.rota_forms import PlanForm
from uppsikt.oversight.rota_views import KEEPERS, kept
from uppsikt.ui import feedback
from uppsikt.ui.access import may


@may(*KEEPERS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Say how often, and by which hours; what held for that channel or unit before ends."""
    who = person(request)
    form = PlanForm(request.POST or None, *kept(who), initial={"where": request.GET.get("var", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            rota.set_plan(
                rounds=data["rounds"], week=form.week, reason=data["reason"], by=who, now=timezone.now(), **form.place
            )
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("Sparat. Det gäller från nästa dag som har uppsikt."))
            return redirect("oversight:rota")
    return render(request, "oversight/plan.html", {"form": form, "none": not form.places})


@may(*KEEPERS)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the policy's own number and hours hold again."""
    row = get_object_or_404(Plan.objects.select_related("channel", "unit"), pk=pk, until=None)
    try:
        rota.end_plan(row, by=person(request), now=timezone.now())
    except Refused as refused:
        feedback.failed(request, refused.words)
    else:
        feedback.done(request, _("Nu gäller reglernas antal och tider där igen."))
    return redirect("oversight:rota")
