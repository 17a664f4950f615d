"""What the rules that are switches can switch: the rooms above that own the codes say it when they start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a rule switches: its code, what it is called, its duty, and whether it holds by itself."""

    code: str
    name: str | Promise
    duty: str
    on: bool


_OPTIONS: dict[str, Callable[[], list[Choice]]] = {}


def register(key: str, options: Callable[[], list[Choice]]) -> None:
    """Say what the rule `key` switches; called from an AppConfig's `ready`."""
    _OPTIONS[key] = options


def of(key: str) -> list[Choice]:
    """What the rule switches, in the order in which people read it."""
    return _OPTIONS[key]() if key in _OPTIONS else []
