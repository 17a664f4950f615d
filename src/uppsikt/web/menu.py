"""What stands in the side menu, the bell and the search field."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from uppsikt.inbox import queries as inbox
from uppsikt.notices import queries as notices
from uppsikt.organisation import current
from uppsikt.ui import nav


def open_cases(request: HttpRequest) -> int:
    """How many cases the person may answer; the inbox's own pages have counted already."""
    counted: int | None = getattr(request, "open_cases", None)
    if counted is not None:
        return counted
    return inbox.open_count(current.person(request), now=timezone.now())


def unread(request: HttpRequest) -> int:
    """How many notices the person has not read."""
    return notices.unread_count(current.person(request))


def register() -> None:
    """Tell the look of the rooms' pages, in the order in which they stand."""
    nav.register(nav.Item("sun", _("Idag"), "web:today", order=10))
    nav.register(nav.Item("eye", _("Uppsikten"), "oversight:start", order=15))
    nav.register(nav.Item("inbox", _("Inkorg"), "inbox:list", order=20, count=open_cases))
    nav.register(nav.Item("broadcast", _("Kanaler"), "channels:channels", order=30))
    nav.register(nav.Item("journal-text", _("Konton"), "register:accounts", order=32))
    nav.register(nav.Item("archive", _("Handlingar"), "records:records", order=40))
    nav.register(nav.Item("bar-chart", _("Siffror"), "inbox:figures", order=45))
    nav.register(nav.Item("flag", _("Förgranskning"), "triage:page", order=46))
    nav.register(nav.Item("shield-check", _("Borttaget"), "moderation:queue", order=47))
    nav.register(nav.Item("diagram-3", _("Organisation"), "organisation:units", order=50))
    nav.register(nav.Item("calendar-event", _("Frånvaro"), "organisation:absence", order=55))
    nav.register(nav.Item("chat-square-text", _("Lämna över en fråga"), "inbox:hand_over", order=57))
    nav.register(nav.Item("book", _("Regler"), "policy:page", order=60))
    nav.register(nav.Item("database", _("Drift"), "web:upkeep", order=65))
    nav.register(nav.Item("shield-check", _("Sigill"), "web:seals", order=66))
    nav.register(nav.Item("gear", _("Inställningar"), "ui:appearance", order=70))
    nav.register_palette("web:palette")
    nav.register_bell("notices:notices", unread)
    nav.register_search("records:records")
    nav.register_account("organisation:me")
