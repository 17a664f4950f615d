"""Removals that wait for one person, for their start page: to decide, to mend, to account for (D45, D71)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from uppsikt.moderation import delegation, queries, words
from uppsikt.moderation.models import Removal, Vanishing
from uppsikt.moderation.waiting import MOST, Waiting, decided_by
from uppsikt.organisation.models import Person
from uppsikt.records.reading import Reader


def for_person(person: Person, reader: Reader, *, now: datetime) -> Iterator[Waiting]:
    """What waits for the person, of items that they may read; what is urgent first."""
    readable = queries.of_readable(reader)
    mine = decided_by(person)
    if mine is not None:
        rows = Removal.objects.filter(mine & readable, state="proposed").exclude(proposed_by=person)
        for row in rows.select_related("item__channel", "ground", "proposed_by").order_by("-urgent", "pk")[:MOST]:
            if delegation.may_decide(person, row, at=now):
                why = _("%(who)s föreslår det. Grund: %(ground)s.") % {
                    "who": row.proposed_by.name,
                    "ground": row.ground.name,
                }
                tone = "danger" if row.urgent else "warning"
                yield of(
                    _("Besluta om en borttagning"), why, "removal", row.pk, tone=tone, channel=row.item.channel.name
                )
    stood = Q(proposed_by=person) | Q(decided_by=person)
    failed = Removal.objects.filter(stood & readable, state="failed")
    for row in failed.select_related("item__channel").order_by("pk")[:MOST]:
        why = words.trouble(row.trouble_code)
        yield of(_("Det ligger kvar på nätet"), why, "removal", row.pk, tone="danger", channel=row.item.channel.name)
    asked = Vanishing.objects.filter(readable, asked=person, state="asked")
    for gone in asked.select_related("item__channel").order_by("pk")[:MOST]:
        why = _("Det är borta ur kanalen utan beslut här.")
        yield of(
            _("Säg vem som tog bort något"), why, "vanishing", gone.pk, tone="warning", channel=gone.item.channel.name
        )


def of(what: str, why: str, view: str, pk: int, *, tone: str, channel: str) -> Waiting:
    """A line that leads to a page of ours."""
    return Waiting(what, why, reverse(f"moderation:{view}", args=[pk]), tone, channel=channel)
