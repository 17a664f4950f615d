"""The page of an opening: address, checklist, launch, and the button that lets the account out (D11-D16)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from uppsikt.organisation import current
from uppsikt.organisation.models import Person
from uppsikt.register import opening as openings
from uppsikt.register import order_pages, tabs
from uppsikt.register.order_forms import AddressForm, LaunchForm
from uppsikt.register.order_models import Launch, Opening
from uppsikt.register.order_queries import ORDERERS
from uppsikt.ui import feedback
from uppsikt.ui.access import may, signed_in
from uppsikt.ui.attempts import DONE, attempt

SHOWN_WITH = (
    "channel__unit", "channel__responsible", "order__unit__department", "order__by", "order__responsible",
    "order__second",
)  # fmt: skip


def read(pk: int) -> Opening:
    """The opening of an order."""
    return get_object_or_404(Opening.objects.select_related(*SHOWN_WITH), order=pk)


def page(request: HttpRequest, opening: Opening, *, form: AddressForm | None = None, status: int = 200) -> HttpResponse:
    """The opening's page, with the form that was tried where there is one."""
    person: Person = current.person(request)
    context = order_pages.opening_context(opening, person, now=timezone.now())
    written = {"address": opening.channel.address} if opening.channel else {}
    more = {"tabs": tabs.of(request, "orders"), "form": form or AddressForm(initial=written)}
    return render(request, "register/opening.html", {**context, **more}, status=status)


@signed_in
@require_GET
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the opening has come, and what is missing."""
    return page(request, read(pk))


@may(*ORDERERS)
@require_POST
def name_account(request: HttpRequest, pk: int) -> HttpResponse:
    """The account has been made on its network, and this is its address."""
    row, form = read(pk), AddressForm(request.POST)

    def name() -> str:
        openings.name_account(row, **form.cleaned_data, by=current.person(request), now=timezone.now())
        return _("Adressen är sparad. Nu kan du se vad som är på plats och vad som saknas.")

    words, status = attempt(form, name)
    if status != DONE:
        return page(request, read(pk), form=form, status=status)
    feedback.done(request, words)
    return redirect("register:opening", pk)


@may(*ORDERERS)
@require_POST
def launched(request: HttpRequest, pk: int, launch_pk: int) -> HttpResponse:
    """A part of the launch is done, or was not after all."""
    row, form = read(pk), LaunchForm(request.POST)
    rows = Launch.objects.select_related("opening__order", "opening__channel")
    launch = get_object_or_404(rows, pk=launch_pk, opening=row)
    person, now = current.person(request), timezone.now()
    if "undo" in request.POST:
        openings.not_launched(launch, by=person, now=now)
    elif form.is_valid():
        openings.launched(launch, address=form.cleaned_data["address"], by=person, now=now)
    else:
        feedback.failed(request, _("Adressen går inte att läsa. Skriv den som den står i webbläsaren."))
        return redirect("register:opening", pk)
    feedback.done(request, _("Noterat."))
    return redirect("register:opening", pk)


@may(*ORDERERS)
@require_POST
def look_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Read how the account looks on its network now, and check again."""
    row = read(pk)
    openings.check_opener(row.order, current.person(request))
    openings.look_again(row, now=timezone.now())
    feedback.done(request, _("Kontrollerat nyss."))
    return redirect("register:opening", pk)


@may(*ORDERERS)
@require_POST
def open_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the account go live, if all is there that the policy asks for."""
    row, now = read(pk), timezone.now()
    openings.check_opener(row.order, current.person(request))
    openings.look_again(row, now=now)
    openings.open_account(row, by=current.person(request), now=now)
    feedback.done(request, _("Kontot är öppet. Glöm inte att berätta om det."))
    return redirect("register:opening", pk)
