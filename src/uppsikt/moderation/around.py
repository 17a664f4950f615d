"""What blocks, rulings, reports, incidents and the rest have in common: checks, whom they wait for, reminders."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from uppsikt.connectors.base import Deed
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import delegation
from uppsikt.moderation.models import Evidence
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import queries as policy
from uppsikt.policy.models import Ground
from uppsikt.records import reading
from uppsikt.records.models import Item

Row = TypeVar("Row", bound=models.Model)
DAY = timedelta(days=1)


def address(sort: str, row: models.Model) -> str:
    """Where it is shown, without the host."""
    return reverse("moderation:matter", args=[sort, row.pk])


def locked(row: Row) -> Row:
    """The row, locked, with what is asked of it."""
    rows = type(row)._default_manager.select_for_update(of=("self",)).select_related("item__channel__unit")
    return rows.get(pk=row.pk)


def check_read(item: Item, by: Person, *, now: datetime) -> None:
    """Raise Refused for an item that the person may not read."""
    if not reading.may_read(reading.reader(by, now=now), item) or item.version_id is None:
        raise Refused("not_there", _("Handlingen finns inte."))


def check_words(text: str, words: str) -> str:
    """The text, which must be there. Raises Refused with the words."""
    if not text.strip():
        raise Refused("no_reason", words)
    return text.strip()


def check_ground(code: str) -> Ground:
    """The ground as it reads now. Raises Refused."""
    found = policy.ground(code)
    if found is None:
        raise Refused("no_ground", _("Välj en grund."))
    return found


def decides(person: Person, item: Item, *, now: datetime) -> bool:
    """Whether the person decides on the channel by the delegation: the unit's manager, or the communications unit."""
    who = delegation.standing(person, item.channel, at=now)
    return who.manager or who.communications


def acts(person: Person, item: Item, *, now: datetime) -> bool:
    """Whether the person may act on the channel: by mandate, or as one who decides."""
    return decides(person, item, now=now) or delegation.may_propose(person, item.channel, Deed.HIDE, at=now)


def check_acts(person: Person, item: Item, *, now: datetime) -> None:
    """Raise Refused unless the person may act on the channel (D21)."""
    if not acts(person, item, now=now):
        delegation.check_propose(person, item.channel, Deed.HIDE, at=now)


def check_decides(person: Person, item: Item, *, now: datetime) -> None:
    """Raise Refused unless the delegation lets the person decide."""
    if not decides(person, item, now=now):
        raise Refused("may_not_decide", _("Det här beslutas av enhetens chef eller kommunikationsenheten."))


def deciders(item: Item, *, now: datetime, but: Iterable[int | None] = ()) -> list[Person]:
    """Who decides on the channel: the unit's managers, and, without any but those named, the communications unit."""
    left_out = set(but)
    found = [one for one in organisation.managers(item.channel.unit, at=now) if one.pk not in left_out]
    if item.channel.central or not found:
        found += [one for one in organisation.people_with_role(Role.COMMUNICATIONS, at=now) if one.pk not in left_out]
    return list({one.pk: one for one in found}.values())


def with_role(role: Role, item: Item, *, now: datetime) -> list[Person]:
    """Those who hold a role for the channel's unit."""
    return list(organisation.people_with_role(role, at=now, unit=item.channel.unit))


def proof_of(item: Item) -> Evidence | None:
    """The newest kept evidence of the item."""
    return Evidence.objects.filter(item=item, state="kept").order_by("-pk").first()


def due_in(now: datetime, rule: str) -> datetime:
    """When something that came now is owed, by a rule in working days."""
    return policy.due(now, days=policy.number(rule)).at


def late(rows: models.QuerySet[Row], *, now: datetime) -> list[Row]:
    """Those whose time is out, and that nobody has been reminded of today; locked, in the transaction that is open."""
    found = rows.filter(due_at__lt=now).select_for_update(of=("self",), skip_locked=True)
    listed: list[Any] = list(found.select_related("item__channel__unit", "by").order_by("pk"))
    return [row for row in listed if row.due_at + DAY * row.reminders < now]


atomic = transaction.atomic
