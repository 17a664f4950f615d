"""The door to the diary: what must be registered, and why (D42; OSL 5 kap. 1 §).

The diary's own room takes it over. Until then the registrar sees the list here, and writes the number.
"""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.moderation import around, queries
from uppsikt.moderation.models import Registering, Removal
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader

SECRET_GROUNDS = frozenset({"rule.secrecy", "rule.sensitive"})
REGISTRAR = Doer.system("registering")


def waiting(reader: Reader) -> QuerySet[Registering]:
    """What must be registered and is not yet, of items that may be read."""
    return Registering.objects.filter(queries.of_readable(reader), state="waits")


def want(item: Item, why: str, *, now: datetime, by: Doer = REGISTRAR) -> Registering:
    """Say that an item must be registered; saying it again changes nothing.

    `why` is one of secrecy, removed, police, incident, ruling.
    """
    known = Registering.objects.filter(item=item).first()
    if known:
        return known
    try:
        with transaction.atomic():
            row = Registering(item=item, why=why, at=now)
            return trail.begin(row, by=by, at=now, step="want", also={"item": item, "why": why})
    except IntegrityError:
        return Registering.objects.get(item=item)


def removed(removal: Removal, *, now: datetime) -> Registering | None:
    """Something is being removed: where it is secret, or removed as such, it must be registered (D42)."""
    if removal.item.secret or removal.ground.code in SECRET_GROUNDS:
        return want(removal.item, "secrecy" if removal.item.secret else "removed", now=now)
    return None


def check(by: Person) -> None:
    """Raise Refused for somebody who does not keep the diary."""
    if Role.REGISTRAR not in by.roles:
        raise Refused("not_registrar", _("Det här gör registratorn."))


def register(row: Registering, *, number: str, by: Person, now: datetime) -> Registering:
    """It stands in the diary under this number. Raises Refused."""
    check(by)
    number = around.check_words(number, _("Skriv diarienumret."))[:60]
    return trail.take("register", row, by=by.doer, at=now, number=number, ended_at=now, ended_by=by)


def leave(row: Registering, *, reason: str, by: Person, now: datetime) -> Registering:
    """It need not be registered, and why. Raises Refused for what is secret: the law leaves no choice there."""
    check(by)
    if row.item.secret:
        raise Refused("secret", _("Det som är sekretessmarkerat ska alltid registreras (OSL 5 kap. 1 §)."))
    reason = around.check_words(reason, _("Skriv varför det inte behöver registreras."))
    return trail.take("leave", row, by=by.doer, at=now, reason=reason, answer=reason, ended_at=now, ended_by=by)
