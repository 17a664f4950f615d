"""Taking in an order from an outside e-service: once for each number there, and on to the manager where it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import IntegrityError, transaction

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Unit
from uppsikt.policy.networks import NETWORKS
from uppsikt.register import order_rules, order_telling, ordering
from uppsikt.register.order_intake import YES, Outside
from uppsikt.register.order_models import Order
from uppsikt.register.rules import SUBJECTS
from uppsikt.register.words import SUBJECTS as SUBJECT_WORDS

RECEIVER = Doer.system("order_intake")


def take_in(outside: Outside, *, now: datetime) -> tuple[Order, bool]:
    """The order, and whether it is new. One that lacks something waits for the communications unit to add it."""
    known = Order.objects.filter(source=outside.source, outside_number=outside.number)
    if (found := known.first()) is not None:
        return found, False
    order = Order(
        made_at=now,
        source=outside.source,
        outside_number=outside.number,
        outside_name=outside.orderer,
        outside_email=good_email(outside.email),
        outside_unit=outside.values.get("unit", "")[:200],
        **fields_of(outside.values),
    )
    try:
        with transaction.atomic():
            trail.begin(order, by=RECEIVER, at=now, step="take_in", also={"number": outside.number})
            pass_on(order, now=now)
    except IntegrityError:
        # Two deliveries of the same order at once: the other was first.
        return known.get(), False
    return Order.objects.get(pk=order.pk), True


def pass_on(order: Order, *, now: datetime) -> None:
    """Send it to the manager, or tell the communications unit that something is missing."""
    try:
        with transaction.atomic():
            ordering.send_on(order, by=RECEIVER, person=None, now=now)
    except Refused:
        order.refresh_from_db()
        order_telling.tell(order, but=None, now=now)


def fields_of(values: Mapping[str, str]) -> dict[str, Any]:
    """The order's fields from what was written; what cannot be understood is left for somebody to add."""
    people = {name: organisation.by_email(values.get(name, "")) for name in ("responsible", "second")}
    plain = {name: values.get(name, "") for name in ("purpose", "goals", "audience", "why_not_central", "upkeep")}
    return {
        **people,
        **plain,
        "unit": unit_of(values.get("unit", "")),
        "network": network_of(values.get("network", "")),
        "name": " ".join(values.get("name", "").split())[:160],
        "subject": subject_of(values.get("subject", "")),
        "hours_a_week": hours_of(values.get("hours_a_week", "")),
        "days_between_posts": days_of(values.get("days_between_posts", "")),
        "contact_email": good_email(values.get("contact_email", "")),
        "contact_phone": values.get("contact_phone", "")[:40],
        "contact_page": good_page(values.get("contact_page", "")),
        "terms_read": values.get("terms_read", "").strip().lower() in YES,
        "languages": ["sv"],
    }


def unit_of(name: str) -> Unit | None:
    """The one unit of that name."""
    rows = list(Unit.objects.filter(name__iexact=name.strip())[:2]) if name.strip() else []
    return rows[0] if len(rows) == 1 else None


def network_of(name: str) -> str:
    """A network's code by its code or its name."""
    asked = name.strip().lower()
    return next((one.code for one in NETWORKS.values() if asked in {one.code, one.name.lower()}), "")


def subject_of(name: str) -> str:
    """A subject's code by its code or its words."""
    asked = name.strip().lower()
    return next((code for code in SUBJECTS if asked in {code, str(SUBJECT_WORDS[code]).lower()}), "")


def hours_of(text: str) -> Decimal | None:
    """Hours a week, with comma or point."""
    try:
        hours = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return round(hours, 1) if hours.is_finite() and 0 < hours <= order_rules.MOST_HOURS else None


def days_of(text: str) -> int | None:
    """A number of days."""
    number = text.strip().lstrip("0")
    if not (number.isascii() and number.isdigit()) or len(number) > len(str(order_rules.MOST_DAYS)):
        return None
    return int(number) if int(number) <= order_rules.MOST_DAYS else None


def good_email(text: str) -> str:
    """An e-mail address, or nothing."""
    try:
        validate_email(text.strip())
    except ValidationError:
        return ""
    return text.strip()[:254]


def good_page(text: str) -> str:
    """A page's address, or nothing."""
    try:
        URLValidator(schemes=["http", "https"])(text.strip())
    except ValidationError:
        return ""
    return text.strip() if len(text.strip()) <= 500 else ""  # noqa: PLR2004  # as long as the column
