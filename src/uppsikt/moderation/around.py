"""What blocks, rulings, reports, incidents and the rest have in common: checks, whom they wait for, reminders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from uppsikt.connectors.base import Deed
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import delegation, effects
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


def reminded(rows: models.QuerySet[Row], *, now: datetime) -> Iterator[Row]:
    """Those whose time is out, once a day, each with its step in the transaction that is open."""
    found = rows.filter(due_at__lt=now).select_for_update(of=("self",), skip_locked=True)
    listed: list[Any] = list(found.select_related("item__channel__unit", "by").order_by("pk"))
    for row in listed:
        if row.due_at + DAY * row.reminders < now:
            trail.take("remind", row, by=effects.MODERATOR, at=now, reminders=row.reminders + 1)
            yield row


@contextmanager
def only_one(code: str, words: str) -> Iterator[None]:
    """A transaction in which something is begun that there may be one of; Refused where the database has one."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Refused(code, words) from error


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


def with_role(role: Role, item: Item, *, now: datetime) -> list[Person]:
    """Those who hold a role for the channel's unit."""
    return list(organisation.people_with_role(role, at=now, unit=item.channel.unit))


def proof_of(item: Item) -> Evidence | None:
    """The newest kept evidence of the item."""
    return Evidence.objects.filter(item=item, state="kept").order_by("-pk").first()


def due_in(now: datetime, rule: str) -> datetime:
    """When something that came now is owed, by a rule in working days."""
    return policy.due(now, days=policy.number(rule)).at
