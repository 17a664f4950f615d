"""Who has an administrator's rights on the networks themselves (D8, D11): noted here, given and taken there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.organisation import politicians
from uppsikt.organisation.models import Person
from uppsikt.register.models import Administrator


def of(channel: Channel) -> QuerySet[Administrator]:
    """Those who have the rights now, by name."""
    return Administrator.objects.filter(channel=channel, until=None).select_related("person__unit").order_by(
        "person__name", "pk"
    )  # fmt: skip


def add(channel: Channel, person: Person, *, by: Doer, now: datetime) -> Administrator:
    """Note that somebody has an administrator's rights on the network. Raises Refused for who left or is elected."""
    politicians.check(person)
    if not person.is_active:
        raise Refused("not_active", _("%(person)s arbetar inte kvar. Välj någon annan.") % {"person": person.name})
    with transaction.atomic():
        row, made = Administrator.objects.get_or_create(
            channel=channel, person=person, until=None,
            defaults={"since": now, "noted_by_id": by.person_id or person.pk},
        )  # fmt: skip
        if made:
            trail.note("administrator", channel, by=by, at=now, also={"person": person})
    return row


def end(row: Administrator, *, by: Doer, now: datetime, reason: str = "") -> None:
    """Note that somebody has the rights no more."""
    with transaction.atomic():
        if Administrator.objects.filter(pk=row.pk, until=None).update(until=now):
            trail.note("administrator_end", row.channel, by=by, at=now, reason=reason, also={"person": row.person})
