"""What is wrong with the accounts: the list, one deviation, what is done about it, exemptions, an audit on demand."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.channels.models import Channel
from uppsikt.channels.words import trouble as trouble_words
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person
from uppsikt.organisation.queries import suggestions
from uppsikt.organisation.rules import Role
from uppsikt.register import (
    audit_jobs,
    auditing,
    check_words,
    deviation_queries,
    deviation_words,
    deviations,
    logos,
    profiles,
    tabs,
)
from uppsikt.register.checks.table import BY_CODE
from uppsikt.register.deviation_deeds import BY_NAME, DEEDS, Deed
from uppsikt.register.deviation_forms import EndForm, ExemptionForm, FilterForm
from uppsikt.register.deviation_models import Deviation, Exemption
from uppsikt.register.deviation_states import OPEN
from uppsikt.register.musts import is_must
from uppsikt.ui import feedback, paging, trails
from uppsikt.ui.access import may, signed_in

# Who may do something about some deviation; about which, `deviation_queries.acts_on` says.
DOERS = tuple(deviations.TAKERS)
CONFLICT, INVALID = 409, 422
STEPS = 200


@signed_in
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """All deviations that are open, or those that are asked for; the newest first (D5)."""
    form, who = FilterForm(request.GET), person(request)
    chosen = form.chosen()
    rows = deviation_queries.listed()
    if code := chosen.get("kontroll"):
        rows = rows.filter(code=code)
    where = chosen.get("lage", "")
    if where != "alla":
        rows = rows.filter(state__in=OPEN)
    if where == "sena":
        rows = rows.filter(due_on__lt=timezone.localdate())
    if where == "mina":
        rows = rows.filter(owner=who)
    page = paging.page(request, rows, by="found_at")
    context = {
        "form": form,
        "narrowed": bool(chosen),
        "rows": [deviation_words.line(row) for row in page.rows],
        "page": page,
        "tabs": tabs.of(request, "deviations"),
        "no_logo": not logos.approved(),
        "settles": Role.COMMUNICATIONS in who.roles,
    }
    return render(request, "register/deviations.html", context)


def deviation_or_404(pk: int) -> Deviation:
    """A deviation with what its page shows."""
    rows = deviation_queries.listed().select_related("channel__unit__department", "channel__responsible", "exemption")
    return get_object_or_404(rows, pk=pk)


@signed_in
@require_GET
def deviation(request: HttpRequest, pk: int) -> HttpResponse:
    """One deviation: what is wrong, by which rule, duty and law; what has been done, and what can be."""
    return show(request, deviation_or_404(pk))


@may(*DOERS)
@require_POST
def do(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Do one of the things that can be done about a deviation."""
    row, chosen, who = deviation_or_404(pk), BY_NAME.get(deed), person(request)
    if chosen is None:
        raise Http404
    if not deviation_queries.acts_on(who, row):
        raise Refused("not_yours", _("Avvikelsen är någon annans. Be den som ansvarar, eller kommunikationsenheten."))
    form, status = chosen.form(request.POST, auto_id=f"{deed}-%s"), INVALID
    if form.is_valid():
        try:
            chosen.act(row, form.cleaned_data, who, timezone.now())
        except Refused as refused:
            form.add_error(None, refused.words)
            status = CONFLICT
        else:
            feedback.done(request, _("Det är bokfört."), draft=f"deviation-{pk}-{deed}")
            return redirect("register:deviation", pk)
    return show(request, deviation_or_404(pk), bound=(chosen, form), status=status)


