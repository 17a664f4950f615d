"""On an account's page: how it came to be here, and how far its opening has come."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel, TakeOver
from uppsikt.organisation import current
from uppsikt.organisation.rules import Role
from uppsikt.register.order_models import Clearance, Opening
from uppsikt.register.panel import Panel


def panel(request: HttpRequest, channel: Channel, now: datetime) -> Panel | None:
    """The order and its opening, or by whose word the account was open before it was known here."""
    opening = Opening.objects.filter(channel=channel).select_related("order__by", "order__approved_by").first()
    if opening is not None:
        told = {"opening": opening, "clearance": Clearance.objects.filter(opening=opening).first()}
        return Panel("beslut", _("Beställt och godkänt"), "register/parts/order_panel.html", told)
    over = TakeOver.objects.filter(channel=channel).first()
    waits = channel.state == "opening" and Role.COMMUNICATIONS in current.person(request).roles
    if over is None and not waits:
        return None
    return Panel("beslut", _("Hur kontot kom hit"), "register/parts/taken_over.html", {"over": over, "waits": waits})
