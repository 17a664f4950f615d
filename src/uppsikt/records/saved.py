"""Searches that people have named, for themselves or for their unit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person, Unit
from uppsikt.records.models import SavedSearch
from uppsikt.ui import names

MOST = 100


def shown_to(person: Person) -> QuerySet[SavedSearch]:
    """One's own and those of one's unit, by name. A search finds for each what they may read, whoever named it."""
    rows = SavedSearch.objects.filter(Q(owner=person) | Q(unit=person.unit_id, unit__isnull=False))
    return names.in_order(rows.select_related("owner"))


def save(*, name: str, query: str, shared: bool, by: Person, now: datetime) -> SavedSearch:
    """Name a search. Raises Refused without a name, for a name that one has used already, and beyond MOST."""
    row = SavedSearch(owner=by, unit=unit_for(by, shared=shared), name=named(name), query=query, made_at=now)
    if SavedSearch.objects.filter(owner=by).count() >= MOST:
        raise Refused("too_many", _("Du har redan många sparade sökningar. Ta bort någon som du inte använder."))
    with once():
        trail.begin(row, by=by.doer, at=now, step="save", also={"query": query, "shared": shared})
    return row


def change(row: SavedSearch, *, name: str, shared: bool, by: Person, now: datetime) -> SavedSearch:
    """Rename it, or say whose it is. Raises Refused for somebody else's."""
    check(row, by)
    before = {"name": row.name, "unit": row.unit_id}
    row.name, row.unit = named(name), unit_for(by, shared=shared)
    with once():
        row.save(update_fields=["name", "unit"])
        trail.note("change", row, by=by.doer, at=now, also={"before": before, "shared": shared})
    return row


def remove(row: SavedSearch, *, by: Person, now: datetime) -> None:
    """Let go of it. Raises Refused for somebody else's."""
    check(row, by)
    with transaction.atomic():
        trail.note("remove", row, by=by.doer, at=now, also={"query": row.query})
        row.delete()


def check(row: SavedSearch, by: Person) -> None:
    """Raise Refused unless it is the person's own."""
    if row.owner_id != by.pk:
        raise Refused("not_yours", _("Bara %(name)s kan ändra sökningen.") % {"name": row.owner.name})


def named(name: str) -> str:
    """A name fit to be shown. Raises Refused where it is empty."""
    clean = " ".join(name.split())[:80]
    if not clean:
        raise Refused("no_name", _("Ge sökningen ett namn."))
    return clean


def unit_for(person: Person, *, shared: bool) -> Unit | None:
    """The unit that a shared search is for. Raises Refused for somebody who belongs to none."""
    if not shared:
        return None
    if person.unit is None:
        raise Refused("no_unit", _("Du hör inte till någon enhet, så du kan inte dela sökningen."))
    return person.unit


@contextmanager
def once() -> Iterator[None]:
    """A transaction in which a name that is taken is told in words."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused("name_taken", _("Du har redan en sökning med det namnet.")) from error
