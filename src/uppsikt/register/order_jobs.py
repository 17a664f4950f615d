"""What the workers run for orders."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from uppsikt.kernel.models import Intent
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
    waiting = Intent.objects.filter(kind=order_outside.KIND, state__in=["written", "trying"])
    for intent in waiting.filter(written_at__lt=timezone.now() - timedelta(hours=1))[:100]:
        order_outside.defer(intent)
