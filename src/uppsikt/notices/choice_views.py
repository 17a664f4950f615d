"""How one wants to be told: the ways for each kind, quiet hours, addresses, a trial of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from uppsikt.kernel.errors import Refused
from uppsikt.notices import actions, addresses, browsers, queries, words
from uppsikt.notices.forms import CodeForm, HabitsForm, PhoneForm, WebhookForm
from uppsikt.notices.models import Address, Delivery
from uppsikt.notices.rules import ADDRESSED, KINDS, Way
from uppsikt.notices.ways import push, sms, webhook
from uppsikt.organisation import current
from uppsikt.organisation.models import Person
from uppsikt.ui import feedback, live
from uppsikt.ui.access import signed_in


@dataclass(frozen=True, slots=True)
class Cell:
    """One box of the table: what it is sent as, and whether it is chosen; `label` is read aloud."""

    name: str
    chosen: bool
    label: str
    heading: str


def cells(kind: str, chosen: frozenset[Way], ways: list[tuple[Way, str]]) -> list[Cell]:
    """The boxes of one kind of notice."""
    told = actions.kind_words(kind)
    return [Cell(f"{kind}:{way}", way in chosen, f"{told}: {name}", name) for way, name in ways]


def code_form(pk: int, sent: object = None) -> CodeForm:
    """For the code that came to one telephone; several may wait for theirs on one page."""
    return CodeForm(sent, auto_id=f"id_{pk}_%s")  # type: ignore[arg-type]  # a QueryDict or nothing


def context(person: Person, codes: Mapping[int, CodeForm]) -> dict[str, object]:
    """What the page shows; `codes` are the forms for codes that were sent, by the address's key."""
    chosen = queries.choices(person)
    ways = [(way, words.way(way)) for way in Way]
    rows = [(actions.kind_words(kind), cells(kind, chosen[kind], ways)) for kind in KINDS]
    places = list(queries.addresses(person))
    reached = {place.way for place in places if place.confirmed_at and not place.stopped_at}
    return {
        "person": person,
        "ways": [(name, words.about(way)) for way, name in ways],
        "rows": rows,
        "missing": [words.way(way) for way in sorted(ADDRESSED & set().union(*chosen.values())) if way not in reached],
        "places": [
            (place, words.way(Way(place.way)), words.state(place), codes.get(place.pk) or code_form(place.pk))
            for place in places
        ],
        "secrets": {place.pk: webhook.secret_of(place.pk) for place in places if place.way == Way.WEBHOOK},
        "sms_on": sms.is_on(),
        "push_key": push.public_key(),
        "deliveries": sent(person),
    }


def forms_of(person: Person) -> dict[str, forms.BaseForm]:
    """The page's forms, empty."""
    return {
        "habits": HabitsForm(instance=queries.habits(person)),
        "phone": PhoneForm(),
        "webhook": WebhookForm(),
    }


def page(
    request: HttpRequest, person: Person, *, codes: Mapping[int, CodeForm] | None = None, **sent: forms.BaseForm
) -> HttpResponse:
    """The page, with a form that was sent and needs another look."""
    return render(request, "notices/choices.html", {**context(person, codes or {}), **forms_of(person), **sent})


@signed_in
@require_http_methods(["GET", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """Which kinds come by which ways."""
    person = current.person(request)
    if request.method == "POST":
        boxes = set(request.POST.getlist("choice"))
        before = queries.choices(person)
        troubles = []
        for kind in KINDS:
            wanted = frozenset(way for way in Way if f"{kind}:{way}" in boxes)
            if wanted == before[kind]:
                continue
            try:
                actions.choose(person, kind, ways=wanted)
            except Refused as error:
                troubles.append(error.words)
        for trouble in troubles:
            feedback.failed(request, trouble)
        if not troubles:
            feedback.done(request, _("Sparat."))
        return redirect("notices:choices")
    if live.wants_region(request):
        return live.region(request, "notices/parts/sent.html", {"deliveries": sent(person)})
    return page(request, person)


def sent(person: Person) -> list[tuple[Delivery, str, tuple[str, str]]]:
    """What was last handed over, with words for the way and for what became of it."""
    return [(row, words.way(Way(row.way)), words.outcome(row)) for row in queries.deliveries(person)]


@signed_in
@require_POST
def habits(request: HttpRequest) -> HttpResponse:
    """Quiet hours and the daily letter."""
    person = current.person(request)
    form = HabitsForm(request.POST, instance=queries.habits(person))
    if not form.is_valid():
        return page(request, person, habits=form)
    actions.keep_habits(person, **form.cleaned_data)
    feedback.done(request, _("Sparat."))
    return redirect("notices:choices")


@signed_in
@require_POST
def add_phone(request: HttpRequest) -> HttpResponse:
    """Take down a telephone; a code is sent to it."""
    person = current.person(request)
    form = PhoneForm(request.POST)
    if form.is_valid():
        try:
            addresses.add_phone(person, form.cleaned_data["number"], now=timezone.now())
        except Refused as error:
            form.add_error("number", error.words)
        else:
            feedback.done(request, _("En kod är på väg till telefonen. Skriv in den här nedanför."))
            return redirect("notices:choices")
    return page(request, person, phone=form)


@signed_in
@require_POST
def confirm_phone(request: HttpRequest, pk: int) -> HttpResponse:
    """The code that came."""
    person = current.person(request)
    form = code_form(pk, request.POST)
    if form.is_valid():
        try:
            addresses.confirm_phone(person, pk, form.cleaned_data["code"], now=timezone.now())
        except Refused as error:
            form.add_error("code", error.words)
        else:
            feedback.done(request, _("Telefonen är klar att använda."))
            return redirect("notices:choices")
    return page(request, person, codes={pk: form})


@signed_in
@require_POST
def add_push(request: HttpRequest) -> HttpResponse:
    """A browser that said yes; sent by the page's script."""
    person = current.person(request)
    place = addresses.add_push(
        person,
        request.POST.get("subscription", ""),
        label=words.browser(request.headers.get("User-Agent", "")),
        now=timezone.now(),
    )
    feedback.done(request, _("Den här webbläsaren visar nu dina aviseringar."))
    response = redirect("notices:choices")
    browsers.remember(response, place)
    return response


@signed_in
@require_POST
def add_webhook(request: HttpRequest) -> HttpResponse:
    """Take down a webhook."""
    person = current.person(request)
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            addresses.add_webhook(
                person, form.cleaned_data["url"], label=form.cleaned_data["label"], now=timezone.now()
            )
        except Refused as error:
            form.add_error("url", error.words)
        else:
            feedback.told(request, _("Adressen är sparad. Tryck på Prova: när den har svarat börjar den användas."))
            return redirect("notices:choices")
    return page(request, person, webhook=form)


@signed_in
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an address away."""
    addresses.remove(current.person(request), pk, now=timezone.now())
    feedback.done(request, _("Borttagen."))
    return redirect("notices:choices")


@signed_in
@require_POST
def try_out(request: HttpRequest, way: str, pk: int = 0) -> HttpResponse:
    """Send a trial by one way."""
    person, now = current.person(request), timezone.now()
    if way not in set(Way):
        raise Refused("no_such_way", _("Det sättet finns inte. Ladda om sidan."))
    place: Address | None = addresses.to_try(person, Way(way), pk) if way in ADDRESSED else None
    actions.try_out(person, Way(way), address=place.pk if place else None, now=now)
    feedback.told(request, _("Provet är på väg. Hur det gick står under Senast skickat om en liten stund."))
    return redirect("notices:choices")