def show(
    request: HttpRequest, row: Deviation, *, bound: tuple[Deed, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a deviation; `bound` is the form of a deed that could not be done."""
    who = person(request)
    check = BY_CODE.get(row.code)
    mine = deviation_queries.acts_on(who, row) and bool(who.roles & set(DOERS))
    deeds = [
        (
            deed,
            bound[1] if bound and bound[0] is deed else deed.form(auto_id=f"{deed.name}-%s"),
            f"deviation-{row.pk}-{deed.name}",
        )
        for deed in DEEDS
        if mine and deed.fits(row)
    ]
    exempts = row.is_open and row.channel_id is not None and Role.COMMUNICATIONS in who.roles
    context = {
        "row": row,
        "account": row.channel.name if row.channel else row.mark,
        "said": check_words.said(row.code, row.facts, row.mark),
        "tag": deviation_words.state_tag(row),
        "check": check,
        "duty": deviation_words.duty(check.duty) if check else "",
        "must": check is not None and is_must(row.code),
        "deeds": deeds,
        "rechecks": mine
        and row.is_open
        and row.channel is not None
        and row.channel.state in auditing.AUDITED
        and check is not None,
        "exempts": exempts and check is not None and (check.exempt or not is_must(row.code)),
        "due": deviation_words.end_of(row.due_on),
        "picture": profiles.newest(row.channel) if row.channel and row.code == "profile.logo" else None,
        "logos": logos.approved() if row.code == "profile.logo" else [],
        "people": suggestions(row.channel.unit if row.channel else None) if deeds else [],
        "lines": trails.lines(trail.steps_of(row).order_by("-id")[:STEPS], deviation_words.STEPS, deviation_words.more),
        "tabs": tabs.of(request, "deviations"),
    }
    return render(request, "register/deviation.html", context, status=status)


def account_or_404(pk: int) -> Channel:
    """An account with whom it belongs to."""
    return get_object_or_404(Channel.objects.select_related("unit__department", "responsible__unit"), pk=pk)


def own_account(pk: int, who: Person) -> Channel:
    """An account that one answers for. Raises Refused."""
    channel = account_or_404(pk)
    if not deviation_queries.answers_for(who, channel):
        raise Refused("not_yours", _("Det gör den som ansvarar för kontot, enhetens chef eller kommunikationsenheten."))
    return channel


@may(*DOERS)
@require_POST
def recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """Read how the account looks and make every check now; what was mended ends."""
    channel = own_account(pk, person(request))
    if channel.state not in auditing.AUDITED:
        raise Refused("not_open", _("Kontot är inte öppet, så det finns inget att kontrollera."))
    trouble = audit_jobs.read(channel, waited_for=True)
    outcome = auditing.audit(channel, timezone.now(), by=person(request).doer)
    tell(request, outcome)
    if trouble is not None:
        feedback.failed(
            request,
            _("Kontot gick inte att läsa, så det är kontrollerat mot det som var känt: %(why)s")
            % {"why": trouble_words(trouble.code, trouble.facts).title},
        )
    back = request.POST.get("tillbaka", "")
    if back.isdigit() and Deviation.objects.filter(pk=back, channel=channel).exists():
        return redirect("register:deviation", int(back))
    return redirect("register:account", pk)


def tell(request: HttpRequest, outcome: auditing.Outcome) -> None:
    """Say what came of an audit."""
    left = len(outcome.opened) + len(outcome.standing)
    if outcome.failed:
        feedback.failed(request, _("En kontroll gick inte att göra. Säg till driften, som ser felet i loggen."))
    if outcome.mended:
        number = len(outcome.mended)
        feedback.done(
            request,
            ngettext(
                "%(n)s avvikelse är åtgärdad och avslutad.", "%(n)s avvikelser är åtgärdade och avslutade.", number
            )
            % {"n": number},
        )
    if outcome.unseen:
        number = len(outcome.unseen)
        feedback.told(
            request,
            ngettext(
                "%(n)s kontroll är inte gjord: ingen kan se det den gäller. Den står på kontots sida.",
                "%(n)s kontroller är inte gjorda: ingen kan se det de gäller. De står på kontots sida.",
                number,
            )
            % {"n": number},
        )
    if left:
        feedback.told(
            request,
            ngettext("Kontrollen hittade %(n)s avvikelse.", "Kontrollen hittade %(n)s avvikelser.", left) % {"n": left},
        )
    elif not outcome.failed and not outcome.unseen:
        feedback.done(request, _("Kontrollen är gjord. Allt är som det ska."))


@may(Role.COMMUNICATIONS)
@require_http_methods(["GET", "POST"])
def exempt(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Write down a decision that a check does not hold for an account until a day (D15)."""
    channel = account_or_404(pk)
    if code not in BY_CODE:
        raise Http404
    form, status = ExemptionForm(request.POST or None), 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            try:
                deviations.exempt(channel, code, **form.cleaned_data, by=person(request), now=timezone.now())
            except Refused as refused:
                form.add_error(None, refused.words)
                status = CONFLICT
            else:
                feedback.done(request, _("Undantaget gäller från i dag."))
                return redirect("register:account", pk)
    context = {"channel": channel, "form": form, "name": check_words.name(code), "check": BY_CODE[code]}
    return render(request, "register/exemption.html", context, status=status)


@may(Role.COMMUNICATIONS)
@require_POST
def end_exemption(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the check hold again."""
    row = get_object_or_404(Exemption.objects.select_related("channel"), pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        raise Refused("no_reason", _("Skriv varför undantaget upphör."))
    deviations.end_exemption(row, reason=form.cleaned_data["reason"], by=person(request).doer, now=timezone.now())
    feedback.done(request, _("Undantaget gäller inte längre. Nästa kontroll räknar med det."))
    return redirect(f"{reverse('register:account', args=[row.channel_id])}#audit")
