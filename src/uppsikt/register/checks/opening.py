"""What an opening asks for beside what the account shows (D9, D16)."""

from __future__ import annotations

from uppsikt.register.checks.base import Check

CHECKS: tuple[Check, ...] = ()
