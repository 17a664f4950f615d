"""Ordering an account: written a bit at a time, sent, decided on by the manager, heard on by the communications unit.

Each deed says who does it; whether they may is asked here, so that no page can forget it (D6, D9, D10).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.organisation import politicians
from uppsikt.organisation.models import Person
from uppsikt.policy import choices
from uppsikt.policy import queries as policy
from uppsikt.register import opening, order_queries, order_rules, order_telling, order_words
from uppsikt.register.order_models import Order
from uppsikt.register.order_rules import Lack

VETO = "order.veto"
FIELDS = tuple(name for names in order_rules.STEPS.values() for name in names)


def veto_choices() -> list[choices.Choice]:
    """What the policy's page lets one choose of the consultation."""
    return [choices.Choice("communications", _("Kommunikationsenheten kan säga nej till ett nytt konto"), "D6", False)]


choices.register(VETO, veto_choices)


def may_veto() -> bool:
    """Whether the policy gives the communications unit a veto (D6)."""
    given: bool = policy.rule(VETO).get("communications", False)
    return given


def begin(*, by: Person, now: datetime, **fields: Any) -> Order:
    """Begin an order, or go on with one in which nothing is written yet. It is its writer's own until it is sent.

    Raises Refused for who may not order.
    """
    if not set(order_queries.ORDERERS) & by.roles:
        raise Refused("not_yours", _("Du kan inte beställa konton. Be din chef eller kommunikationsenheten."))
    if not fields and (begun := order_queries.unwritten(by)) is not None:
        return begun
    fields.setdefault("unit", by.unit)
    fields.setdefault("responsible", by)
    order = Order(by=by, made_at=now, **fields)
    return trail.begin(order, by=by.doer, at=now, step="begin")


def write(order: Order, *, by: Person, now: datetime, **fields: Any) -> Order:
    """Save some of the form's fields, whole or not. Raises Refused for somebody else's order and one that is sent."""
    check_writer(order, by)
    new = {name: value for name, value in fields.items() if getattr(order, name) != value}
    if not new:
        return order
    if "network" in new and "terms_read" not in fields:
        # The terms that were read are another network's (D29).
        new["terms_read"] = False
    return trail.take("write", order, by=by.doer, at=now, **new)


def lacks(order: Order) -> list[Lack]:
    """What the order lacks before it can be sent."""
    return order_rules.lacks({name: getattr(order, name) for name in FIELDS})


def send(order: Order, *, by: Person, now: datetime, reason: str = "") -> Order:
    """Send the order to the unit's manager, with a word if one likes.

    Raises Refused while something is missing, naming all of it (D9).
    """
    check_writer(order, by)
    return send_on(order, by=by.doer, person=by, now=now, reason=reason)


def send_on(order: Order, *, by: Doer, person: Person | None, now: datetime, reason: str = "") -> Order:
    """Send a whole order to the manager, by its writer or as it came from outside."""
    missing = lacks(order)
    if missing:
        raise Refused("incomplete", " ".join(order_words.lack(lack) for lack in missing))
    check_people(order)
    if not order_telling.concerned(order, "manager", now=now):
        raise Refused(
            "no_manager",
            _("Ingen är chef för %(unit)s i Uppsikt. Be systemadministratören lägga in det, så går det att skicka.")
            % {"unit": order.unit},
        )
    with transaction.atomic():
        row = trail.take("send", order, by=by, at=now, reason=reason.strip(), sent_at=order.sent_at or now)
        order_telling.tell(row, but=person, now=now)
    return row


def check_people(order: Order) -> None:
    """Raise Refused where one of the administrators is elected or has left (D34, D11)."""
    for person in (order.responsible, order.second):
        if person is None:
            continue
        politicians.check(person)
        if not person.is_active:
            raise Refused("not_active", _("%(name)s arbetar inte kvar. Välj någon annan.") % {"name": person.name})


def withdraw(order: Order, *, reason: str, by: Person, now: datetime) -> Order:
    """Take the order back; an opening that has begun is given up.

    Raises Refused without a reason, unless it is a draft that nobody else has seen.
    """
    if not (order_queries.writes(by, order) or order_queries.is_manager(by, order)):
        raise Refused("not_yours", _("Bara den som beställde och enhetens chef kan ta tillbaka beställningen."))
    if order.by_id is None or order.sent_at is not None:
        reason = reason_of(reason)
    with transaction.atomic():
        row = trail.take("withdraw", order, by=by.doer, at=now, reason=reason.strip(), ended_at=now)
        # Asked when the order is locked: it may have been approved a moment ago.
        if (begun := order_queries.opening_of(row)) is not None:
            opening.give_up(begun, reason=reason, by=by, now=now)
        if row.by_id is None or row.sent_at is not None:
            order_telling.tell(row, but=by, now=now, reason=reason)
    return row


