"""How an order that came from outside stands is told to the e-service that it came from (D10).

Each telling is an intent of its own. The receiver is told its key: one that comes twice counts once, so a telling
whose fate nobody knows is safely tried again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from uppsikt.channels import connecting
from uppsikt.channels.rules import GIVE_UP_AFTER, wait
from uppsikt.kernel import intents, queue, trail
from uppsikt.kernel.models import Intent
from uppsikt.kernel.trail import Doer
from uppsikt.net import NetError
from uppsikt.register.order_models import Order

TELLER = Doer.system("order_status")
KIND = "order_status"
TAKEN = range(200, 300)


def tell_status(order: Order, *, now: datetime) -> None:
    """Queue a telling of how the order stands, where it came from outside and somebody wants to know."""
    if not (order.source and settings.ORDERS["status_url"]):
        return
    facts = {"source": order.source, "number": order.outside_number, "order": order.pk, "state": order.state}
    with transaction.atomic():
        intent = intents.write(KIND, f"order:{order.pk}", {**facts, "at": now.isoformat()}, by=TELLER, now=now)
        defer(intent)


def defer(intent: Intent, *, at: datetime | None = None) -> None:
    """Queue a telling; those of one order go one at a time."""
    queue.defer("register.tell_status", lock=intent.target, at=at, intent_id=intent.pk)


def deliver(intent_id: int, *, now: datetime) -> None:
    """Tell it, or try again later, whatever state a crash left it in."""
    intent = Intent.objects.get(pk=intent_id)
    if intent.state == "trying":
        intent = intents.trouble(
            "lose", intent, kind="unknown", code="worker_died", facts={}, by=TELLER, now=now
        )  # fmt: skip
        intent = trail.take("not_there", intent, by=TELLER, at=now)
    if intent.state != "written":
        return
    intent = intents.start(intent, by=TELLER, now=now)
    code = told(intent)
    if not code:
        intents.done(intent, {}, by=TELLER, now=now)
        return
    step = "wait" if intent.attempts < GIVE_UP_AFTER else "fail"
    fields = {"ended_at": now} if step == "fail" else {}
    with transaction.atomic():
        intents.trouble(step, intent, kind="retry", code=code, facts={}, by=TELLER, now=now, **fields)
        if step == "wait":
            defer(intent, at=now + timedelta(seconds=wait(intent.attempts)))


def told(intent: Intent) -> str:
    """Hand it over; "" where it was taken, else a code of what went wrong."""
    headers = {"Idempotency-Key": str(intent.key)}
    if settings.ORDERS["status_token"]:
        headers["Authorization"] = f"Bearer {settings.ORDERS['status_token']}"
    body = {**intent.payload, "id": str(intent.key)}
    try:
        with connecting.client() as web:
            answer = web.request("POST", settings.ORDERS["status_url"], headers=headers, json=body)
    except NetError as error:
        return error.code[:40]
    return "" if answer.status in TAKEN else f"http_{answer.status}"
