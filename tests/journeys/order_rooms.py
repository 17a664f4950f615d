"""What the register shows of accounts when it is looked at: some of each state, an order on its way, an opening."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from journeys import rooms


def accounts() -> tuple[Any, ...]:
    """Accounts in the register."""
    now = timezone.now()
    rooms.troubled("communications", now)
    rooms.channel(now, name="Biblioteksbloggen", address="https://blogg.alvsta.example/bibliotek")
    return ()


def account() -> tuple[Any, ...]:
    """One account."""
    return (rooms.troubled("communications", timezone.now()).pk,)
