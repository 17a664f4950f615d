"""Accounts that were found: on the website, in what people write, by a colleague; and what became of them (D2, D12)."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from uppsikt.channels import words as channel_words
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.forms import PersonField, UnitField
from uppsikt.organisation.rules import Role
from uppsikt.policy.networks import NETWORKS
from uppsikt.register import discover, life_words, tabs
from uppsikt.register.discover_models import Find, Search
from uppsikt.ui import feedback, paging
from uppsikt.ui.access import may

FINDERS = (Role.COMMUNICATIONS, Role.ADMINISTRATOR)
VIEWS = {"": ("new", "impersonation"), "bedomda": ("taken_in", "not_ours", "gone")}
INVALID = 422


class SearchForm(forms.Form):
    """The website to go through."""

    address = forms.CharField(
        label=lazy("Webbplatsens adress"),
        max_length=500,
        help_text=lazy("Dess sidor läses en i taget, och bara länkarna sparas."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "spellcheck": "false"}),
    )


class ReportForm(forms.Form):
    """An account that somebody found."""

    account = forms.CharField(
        label=lazy("Kontots adress"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )


class JudgeForm(forms.Form):
    """Why a find is judged so."""

    reason = forms.CharField(
        label=lazy("Varför"),
        max_length=1000,
        widget=forms.Textarea,
        error_messages={"required": lazy("Skriv varför, så att andra förstår bedömningen.")},
    )


class TakeInForm(forms.Form):
    """Who answers for an account that is ours (D5)."""

    name = forms.CharField(label=lazy("Namn"), max_length=160)
    unit = UnitField(label=lazy("Enhet som ansvarar för kontot"))
    responsible = PersonField(
        label=lazy("Ansvarig person"),
        help_text=lazy("E-postadressen till den på enheten som ansvarar för kontot."),
    )


@may(*FINDERS)
@require_GET
def finds(request: HttpRequest) -> HttpResponse:
    """What was found, those that wait to be judged first."""
    return shown(request)


def shown(request: HttpRequest, *, search: forms.Form | None = None, report: forms.Form | None = None) -> HttpResponse:
    """The list, with forms that may have something to say."""
    view = request.GET.get("visa", "")
    states = VIEWS.get(view, VIEWS[""])
    page = paging.page(request, Find.objects.filter(state__in=states).select_related("judged_by"), by="first_seen_at")
    last = Search.objects.order_by("-id").first()
    start = {"address": last.address} if last else {}
    context = {
        "page": page,
        "rows": [
            (row, network(row.network), life_words.SOURCES[row.source], life_words.tagged(life_words.FINDS, row.state))
            for row in page.rows
        ],
        "view": view if view in VIEWS else "",
        "last": last,
        "trouble": channel_words.trouble(last.trouble_code) if last and last.trouble_code else None,
        "site_form": search or SearchForm(initial=start),
        "account_form": report or ReportForm(),
        "tabs": tabs.of(request, "finds"),
    }
    bound = (search is not None and search.is_bound) or (report is not None and report.is_bound)
    return render(request, "register/finds.html", context, status=INVALID if bound else 200)


def network(code: str) -> str:
    """What a network is called."""
    return NETWORKS[code].name if code in NETWORKS else code


@may(*FINDERS)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Have the website gone through."""
    form = SearchForm(request.POST)
    if form.is_valid():
        try:
            discover.begin(form.cleaned_data["address"], by=person(request), now=timezone.now())
        except Refused as refused:
            form.add_error("address", refused.words)
        else:
            feedback.done(request, _("Webbplatsen gås igenom. Det tar några minuter."))
            return redirect("register:finds")
    return shown(request, search=form)


@may(*FINDERS)
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Write in an account that one has found."""
    form = ReportForm(request.POST)
    if form.is_valid():
        try:
            row = discover.report(form.cleaned_data["account"], by=person(request), now=timezone.now())
        except Refused as refused:
            form.add_error("account", refused.words)
        else:
            return redirect("register:find", row.pk)
    return shown(request, report=form)


@may(*FINDERS)
@require_GET
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """One find: what is known of it, and what it can be judged to be."""
    return one(request, get_object_or_404(Find.objects.select_related("judged_by", "channel"), pk=pk))


def one(
    request: HttpRequest, row: Find, *, take: forms.Form | None = None, why: forms.Form | None = None
) -> HttpResponse:
    """The find's page, with forms that may have something to say."""
    context = {
        "row": row,
        "tag": life_words.tagged(life_words.FINDS, row.state),
        "network": network(row.network),
        "source": life_words.SOURCES[row.source],
        "take_form": take or TakeInForm(initial={"name": row.handle}),
        "why_form": why or JudgeForm(),
        "tabs": tabs.of(request, "finds"),
    }
    return render(request, "register/find.html", context, status=INVALID if take or why else 200)


@may(*FINDERS)
@require_POST
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """It is ours: take it into the register."""
    row, form = get_object_or_404(Find, pk=pk), TakeInForm(request.POST)
    if form.is_valid():
        try:
            channel = discover.enlist(row, by=person(request), now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("Kontot står i registret."))
            return redirect("register:account", channel.pk)
    return one(request, row, take=form)


JUDGEMENTS = {"inte-vart": discover.not_ours, "utger-sig": discover.impersonates, "borta": discover.gone}


@may(*FINDERS)
@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """It is not ours, passes itself off as us, or is gone."""
    row, form = get_object_or_404(Find, pk=pk), JudgeForm(request.POST)
    act = JUDGEMENTS.get(request.POST.get("bedomning", ""))
    if act is None:
        form.add_error(None, _("Välj en av knapparna."))
    if form.is_valid() and act is not None:
        try:
            act(row, reason=form.cleaned_data["reason"], by=person(request), now=timezone.now())
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("Bedömningen är sparad."))
            return redirect("register:finds")
    return one(request, row, why=form)
