"""What the register shows of accounts when it is looked at: some of each state, an order on its way, an opening."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

import factories
from journeys import rooms
from register import ordering_support as support
from register.ordering_support import House
from uppsikt.channels import actions as channels
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.register import opening, ordering
from uppsikt.register.order_models import Opening, Order


def accounts() -> tuple[Any, ...]:
    """Accounts in the register: in trouble, read, known alone, being opened, with a name that takes all the room."""
    now = timezone.now()
    rooms.troubled("communications", now)
    rooms.channel(now, name="Biblioteksbloggen", address="https://blogg.alvsta.example/bibliotek")
    known("facebook", "Badhuset", now)
    named(house(now), now)
    known("instagram", rooms.HOSTILE[:150], now)
    return ()


def known(network: str, name: str, now: datetime) -> Any:
    """An account that is known and not connected."""
    unit = factories.municipality("Kultur och fritid").unit
    return channels.enlist(
        network=network, name=name, address=f"https://{network}.example/{len(name)}", unit=unit,
        responsible=factories.person(Role.OFFICER, unit=unit), central=False, by=rooms.SYSTEM, now=now,
    )  # fmt: skip


def account() -> tuple[Any, ...]:
    """One account."""
    return (rooms.troubled("communications", timezone.now()).pk,)


def entry() -> tuple[Any, ...]:
    """An account whose line is to be filled in."""
    return (known("facebook", "Badhuset", timezone.now()).pk,)


def house(now: datetime, role: str = "") -> House:
    """The people around an order; the one who is logged in is one of them."""
    made = support.house(now=now - timedelta(days=2))
    if role:
        setattr(made, role, rooms.reader(role))
    return made


def order(state: str, role: str = "") -> Order:
    """An order that has come so far."""
    now = timezone.now()
    return support.at(house(now, role), state, now=now - timedelta(hours=3))


def orders() -> tuple[Any, ...]:
    """Orders of each sort, one of them from outside and without a name."""
    now = timezone.now()
    made = house(now, "communications")
    for state in ("sent", "consulting", "proposed", "approved", "refused", "central"):
        support.at(made, state, now=now - timedelta(hours=5), name=f"Biblioteken {state}")
    support.at(made, "consulting", now=now, name=rooms.HOSTILE[:150])
    Order.objects.create(source="e-tjansten", outside_number="1", outside_name=rooms.HOSTILE[:100], made_at=now)
    return ()


def half() -> tuple[Any, ...]:
    """An order of the one who is logged in, with most of it missing."""
    me: Person = rooms.reader("officer")
    return (ordering.begin(by=me, now=timezone.now(), name="Badhuset").pk,)


def step(name: str) -> tuple[Any, ...]:
    """One step of the guided form, with a central account to think of."""
    now = timezone.now()
    factories.channel(name="Älvsta kommun", central=True, now=now)
    order = ordering.begin(by=rooms.reader("officer"), now=now, network="facebook")
    return (order.pk, name)


def sent() -> tuple[Any, ...]:
    """An order that waits for the manager who is logged in."""
    return (order("sent", "manager").pk,)


def consulting() -> tuple[Any, ...]:
    """An order that the communications unit is to be heard on."""
    factories.channel(name="Älvsta kommun", central=True, now=timezone.now())
    return (order("consulting", "communications").pk,)


def proposed() -> tuple[Any, ...]:
    """An order for which a central account was proposed."""
    return (order("proposed", "manager").pk,)


def begun() -> tuple[Any, ...]:
    """An opening whose account is not made yet."""
    return (order("approved", "communications").pk,)


def named(made: House, now: datetime) -> Opening:
    """An opening whose account has its address."""
    row = support.at(made, "approved", now=now - timedelta(hours=3))
    it = Opening.objects.select_related("order__unit", "order__responsible").get(order=row)
    opening.name_account(it, address="https://blogg.alvsta.example/nytt", handle="nytt", by=made.officer, now=now)
    return it


def missing() -> tuple[Any, ...]:
    """An opening with much that is missing."""
    now = timezone.now()
    factories.channel(name="Älvsta kommun", central=True, now=now)
    return (named(house(now, "communications"), now).order_id,)
