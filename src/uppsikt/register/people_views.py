"""The people around the accounts: rights on the network, mandates, promised hours and real load, who covers whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.channels import queries as channels
from uppsikt.channels.models import Channel, Mandate
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import absences, current
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.forms import PersonField
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF, Role
from uppsikt.policy import courses, guideline
from uppsikt.register import administrators, entries, people_load, tabs
from uppsikt.register.models import Administrator
from uppsikt.register.panel import Panel
from uppsikt.ui import feedback, names
from uppsikt.ui.access import may, signed_in

# Those who may be responsible for an account, and those who run all of them; which ones, the action asks.
KEEPERS = (*STAFF, Role.MANAGER, Role.ADMINISTRATOR)
INVALID = 422
MOST_COVERS = 100
MOST_HOURS = Decimal(200)


class AdministratorForm(forms.Form):
    """Somebody who has the rights of an administrator on the network."""

    person = PersonField(label=lazy("Person"), help_text=lazy("Personens e-postadress."))


class HoursForm(forms.Form):
    """How many hours a week somebody promises for an account."""

    hours = forms.DecimalField(
        label=lazy("Lovade timmar i veckan"), min_value=0, max_value=MOST_HOURS, decimal_places=1, localize=True
    )


@signed_in
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Every account with how many may work there, hours promised and real; and who covers for whom now."""
    now = timezone.now()
    page = names.page(request, Channel.objects.exclude(state="closed").select_related("unit"))
    everywhere = channels.people_for_all(at=now)
    context = {
        "tabs": tabs.of(request, "people"),
        "page": page,
        "rows": lines(page.rows, now=now),
        "everywhere": everywhere,
        "gaps": organisation.departments_without_contact(),
        "covers": absences.coming(Person.objects.filter(is_active=True), at=now)[:MOST_COVERS],
    }
    return render(request, "register/people.html", context)


def lines(rows: Sequence[Channel], *, now: datetime) -> list[dict[str, Any]]:
    """Accounts as the overview shows them; the number of questions does not grow with them."""
    keys = [row.pk for row in rows]
    counted = dict(
        Administrator.objects.filter(channel__in=keys, until=None, person__is_active=True)
        .order_by()
        .values_list("channel_id")
        .annotate(number=Count("pk"))
    )
    held: dict[int | None, set[int]] = defaultdict(set)
    opens: dict[int | None, set[int]] = defaultdict(set)
    standing = Mandate.objects.standing(now).filter(channel__in=keys)
    known = standing.annotate(opens=guideline.knows_it("person_id", at=now))
    for channel, person, able in known.values_list("channel_id", "person_id", "opens"):
        held[channel].add(person)
        if able:
            opens[channel].add(person)
    loads, promised = people_load.of(rows, at=now), entries.of_all(rows)
    return [
        {
            "row": row,
            "administrators": counted.get(row.pk, 0),
            "held": len(held[row.pk]),
            "waiting": len(held[row.pk] - opens[row.pk]),
            "load": loads.get(row.pk),
            "promised": promised[row.pk].hours_a_week,
            "too_much": people_load.too_much(loads.get(row.pk), promised[row.pk].hours_a_week),
        }
        for row in rows
    ]


def panel(request: HttpRequest, channel: Channel, now: datetime) -> Panel | None:
    """On the account's page: who has rights on the network, who has a mandate, what they know, and the time."""
    person = current.person(request)
    held = list(
        channels.mandates(channel, at=now)
        .filter(channel=channel)
        .annotate(opens=guideline.knows_it("person_id", at=now))
    )
    course = courses.of(channel.network)
    done = courses.taken({row.person_id for row in held})
    load = people_load.of([channel], at=now).get(channel.pk)
    promised = entries.of(channel).hours_a_week
    context = {
        "channel": channel,
        "administrators": list(administrators.of(channel)),
        "mandates": [
            (row, course is None or course.code in done.get(row.person_id, set()), bool(getattr(row, "opens", False)))
            for row in held
        ],
        "load": load,
        "promised": promised,
        "too_much": people_load.too_much(load, promised),
        "runs": channels.runs(person, channel),
        "lends": channels.gives_mandates(person, channel),
        "notes": bool(set(STAFF) & person.roles),
        "hours": HoursForm(initial={"hours": promised}),
    }
    return Panel("people", _("Personer och tid"), "register/parts/people.html", context)


def own(request: HttpRequest, pk: int) -> tuple[Channel, Person]:
    """The account and who asks. Raises Refused for somebody who does not run it."""
    channel = get_object_or_404(Channel.objects.select_related("responsible", "unit"), pk=pk)
    person = current.person(request)
    if not (channels.runs(person, channel) or channels.gives_mandates(person, channel)):
        raise Refused(
            "not_yours",
            _("Det är %(name)s, enhetens chef eller kommunikationsenheten som ändrar det här. Be någon av dem.")
            % {"name": channel.responsible.name},
        )
    return channel, person


@may(*KEEPERS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody has an administrator's rights on the network (D8, D11)."""
    channel, person = own(request, pk)
    form = AdministratorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        one = form.cleaned_data["person"]
        try:
            administrators.add(channel, one, by=person.doer, now=timezone.now())
        except Refused as refused:
            form.add_error("person", refused.words)
        else:
            feedback.done(request, _("%(name)s är antecknad som administratör.") % {"name": one.name})
            return redirect("register:account", channel.pk)
    context = {"channel": channel, "form": form, "people": organisation.suggestions(channel.unit)}
    return render(request, "register/administrator.html", context, status=INVALID if request.method == "POST" else 200)


@may(*KEEPERS)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that somebody has the rights no more."""
    row = get_object_or_404(Administrator.objects.select_related("channel", "person"), pk=pk)
    channel, person = own(request, row.channel_id)
    administrators.end(row, by=person.doer, now=timezone.now())
    feedback.done(request, _("%(name)s är inte längre antecknad som administratör.") % {"name": row.person.name})
    return redirect("register:account", channel.pk)


@may(*KEEPERS)
@require_POST
def promise(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how many hours a week are promised (D24)."""
    channel, person = own(request, pk)
    form = HoursForm(request.POST)
    if not form.is_valid():
        raise Refused("no_hours", _("Skriv timmarna som ett tal, till exempel 4 eller 2,5."))
    hours = form.cleaned_data["hours"]
    entries.change(channel, by=person.doer, now=timezone.now(), hours_a_week=hours)
    feedback.done(request, _("De lovade timmarna är sparade."))
    return redirect("register:account", channel.pk)
