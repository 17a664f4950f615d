"""Who runs the account, with what right (D8, D11, D21, D24, D29, D34)."""

from __future__ import annotations

from uppsikt.register.checks.base import Check

CHECKS: tuple[Check, ...] = ()
