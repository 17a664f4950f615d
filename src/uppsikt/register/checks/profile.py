"""What the account shows of itself: who sends, to whom one turns, the logo, whether one can comment (D13-D15, D39)."""

from __future__ import annotations

from uppsikt.register.checks.base import Check

CHECKS: tuple[Check, ...] = ()
