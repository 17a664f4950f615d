"""Whether the account is used, found from the website, and ours (D12, D16, D51)."""

from __future__ import annotations

from uppsikt.register.checks.base import Check

CHECKS: tuple[Check, ...] = ()
