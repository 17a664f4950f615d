"""What the workers run for notices."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.kernel.queue import job
from uppsikt.notices import delivering, letters
from uppsikt.notices.models import Letter


@job("notices.send_letter", queue="mail")
def send_letter(letter_id: int) -> None:
    """Send a letter."""
    letters.send_letter(Letter.objects.get(pk=letter_id), now=timezone.now())


@job("notices.deliver", queue="mail")
def deliver(delivery_id: int) -> None:
    """Hand over a notice by one of its ways."""
    delivering.deliver(delivery_id, now=timezone.now())


@job("notices.digest", queue="mail", patient=False)
def digest(person_id: int) -> None:
    """The daily letter."""
    delivering.digest(person_id, now=timezone.now())


@job("notices.overdue", queue="upkeep", cron="*/5 * * * *", queueing_lock="notices.overdue")
def overdue(timestamp: int) -> None:
    """The safety net: what should have been handed over long ago is queued anew."""
    delivering.queue(delivering.overdue(now=timezone.now()))
