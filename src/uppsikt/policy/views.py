"""The page of rules and opening hours. All signed in read; administrators and the communications unit change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.kernel.errors import Refused
from uppsikt.kernel.hours import NoHours, Season, Spans
from uppsikt.kernel.trail import Doer, steps_of
from uppsikt.organisation.rules import Role
from uppsikt.policy import actions, queries, rules, words
from uppsikt.policy.actions import SeasonKey
from uppsikt.policy.forms import CalculatorForm, DocumentForm, LocalDayForm, RuleForm, SeasonForm, WeekForm, shown
from uppsikt.policy.models import LocalDay, Policy, Rule
from uppsikt.policy.tabs import tabs
from uppsikt.ui import feedback
from uppsikt.ui.access import may, signed_in

EDITORS = (Role.ADMINISTRATOR, Role.COMMUNICATIONS)
LATEST_STEPS = 10


class Acting(Protocol):
    """A logged-in person, as far as this page knows them."""

    doer: Doer
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as the page shows it."""

    key: str
    name: str
    about: str
    value: Sequence[str]
    duty: str
    law: str


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A week of opening hours as the page shows it; `key` opens its form."""

    name: str
    when: str
    days: Sequence[tuple[str, str]]
    key: str


@signed_in
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Rules, opening hours, local days, and the calculator (`?received=`)."""
    document = _document()
    form = CalculatorForm(request.GET if "received" in request.GET else None)
    due = queries.due(form.cleaned_data["received"]) if form.is_bound and form.is_valid() else None
    return render(
        request,
        "policy/page.html",
        {
            "tabs": tabs("page"),
            "policy": document,
            "rules": _rule_rows(document),
            "weeks": _week_rows(),
            "local_days": _local_days(document),
            "form": form,
            "due": due,
            "due_words": words.moment(due.at, year=True) if due else "",
            "how": words.how_words(due) if due else (),
            "steps": [(step, words.step_words(step)) for step in steps_of(document).order_by("-id")[:LATEST_STEPS]],
            "may_change": bool(cast("Acting", request.user).roles & set(EDITORS)),
        },
    )


