"""After a restore: what waited to be handed over when the backup was made was handed over since, or is out of date."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from uppsikt.notices.models import Delivery, Letter

CODE = "restored"


def waiting_letters() -> list[str]:
    """The texts of letters that have not left, before `hold` lets go of them."""
    return list(Letter.objects.filter(sent_at=None).values_list("text", flat=True))


def hold(*, now: datetime) -> int:
    """Let nothing that waited go out; how many there were. The notices themselves stay on the page."""
    with transaction.atomic():
        ended = Delivery.objects.filter(ended_at=None).update(ended_at=now, trouble=CODE)
        letters, _by_model = Letter.objects.filter(sent_at=None).delete()
    return ended + letters
