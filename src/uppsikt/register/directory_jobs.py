"""What the workers run for the public list."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.kernel.queue import job
from uppsikt.register import directory_changes


@job("register.list_changes", queue="upkeep", cron="*/10 * * * *", queueing_lock="register.list_changes")
def list_changes(timestamp: int) -> None:
    """Write down what has changed in the public list, for those who follow it."""
    directory_changes.note(now=timezone.now())