def ask(order: Order, *, reason: str, by: Person, now: datetime) -> Order:
    """The manager asks for more before deciding."""
    check_manager(order, by)
    return moved("ask", order, reason=reason_of(reason), by=by, now=now)


def approve(order: Order, *, reason: str, by: Person, now: datetime) -> Order:
    """The manager approves; then the communications unit is heard (D6). A reason may be given."""
    check_manager(order, by)
    check_people(order)
    return moved("approve", order, reason=reason, by=by, now=now, approved_by=by, approved_at=now)


def refuse(order: Order, *, reason: str, by: Person, now: datetime) -> Order:
    """The manager says no, with a reason."""
    check_manager(order, by)
    return moved("refuse", order, reason=reason_of(reason), by=by, now=now, ended_at=now)


def agree(order: Order, *, reason: str, by: Person, now: datetime) -> Order:
    """The communications unit has been heard and has nothing against it: the account can be opened."""
    check_communications(by)
    with transaction.atomic():
        row = moved("agree", order, reason=reason, by=by, now=now, **heard(by, reason, now))
        opening.begin(row, by=by.doer, now=now)
    return row


def propose_central(order: Order, *, central: Channel, reason: str, by: Person, now: datetime) -> Order:
    """The communications unit proposes a central account instead; the manager decides (D6, D9)."""
    check_communications(by)
    if not central.central or central.state == "closed":
        raise Refused("not_central", _("Välj en central kanal som finns."))
    fields = {**heard(by, reason_of(reason), now), "central": central}
    return moved("propose_central", order, reason=reason, by=by, now=now, **fields)


def veto(order: Order, *, reason: str, by: Person, now: datetime) -> Order:
    """The communications unit says no. Only where the policy gives it that right (D6)."""
    check_communications(by)
    if not may_veto():
        raise Refused(
            "no_veto", _("Policyn ger inte kommunikationsenheten rätt att säga nej. Föreslå den centrala kanalen.")
        )
    return moved("veto", order, reason=reason_of(reason), by=by, now=now, ended_at=now, **heard(by, reason, now))


def keep(order: Order, *, reason: str, by: Person, now: datetime) -> Order:
    """The manager has heard the proposal and keeps to an account of the unit's own, with a reason."""
    check_manager(order, by)
    with transaction.atomic():
        row = moved("keep", order, reason=reason_of(reason), by=by, now=now)
        opening.begin(row, by=by.doer, now=now)
    return row


def use_central(order: Order, *, reason: str, by: Person, now: datetime) -> Order:
    """The manager takes the central account instead."""
    check_manager(order, by)
    return moved("use_central", order, reason=reason, by=by, now=now, ended_at=now)


def moved(step: str, order: Order, *, reason: str, by: Person, now: datetime, **fields: Any) -> Order:
    """Take a step and tell those whom it concerns."""
    with transaction.atomic():
        row = trail.take(step, order, by=by.doer, at=now, reason=reason.strip(), **fields)
        order_telling.tell(row, but=by, now=now, reason=reason)
    return row


def heard(by: Person, view: str, now: datetime) -> dict[str, Any]:
    """That the communications unit has been consulted, and what it said."""
    return {"consulted_by": by, "consulted_at": now, "view": view.strip()}


def reason_of(reason: str) -> str:
    """A reason that was given. Raises Refused for none."""
    if not reason.strip():
        raise Refused("no_reason", _("Skriv varför. Det du skriver sparas, och den som beställde får läsa det."))
    return reason.strip()


def check_writer(order: Order, by: Person) -> None:
    """Raise Refused for somebody else's order."""
    if not order_queries.writes(by, order):
        raise Refused("not_yours", _("Beställningen är någon annans. Bara den som beställer kan ändra den."))


def check_manager(order: Order, by: Person) -> None:
    """Raise Refused unless the person is the manager who approves for the unit (D6)."""
    if not order_queries.is_manager(by, order):
        raise Refused("not_manager", _("Det är enhetens chef som beslutar om kontot."))


def check_communications(by: Person) -> None:
    """Raise Refused unless the person is one of the communications unit."""
    if not order_queries.decides_all(by):
        raise Refused("not_communications", _("Det är kommunikationsenheten som ska höras."))
