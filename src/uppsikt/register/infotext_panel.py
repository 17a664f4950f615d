"""What an account's page shows of its standing text."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.register import directory, entries, infotext_facts
from uppsikt.register.infotext_languages import ALL
from uppsikt.register.infotext_views import today
from uppsikt.register.panel import Panel


def panel(request: HttpRequest, channel: Channel, now: datetime) -> Panel | None:
    """What the text lacks today, in which languages it is to be had, and where it stands for all to read."""
    if channel.network in directory.NO_ACCOUNT:
        return None
    entry = entries.of(channel)
    said = today(channel, entry)
    context = {
        "pk": channel.pk,
        "seen": said is not None,
        "lacking": [title for title, there in said or () if not there],
        "languages": [ALL[code].name for code in infotext_facts.languages(entry)],
        "listed": entry.listed and channel.state in directory.OPEN,
    }
    return Panel("infotext", _("Infotext"), "register/parts/infotext_panel.html", context)
