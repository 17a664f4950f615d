"""All accounts, and the page of one: what is known of it, put together of what each part of the register knows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from uppsikt.channels import pages, queries, words
from uppsikt.channels.forms import FilterForm
from uppsikt.channels.models import Channel
from uppsikt.register import entries, tabs
from uppsikt.register.panels import PANELS
from uppsikt.ui import names
from uppsikt.ui.access import signed_in


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
    context = {"form": form, "narrowed": bool(chosen), "rows": rows, "page": page, "tabs": tabs.of(request, "accounts")}
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
        "now": now,
        "tabs": tabs.of(request, ""),
    }
    return render(request, "register/account.html", context)
