"""What the workers run for orders."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.kernel.queue import job
from uppsikt.register import order_outside, ordering

# The queue's workers load this, and with it what the policy lets one choose of orders.
__all__ = ["forgotten", "ordering", "tell_status"]


@job("register.tell_status", queue="send")
def tell_status(intent_id: int) -> None:
    """Tell an e-service how an order stands."""
    order_outside.deliver(intent_id, now=timezone.now())


@job("register.untold", queue="upkeep", cron="*/10 * * * *", queueing_lock="register.untold")
def forgotten(timestamp: int) -> None:
    """No telling is forgotten: one that no job has looked at for a while gets a new job."""
    for intent in order_outside.forgotten(now=timezone.now()):
        order_outside.defer(intent)
