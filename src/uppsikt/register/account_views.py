"""All accounts, and the page of one: what is known of it, put together of what each part of the register knows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.channels import pages, queries, words
from uppsikt.channels.forms import FilterForm
from uppsikt.channels.models import Channel
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import current
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.register import entries, opening, tabs
from uppsikt.register.entry_forms import EntryForm
from uppsikt.register.order_queries import ORDERERS
from uppsikt.register.panels import PANELS
from uppsikt.register.sheet_views import TAKERS
from uppsikt.ui import feedback, names
from uppsikt.ui.access import may, signed_in


@signed_in
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account that the municipality knows of, by name (D5, D12)."""
    form = FilterForm(request.GET, units=names.in_order(queries.units_with_channels()))
    chosen = form.chosen()
    page = names.page(request, queries.for_list(at=timezone.now(), **chosen))
    rows = [
        (row, words.network_icon(row.network), words.network(row.network), pages.state_tag(row)) for row in page.rows
    ]
    context = {
        "form": form,
        "narrowed": bool(chosen),
        "rows": rows,
        "page": page,
        "tabs": tabs.of(request, "accounts"),
        "may_order": bool(set(ORDERERS) & current.person(request).roles),
        "may_take_in": bool(set(TAKERS) & current.person(request).roles),
    }
    return render(request, "register/accounts.html", context)


@signed_in
@require_GET
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: who answers for it, what it is for, and what each part of the register knows of it."""
    channel = get_object_or_404(Channel.objects.select_related("unit__department", "responsible__unit"), pk=pk)
    now = timezone.now()
    made = [panel for make in PANELS if (panel := make(request, channel, now)) is not None]
    context = {
        "channel": channel,
        "entry": entries.of(channel),
        "tag": pages.state_tag(channel),
        "icon": words.network_icon(channel.network),
        "network": words.network(channel.network),
        "panels": made,
        "changes": keeps(current.person(request), channel),
        "now": now,
        "tabs": tabs.of(request, ""),
    }
    return render(request, "register/account.html", context)


def keeps(person: Person, channel: Channel) -> bool:
    """Whether the person keeps the account's line: who answers for it, the unit's manager, the communications unit."""
    manages = queries.gives_mandates(person, channel)
    return manages or channel.responsible_id == person.pk or Role.COMMUNICATIONS in person.roles


@may(*ORDERERS)
@require_http_methods(["GET", "POST"])
def change_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """What the register says of the account (D9, D14)."""
    channel, person = get_object_or_404(Channel.objects.select_related("unit"), pk=pk), current.person(request)
    if not keeps(person, channel):
        raise Refused(
            "not_yours", _("Bara den som ansvarar för kontot, chefen och kommunikationsenheten kan ändra uppgifterna.")
        )
    form = EntryForm(request.POST or None, initial=EntryForm.of(entries.of(channel)))
    if request.method == "POST" and form.is_valid():
        entries.change(channel, **form.cleaned_data, by=person.doer, now=timezone.now())
        feedback.done(request, _("Uppgifterna är ändrade."))
        return redirect("register:account", pk)
    return render(request, "register/change_entry.html", {"channel": channel, "form": form})


@may(Role.COMMUNICATIONS)
@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """The account was open on its network before it was known here (D12)."""
    channel = get_object_or_404(Channel, pk=pk)
    reason = request.POST.get("reason", "").replace("\0", "").strip()[:1000]
    opening.take_over(channel, reason=reason, by=current.person(request), now=timezone.now())
    feedback.done(request, _("Noterat. Granskningen säger vad kontot saknar."))
    return redirect("register:account", pk)
