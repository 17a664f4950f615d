"""Whether the standing text says what it must (D14, D67)."""

from __future__ import annotations

from uppsikt.register.checks.base import Check

CHECKS: tuple[Check, ...] = ()
