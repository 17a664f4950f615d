"""Personnummer and coordination numbers (folkbokföringslagen 1991:481 18 §; lag 2022:1697 om samordningsnummer).

Year, month, day, three digits and a check digit; "+" for who has turned a hundred. A coordination number adds 60 to
the day, and where the day of birth is not known its month may be 00 and its day 60.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass

from uppsikt.text.personal.figures import Run, luhn

SHORT, LONG = 10, 12
CENTURIES = ("18", "19", "20")
ADDED_DAY = 60
_LAST_DAY = 91
_DEC = 12
# Where signs stand when people group the digits by meaning: century, year, month, day, and the last four by two.
_BY_MEANING = {SHORT: frozenset({2, 4, 6, 8}), LONG: frozenset({2, 4, 6, 8, 10})}
_ODD_SIGNS = re.compile(r"[,:+]")
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")


@dataclass(frozen=True, slots=True)
class Identity:
    """A number that can be somebody's: which digits of the run, which kind, and how sure its looks make us."""

    kind: str
    first: int
    last: int
    score: float


def at(run: Run, first: int, *, named: bool) -> Identity | None:
    """The number that begins at the run's digit `first`, if one does. `named`: the words before say that it is one."""
    for length in (LONG, SHORT):
        last = first + length
        if last > len(run.digits) or not run.alone(first, last) or _goes_on(run, first, last):
            continue
        digits = run.digits[first:last]
        if length == LONG and not digits.startswith(CENTURIES):
            continue
        kind = kind_of(digits)
        if kind and (score := _looks(run, first, last, named=named)):
            return Identity(kind, first, last, score)
    return None


def _goes_on(run: Run, first: int, last: int) -> bool:
    """Whether the number is a part of a longer one, or of two dates ("2026-05-01 - 2026-06-15")."""
    begins, ends = run.gaps[first] if first else "", run.gaps[last] if last < len(run.digits) else ""
    return begins in {"-", "."} or ends in {"-", "."}


def kind_of(digits: str) -> str:
    """ "personnummer" or "coordination_number" for ten or twelve digits that can be one, else ""."""
    month, day = int(digits[-8:-6]), int(digits[-6:-4])
    if day >= ADDED_DAY:
        return "coordination_number" if month <= _DEC and day <= _LAST_DAY and luhn(digits[-SHORT:]) else ""
    if not 1 <= month <= _DEC or not 1 <= day <= _days(digits, month) or not luhn(digits[-SHORT:]):
        return ""
    return "personnummer"


def _days(digits: str, month: int) -> int:
    """Days of the month; of a February without its century, the 29th of a year that may have been a leap year."""
    years = [int(digits[:4])] if len(digits) == LONG else [int(century + digits[:2]) for century in CENTURIES]
    return max(calendar.monthrange(year, month)[1] for year in years)


def _looks(run: Run, first: int, last: int, *, named: bool) -> float:
    """How much the written form looks like one, 0 for not at all."""
    length, cuts = last - first, run.cuts(first, last)
    if named:
        return 0.99
    signs = {run.gaps[first + cut] for cut in cuts}
    odd = any(_ODD_SIGNS.search(sign) for sign in signs if not _plus_at_hundred(run, first, last, sign))
    single = len(cuts) == length - 1
    if not cuts:
        return 0.93 if length == LONG else 0.8
    if single or run.spoken:
        return 0.85
    if odd or not (cuts <= _BY_MEANING[length] or length == LONG):
        return 0.0
    if _is_time(run, first, last, cuts):
        return 0.0
    return 0.97 if cuts == {length - 4} else 0.85 if length - 4 in cuts or len(cuts) == (length // 2) - 1 else 0.0


def _plus_at_hundred(run: Run, first: int, last: int, sign: str) -> bool:
    return sign.strip() == "+" and run.gaps[last - 4] == sign and first < last


def _is_time(run: Run, first: int, last: int, cuts: frozenset[int]) -> bool:
    """A date and a time of day ("2026-05-01 18.00", "20260501_1800") rather than a number."""
    before_last_four = run.gaps[last - 4]
    if "-" in before_last_four or "+" in before_last_four or not _CLOCK.fullmatch(run.digits[last - 4 : last]):
        return False
    dated = run.digits[first : first + 2] == "20" or len(cuts) > 1
    return dated and (run.gaps[last - 2] in {".", ":"} or before_last_four in {" ", "_"})
