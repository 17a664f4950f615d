"""Every check of the audit, in the order in which people read them."""

from __future__ import annotations

from uppsikt.register.checks import infotext, life, opening, people, profile
from uppsikt.register.checks.base import Check

CHECKS: tuple[Check, ...] = (
    *profile.CHECKS,
    *infotext.CHECKS,
    *people.CHECKS,
    *opening.CHECKS,
    *life.CHECKS,
)
BY_CODE: dict[str, Check] = {check.code: check for check in CHECKS}
