"""What every room does after a restore, before anything is started. Composed here, where all rooms can be reached."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.channels import restored as channels
from uppsikt.kernel.trail import Doer
from uppsikt.notices import restored as notices

RESTORER = Doer.system("restore")


def hold(backup: str) -> channels.Held:
    """Hold everything that could go out from a copy that does not know what happened after it was made."""
    now = timezone.now()
    held = channels.hold(backup=backup, by=RESTORER, now=now)
    notices.hold(now=now)
    return held
