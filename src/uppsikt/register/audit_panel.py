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
    number, to_see = unseen(channel, now)
    context = {
        "pk": channel.pk,
        "rows": rows,
        "exemptions": exemptions,
        "unseen": number,
        "to_see": to_see,
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


def unseen(channel: Channel, now: datetime) -> tuple[int, list[tuple[str, list[str]]]]:
    """How many checks nobody can make now, and what to do about it: each thing to do, with the checks it is for."""
    checks = auditing.unseen(channel, now) if channel.state in auditing.AUDITED else []
    by_todo: dict[str, list[str]] = {}
    for check in checks:
        told = check_words.unseen(check.code)
        by_todo.setdefault(told.todo, []).append(told.name)
    return len(checks), list(by_todo.items())


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
