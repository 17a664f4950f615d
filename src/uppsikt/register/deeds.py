"""The deed of a transfer as a PDF: who hands what over to whom, by which decision, and what stays (D53-D57)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Max, Min
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from uppsikt.capture import printing
from uppsikt.capture.errors import CaptureFailed
from uppsikt.channels import words as channel_words
from uppsikt.kernel import blobs
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.records.models import Item
from uppsikt.register.closing_models import Transfer
from uppsikt.ui import paper
from uppsikt.ui import queries as looks

# A constant: the document is printed offline, so its look lies in it.
LOOK = mark_safe("""
@page { size: A4; margin: 22mm 20mm; }
body { font: 11pt/1.45 "Inter", "DejaVu Sans", sans-serif; color: #111; }
h1 { font-size: 20pt; margin: 0 0 4mm; }
h2 { font-size: 13pt; margin: 8mm 0 2mm; break-after: avoid; }
p { margin: 0 0 3mm; }
dl { display: grid; grid-template-columns: 52mm 1fr; gap: 1.5mm 4mm; margin: 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
.sign { display: grid; grid-template-columns: 1fr 1fr; gap: 12mm; margin-top: 18mm; break-inside: avoid; }
.sign p { border-top: .2mm solid #111; padding-top: 2mm; }
""")  # our own words


def kept(row: Transfer, *, by: Person, now: datetime) -> str:
    """Print the deed and keep it; returns its digest. Raises Refused where nothing can print."""
    with translation.override("sv"):
        title = _("Överlåtelse av konto")
        body = render_to_string("register/deed.html", told(row, by=by, now=now))
        html = paper.document(body, title=title, language="sv", look=LOOK)
    try:
        made = printing.pdf(html, title=f"{title}: {row.channel.name}")
    except CaptureFailed as failed:
        raise Refused(
            "not_printed", _("Handlingen gick inte att skriva ut just nu. Försök igen om en stund.")
        ) from failed
    return blobs.put(made, "application/pdf", now=now)


def told(row: Transfer, *, by: Person, now: datetime) -> dict[str, object]:
    """What the deed says."""
    # What is secret is counted nowhere that is read by others than those who may know of it (D20).
    rows = Item.objects.filter(channel=row.channel, secret=False)
    return {
        "row": row,
        "channel": row.channel,
        "network": channel_words.network(row.channel.network),
        "municipality": looks.appearance().name,
        "held": rows.aggregate(number=Count("pk"), first=Min("at"), last=Max("at")),
        "by": by,
        "now": now,
    }
