"""Who is told of an order and its opening, with a link to where they do something about it (D6, D7, D10)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from uppsikt.notices import actions as notices
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.register import order_outside
from uppsikt.register.order_models import Order
from uppsikt.register.order_queries import address

KIND = "order"

# What is said when an order has come to a state, and to whom: manager, unit (whoever ordered and is to answer for the
# account) and communications unit. Each is told once, and nobody of what they did themselves.
WORDS: dict[str, tuple[Promise, tuple[str, ...]]] = {
    "sent": (gettext_lazy("%(unit)s vill ha kontot %(name)s. Godkänn, avslå eller be om mer."), ("manager",)),
    "asked": (gettext_lazy("Din chef vill veta mer om kontot %(name)s innan beslut."), ("unit",)),
    "consulting": (
        gettext_lazy("%(unit)s vill ha kontot %(name)s, och chefen har godkänt. Säg vad ni tycker."),
        ("communications",),
    ),
    "proposed": (
        gettext_lazy("Kommunikationsenheten föreslår en central kanal i stället för %(name)s. Chefen avgör."),
        ("manager", "unit"),
    ),
    "approved": (gettext_lazy("Kontot %(name)s är godkänt och kan öppnas."), ("manager", "unit", "communications")),
    "refused": (gettext_lazy("Kontot %(name)s blir inte av. Skälet står i beställningen."), ("manager", "unit")),
    "central": (
        gettext_lazy("Kontot %(name)s blir inte av. Den centrala kanalen används i stället."),
        ("unit", "communications"),
    ),
    "withdrawn": (
        gettext_lazy("Beställningen av kontot %(name)s är återtagen."),
        ("manager", "unit", "communications"),
    ),
    "opened": (gettext_lazy("Kontot %(name)s är öppet."), ("manager", "unit", "communications")),
    # From outside, and not whole: somebody must see to it.
    "draft": (gettext_lazy("En beställning från e-tjänsten behöver kompletteras."), ("communications",)),
}


def concerned(order: Order, group: str, *, now: datetime) -> list[Person]:
    """The people of one group that an order concerns."""
    if group == "manager":
        return organisation.managers(order.unit, at=now) if order.unit else []
    if group == "communications":
        return list(organisation.people_with_role(Role.COMMUNICATIONS, at=now))
    return [person for person in (order.by, order.responsible) if person is not None]


def told_of(order: Order, groups: Iterable[str], *, now: datetime) -> dict[int, Person]:
    """Those whom an order concerns, by their keys."""
    return {person.pk: person for group in groups for person in concerned(order, group, now=now) if person.is_active}


def tell(order: Order, *, but: Person | None, now: datetime, reason: str = "") -> None:
    """Tell those concerned how the order stands, and where it came from; in the open transaction.

    `but` has done it and is not told. `reason` is what they wrote, for somebody outside to read.
    """
    words, groups = WORDS[order.state]
    people = told_of(order, groups, now=now)
    if but is not None:
        people.pop(but.pk, None)
    facts = {"name": order.name, "unit": order.unit.name if order.unit else ""}
    if people:
        notices.tell(people.values(), kind=KIND, words=lambda: str(words) % facts, url=address(order), now=now)
    order_outside.tell_status(order, now=now)
    knowing = {one.email.lower() for one in (*people.values(), but) if one is not None}
    if order.outside_email.lower() not in knowing:
        order_outside.write_to_orderer(order, reason=reason, now=now)
