"""The feed of all that happens to the accounts (D7)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from uppsikt.channels import queries as channels
from uppsikt.channels.models import Channel
from uppsikt.register import feed, tabs
from uppsikt.register.feed_forms import FeedForm
from uppsikt.ui import paging
from uppsikt.ui.access import signed_in


@signed_in
@require_GET
def events(request: HttpRequest) -> HttpResponse:
    """What has happened to the accounts, the newest first; all, or one account, or one sort."""
    form = FeedForm(request.GET, accounts=[(pk, name) for pk, name, _unit, _unit_name in channels.listed()])
    chosen = form.chosen()
    channel = Channel.objects.filter(pk=chosen["konto"]).first() if chosen.get("konto") else None
    page = paging.page(request, feed.steps(channel=channel, sort=chosen.get("slag", "")), by="at")
    context = {
        "form": form,
        "narrowed": bool(chosen),
        "events": feed.events(page.rows),
        "page": page,
        "tabs": tabs.of(request, "events"),
    }
    return render(request, "register/events.html", context)
