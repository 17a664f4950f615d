"""Payment card numbers (ISO/IEC 7812): a known issuer's beginning, its length, and the check digit."""

from __future__ import annotations

import re

from uppsikt.text.personal.figures import Run, luhn

_ISSUERS = re.compile(
    r"4\d{15}(?:\d{3})?"  # Visa
    r"|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[68]\d)\d{11}"  # Diners Club
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}"  # Discover, JCB
    r"|(?:50[0-9]{2}|5[6-9]\d\d|6[0-9]{3})\d{12}"  # Maestro, of the usual length
)
_LENGTHS = (19, 16, 15, 14)
_GROUPS = (frozenset({4, 8, 12}), frozenset({4, 10}), frozenset({4, 8, 12, 16}), frozenset({8}), frozenset[int]())
_LEAST_DIFFERENT = 2  # one digit over and over is no number


def at(run: Run, first: int, *, named: bool) -> int | None:
    """Where the card number that begins at the run's digit `first` ends; None if none does."""
    for length in _LENGTHS:
        last = first + length
        if last > len(run.digits) or not run.alone(first, last):
            continue
        digits, cuts = run.digits[first:last], run.cuts(first, last)
        usual = cuts in _GROUPS or len(cuts) == length - 1 or named or run.spoken
        if usual and _ISSUERS.fullmatch(digits) and len(set(digits)) >= _LEAST_DIFFERENT and luhn(digits):
            return last
    return None
