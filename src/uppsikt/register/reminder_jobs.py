"""What the workers run for what waits around the accounts."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.kernel.queue import job
from uppsikt.register import reminders


@job("register.remind", queue="upkeep", cron="10 6 * * 1-5", queueing_lock="register.remind")
def remind(timestamp: int) -> None:
    """Say again what has waited too long, on the mornings when people are at work."""
    reminders.remind(now=timezone.now())