@may(*EDITORS)
@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, key: str) -> HttpResponse:
    """Change one rule."""
    declared = rules.BY_KEY.get(key)
    if declared is None:
        raise Http404
    row = Rule.objects.in_force(None).filter(policy=_document(), key=key).first()
    law = row.law if row else declared.law
    form = RuleForm(declared, queries.rule(key), law, request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        saved = _try(
            form, actions.change_rule, request, key=key, value=kept["value"], law=kept["law"], reason=kept["reason"]
        )
        if saved:
            return _done(request, _("Regeln är ändrad. Den gäller från nu."))
    shown_rule = {"name": words.rule_name(key), "about": words.rule_about(key), "duty": declared.duty}
    return render(request, "policy/rule.html", {"form": form, "rule": shown_rule})


@may(*EDITORS)
@require_http_methods(["GET", "POST"])
def week(request: HttpRequest) -> HttpResponse:
    """Change the opening hours of the year."""
    form = WeekForm(tuple(spans or () for spans in queries.hours().week), request.POST or None)
    if request.method == "POST" and form.is_valid():
        days = tuple(spans or () for spans in form.week())
        if _try(form, actions.replace_week, request, week=days):
            return _done(request, _("Öppettiderna är ändrade. De gäller från nu."))
    return render(request, "policy/week.html", {"form": form})


@may(*EDITORS)
@require_http_methods(["GET", "POST"])
def season(request: HttpRequest, key: str = "") -> HttpResponse:
    """Make or change a season with other hours; `key` is its days, "06-01--08-31"."""
    old = _season(key) if key else None
    form = SeasonForm(old.week if old else (None,) * 7, _season_key(old) if old else None, request.POST or None)
    if request.method == "POST" and form.is_valid():
        instead_of = _season_key(old) if old else None
        if _try(form, actions.replace_week, request, week=form.week(), season=form.season(), instead_of=instead_of):
            return _done(request, _("Säsongen är sparad."))
    return render(request, "policy/season.html", {"form": form, "key": key})


@may(*EDITORS)
@require_POST
def end_season(request: HttpRequest, key: str) -> HttpResponse:
    """Let a season go."""
    actions.end_season(season=_season_key(_season(key)), by=_doer(request), now=timezone.now())
    return _done(request, _("Säsongen är borttagen."))


@may(*EDITORS)
@require_http_methods(["GET", "POST"])
def local_day(request: HttpRequest) -> HttpResponse:
    """Say that one date differs."""
    form = LocalDayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        kept = form.cleaned_data
        if _try(form, actions.add_local_day, request, day=kept["day"], spans=kept["hours"] or (), why=kept["why"]):
            return _done(request, _("Dagen är sparad."))
    return render(request, "policy/local_day.html", {"form": form})


@may(*EDITORS)
@require_POST
def drop_local_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a date be like any other again."""
    actions.drop_local_day(row=get_object_or_404(LocalDay, pk=pk), by=_doer(request), now=timezone.now())
    return _done(request, _("Dagen är borttagen."))


@may(*EDITORS)
@require_http_methods(["GET", "POST"])
def document(request: HttpRequest) -> HttpResponse:
    """Change who owns the policy, who decided it and how long it holds."""
    form = DocumentForm(request.POST or None, instance=_document())
    if (
        request.method == "POST"
        and form.is_valid()
        and _try(form, actions.change_document, request, **form.cleaned_data)
    ):
        return _done(request, _("Uppgifterna om policyn är ändrade."))
    return render(request, "policy/document.html", {"form": form})


def _try(form: Any, action: Any, request: HttpRequest, **facts: Any) -> bool:
    """Do it; what is refused is said in the form, where what was written still stands."""
    try:
        action(by=_doer(request), now=timezone.now(), **facts)
    except Refused as error:
        form.add_error(None, error.words)
        return False
    return True


def _done(request: HttpRequest, said: str) -> HttpResponse:
    feedback.done(request, said)
    return redirect("policy:page")


def _doer(request: HttpRequest) -> Doer:
    return cast("Acting", request.user).doer


def _document() -> Policy:
    found = queries.policy()
    if found is None:
        raise Http404
    return found


def _rule_rows(document: Policy) -> list[RuleRow]:
    laws = dict(Rule.objects.in_force(None).filter(policy=document).values_list("key", "law"))
    return [
        RuleRow(
            key=declared.key,
            name=words.rule_name(declared.key),
            about=words.rule_about(declared.key),
            value=words.value_lines(declared.key, queries.rule(declared.key)),
            duty=declared.duty,
            law=laws.get(declared.key, declared.law),
        )
        for declared in rules.RULES
    ]


def _week_rows() -> list[WeekRow]:
    hours = queries.hours()
    rows = [WeekRow(_("Hela året"), "", _days(tuple(spans or () for spans in hours.week)), "")]
    for one in hours.seasons:
        when = f"{words.month_day_words(one.first)} – {words.month_day_words(one.last)}"
        rows.append(WeekRow(one.name, when, _days(one.week), f"{_text(one.first)}--{_text(one.last)}"))
    return rows


def _days(week: Sequence[Spans | None]) -> list[tuple[str, str]]:
    return [(words.weekday_name(weekday), shown(spans) or _("som vanligt")) for weekday, spans in enumerate(week)]


def _local_days(document: Policy) -> list[dict[str, Any]]:
    rows = LocalDay.objects.in_force(None).filter(policy=document, day__gte=timezone.localdate()).order_by("day")
    return [{"pk": row.pk, "day": row.day, "hours": row.hours or _("stängt"), "why": row.why} for row in rows]


def _text(pair: tuple[int, int]) -> str:
    return rules.write_month_day(pair)


def _season(key: str) -> Season:
    """The season in force with these days. Raises Http404."""
    first, _sep, last = key.partition("--")
    try:
        days = rules.read_month_day(first), rules.read_month_day(last)
    except NoHours as error:
        raise Http404 from error
    for one in queries.hours().seasons:
        if (one.first, one.last) == days:
            return one
    raise Http404


def _season_key(found: Season) -> SeasonKey:
    return SeasonKey(found.first, found.last, found.name)
