"""What the workers run for notices."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.kernel.queue import job
from uppsikt.notices import actions
from uppsikt.notices.models import Letter


@job("notices.send_letter", queue="mail")
def send_letter(letter_id: int) -> None:
    """Send a letter."""
    actions.send_letter(Letter.objects.get(pk=letter_id), now=timezone.now())
