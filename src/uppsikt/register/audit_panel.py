"""What an account's page shows of the audit: what is wrong, exemptions, how it looks, what happened last."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import Role
from uppsikt.register import (
    auditing,
    check_words,
    deviation_queries,
    deviation_words,
    feed,
    hand_looks,
    profiles,
)
from uppsikt.register.deviation_forms import EndForm
from uppsikt.register.deviation_views import DOERS
from uppsikt.register.panel import Panel

EVENTS = 8
LOGO = "profile.logo"


def panel(request: HttpRequest, channel: Channel, now: datetime) -> Panel:
    """What is wrong with the account now."""
    who = person(request)
    rows = [deviation_words.line(row) for row in deviation_queries.of_channel(channel)]
    exemptions = [
        (row, check_words.name(row.code), EndForm(auto_id=f"end-{row.pk}-%s"))
        for row in deviation_queries.exemptions(channel, now=now)
    ]
    context = {
        "pk": channel.pk,
        "rows": rows,
        "exemptions": exemptions,
        "unseen": unseen(channel, now),
        "settles": Role.COMMUNICATIONS in who.roles,
        # Before it opens an account has no deviations to write an exemption on (D15).
        "frees": Role.COMMUNICATIONS in who.roles
        and channel.state == "opening"
        and not any(row.code == LOGO for row, _name, _end in exemptions),
        "rechecks": channel.state in auditing.AUDITED
        and bool(who.roles & set(DOERS))
        and deviation_queries.answers_for(who, channel),
    }
    return Panel("audit", _("Kontroll"), "register/parts/audit_panel.html", context)


def unseen(channel: Channel, now: datetime) -> list[check_words.Said]:
    """The checks that nobody can make now, with what to do about it."""
    if channel.state not in auditing.AUDITED:
        return []
    return [check_words.unseen(check.code) for check in auditing.unseen(channel, now)]


def profile_panel(request: HttpRequest, channel: Channel, now: datetime) -> Panel:
    """How the account looks on its network."""
    version = profiles.newest(channel)
    writes = channel.connected_at is None and deviation_queries.answers_for(person(request), channel)
    context = {
        "pk": channel.pk,
        "version": version,
        "looked": hand_looks.newest(channel),
        "writes": writes and channel.state != "closed",
    }
    return Panel("profile", _("Så ser kontot ut"), "register/parts/profile_panel.html", context)


def feed_panel(request: HttpRequest, channel: Channel, now: datetime) -> Panel | None:
    """What happened to the account last."""
    rows = feed.steps(channel=channel).order_by("-at", "-id")[:EVENTS]
    events = feed.events(rows)
    if not events:
        return None
    return Panel(
        "events", _("Senaste händelserna"), "register/parts/feed_panel.html", {"pk": channel.pk, "events": events}
    )
