"""Reads of orders and openings."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.models import Step
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import STAFF, Role
from uppsikt.register import order_rules
from uppsikt.register.order_models import Opening, Order
from uppsikt.register.order_states import UNDER_WAY

# Whoever works with channels or answers for a unit may order an account.
ORDERERS = (*STAFF, Role.MANAGER)


def address(order: Order) -> str:
    """Where the order is shown, without the host."""
    return f"/konton/bestallningar/{order.pk}/"


def listed(person: Person) -> QuerySet[Order]:
    """Orders that have been sent, and the person's own drafts."""
    drafts = Q(by=person) | Q(by=None) if decides_all(person) or Role.MANAGER in person.roles else Q(by=person)
    # One that was taken back before it was sent was never anybody else's.
    rows = Order.objects.filter(Q(sent_at__isnull=False) | drafts)
    return rows.select_related("unit", "by", "responsible")


def unwritten(person: Person) -> Order | None:
    """An order that the person has begun and written nothing in."""
    empty = dict.fromkeys(order_rules.TEXTS, "")
    rows = Order.objects.filter(by=person, state="draft", second=None, hours_a_week=None, **empty)
    return rows.order_by("pk").first()


def decides_all(person: Person) -> bool:
    """Whether the person is one of the communications unit."""
    return Role.COMMUNICATIONS in person.roles


def is_manager(person: Person, order: Order) -> bool:
    """Whether the person is the manager who approves for the order's unit (D6)."""
    if Role.MANAGER not in person.roles:
        return False
    units = person.units_as(Role.MANAGER)
    return units is None or order.unit_id in units


def writes(person: Person, order: Order) -> bool:
    """Whether the person may write on the order: whoever began it; where they are not here, those who see to it."""
    nobodys = order.by is None or not order.by.is_active
    own = order.by_id == person.pk or (nobodys and (decides_all(person) or is_manager(person, order)))
    return own or (order.state == "asked" and order.responsible_id == person.pk)


def opens(person: Person, order: Order) -> bool:
    """Whether the person may see to the opening."""
    own = person.pk in {order.by_id, order.responsible_id, order.second_id}
    return own or decides_all(person) or is_manager(person, order)


def waiting(person: Person) -> QuerySet[Order]:
    """Orders that wait for the person: to approve, to be heard on, to add to, to open."""
    mine = Q(state="asked") & (Q(by=person) | Q(responsible=person))
    if Role.MANAGER in person.roles:
        units = person.units_as(Role.MANAGER)
        mine |= Q(state__in=["sent", "proposed"]) & (Q() if units is None else Q(unit_id__in=units))
    if decides_all(person):
        mine |= Q(state="consulting") | Q(state__in=["draft", "asked"], by=None) | Q(state="asked", by__is_active=False)
    mine |= Q(state="approved") & (Q(responsible=person) | Q(by=person))
    return Order.objects.filter(mine, state__in=[*UNDER_WAY, "draft"]).select_related("unit").order_by("sent_at", "pk")


def central(network: str = "") -> QuerySet[Channel]:
    """The central channels that an order could use instead, those on the same network first in their own list."""
    rows = Channel.objects.filter(central=True).exclude(state="closed").order_by("name", "pk")
    return rows.filter(network=network) if network else rows


def opening_of(order: Order) -> Opening | None:
    """The order's opening, once it was approved."""
    return Opening.objects.filter(order=order).select_related("channel").first()


def steps(order: Order, opening: Opening | None) -> list[Step]:
    """The trail of an order and its opening, newest first."""
    rows = list(trail.steps_of(order).exclude(name="write"))
    # That the opening began and ended is said by the order's own steps.
    rows += list(trail.steps_of(opening).exclude(name__in=["begin", "open", "give_up"])) if opening else []
    return sorted(rows, key=lambda step: -step.pk)
