"""A house where accounts are ordered: a unit with a manager and two colleagues, and a communications unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import factories
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.register import ordering
from uppsikt.register.order_models import Order

NEEDS: dict[str, Any] = {
    "network": "wordpress",
    "name": "Biblioteken i Älvsta kommun",
    "subject": "library",
    "purpose": "Visa vad biblioteken erbjuder och svara på frågor",
    "goals": "Fler besök från dem som läser lite",
    "audience": "Unga vuxna i kommunen",
    "languages": ["sv", "en"],
    "why_not_central": "Frågorna är många och kräver bibliotekariers kunskap",
    "hours_a_week": Decimal("4.0"),
    "days_between_posts": 14,
    "contact_email": "biblioteket@alvsta.example",
    "terms_read": True,
}


@dataclass
class House:
    """The people by what they do."""

    unit: Unit
    officer: Person
    colleague: Person
    manager: Person
    communications: Person
    stranger: Person


def house(*, now: datetime = factories.THURSDAY) -> House:
    """A unit with its people; the manager is the manager of that unit alone."""
    unit = factories.municipality("Biblioteken").unit
    manager = factories.person(name="Maj Chef", unit=unit)
    organisation.give_role(
        person=manager, role=Role.MANAGER, unit=unit, by=factories.TESTER, now=now.replace(year=2020)
    )
    return House(
        unit,
        factories.person(Role.OFFICER, name="Olle Officer", unit=unit),
        factories.person(Role.OFFICER, name="Kim Kollega", unit=unit),
        manager,
        factories.person(Role.COMMUNICATIONS, name="Karin Kommunikation", unit=factories.municipality("Staben").unit),
        factories.person(Role.OFFICER, name="Sara Annan", unit=factories.municipality("Gator").unit),
    )


def draft(made: House, *, now: datetime = factories.THURSDAY, **fields: Any) -> Order:
    """A whole order that is not sent."""
    order = ordering.begin(by=made.officer, now=now)
    given = {**NEEDS, "unit": made.unit, "responsible": made.officer, "second": made.colleague, **fields}
    return ordering.write(order, by=made.officer, now=now, **given)


# How each state is come to from the one before it.
WAYS: dict[str, tuple[str, Callable[[House, Order, datetime], Order]]] = {
    "sent": ("draft", lambda made, order, now: ordering.send(order, by=made.officer, now=now)),
    "asked": ("sent", lambda made, order, now: ordering.ask(order, reason="Skriv mer", by=made.manager, now=now)),
    "refused": ("sent", lambda made, order, now: ordering.refuse(order, reason="Nej", by=made.manager, now=now)),
    "withdrawn": ("sent", lambda made, order, now: ordering.withdraw(order, reason="Nej", by=made.officer, now=now)),
    "consulting": ("sent", lambda made, order, now: ordering.approve(order, reason="", by=made.manager, now=now)),
    "proposed": (
        "consulting",
        lambda made, order, now: ordering.propose_central(
            order, central=factories.channel(central=True), reason="Den når fler", by=made.communications, now=now
        ),
    ),
    "central": ("proposed", lambda made, order, now: ordering.use_central(order, reason="", by=made.manager, now=now)),
    "approved": (
        "consulting", lambda made, order, now: ordering.agree(order, reason="", by=made.communications, now=now)
    ),
}  # fmt: skip


def at(made: House, state: str, *, now: datetime = factories.THURSDAY, **fields: Any) -> Order:
    """An order that has come so far."""
    if state == "draft":
        return draft(made, now=now, **fields)
    before, go = WAYS[state]
    return go(made, at(made, before, now=now, **fields), now)
