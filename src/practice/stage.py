"""What a running server has beside the world: its people, its troubles, its limits, its control token."""

from __future__ import annotations

from dataclasses import dataclass

from practice.live import Live
from practice.trouble import Limiter, Troubles
from practice.world import World


@dataclass(slots=True)
class Stage:
    """Handed to those who answer requests."""

    world: World
    live: Live
    troubles: Troubles
    limiter: Limiter
    control_token: str
