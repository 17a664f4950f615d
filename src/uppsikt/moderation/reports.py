"""Reporting an item to its network (D30): as an intent where the network takes one, else by hand; logged either way."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.channels import actions as channels
from uppsikt.connectors.base import Deed
from uppsikt.kernel import trail
from uppsikt.moderation import around, effects
from uppsikt.moderation.models import NetworkReport
from uppsikt.organisation.models import Person
from uppsikt.records.models import Item

SORT = "anmalningar"


def report(item: Item, *, ground: str, reason: str, by: Person, now: datetime) -> NetworkReport:
    """Report the item to the network's own people. Raises Refused."""
    around.check_read(item, by, now=now)
    around.check_acts(by, item, now=now)
    chosen = around.check_ground(ground)
    row = NetworkReport(item=item, ground=chosen, text=reason.strip(), by=by, at=now)
    with transaction.atomic():
        also = {"item": item, "ground": chosen.code}
        trail.begin(row, by=by.doer, at=now, step="report", reason=row.text, also=also)
        if Deed.REPORT.value not in item.can:
            return trail.take("by_hand", row, by=effects.MODERATOR, at=now)
        row.intent = channels.send_deed(
            item.channel,
            deed=Deed.REPORT,
            to=item.native_id,
            by=by.doer,
            now=now,
            facts={"ground": chosen.code, "text": row.text},
            about={"network_report": row.pk, "item": item.pk},
        )
        row.save(update_fields=["intent"])
    return row


def done_by_hand(row: NetworkReport, *, note: str, by: Person, now: datetime) -> NetworkReport:
    """Somebody reported it on the network's own page. Raises Refused."""
    around.check_acts(by, row.item, now=now)
    return trail.take(
        "done_by_hand", row, by=by.doer, at=now, reason=note.strip(), answer=note.strip(), ended_at=now, ended_by=by
    )


def drop(row: NetworkReport, *, reason: str, by: Person, now: datetime) -> NetworkReport:
    """It is not reported after all. Raises Refused."""
    around.check_acts(by, row.item, now=now)
    reason = around.check_words(reason, _("Skriv varför."))
    return trail.take("drop", row, by=by.doer, at=now, reason=reason, answer=reason, ended_at=now, ended_by=by)
