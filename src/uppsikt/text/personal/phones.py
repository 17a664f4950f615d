"""Telephone numbers of people: mobiles and subscribers' lines, Swedish ones in any written form.

Numbers that only firms and authorities have (020, 0771, 0900, 010) are nobody's personal data. `phonenumbers`
decides what is a number at all; what is asked of its looks before that keeps dates, prices and diary numbers out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from phonenumbers import (
    NumberParseException,
    PhoneNumber,
    PhoneNumberMatcher,
    PhoneNumberType,
    is_valid_number,
    length_of_national_destination_code,
    number_type,
    parse,
)

from uppsikt.text.personal.figures import SHORTEST, Run

MOBILE = re.compile(r"07[02369]\d{7}")
_HOME = 9  # digits of a mobile number without its 0
_LONGEST = 10
_PERSONAL = {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
_PERSONAL |= {PhoneNumberType.PAGER, PhoneNumberType.PERSONAL_NUMBER, PhoneNumberType.VOIP}
_AFTER_AREA = re.compile(r"\s?[-/)]\s?|\)? ")
_LISTED = re.compile(r"[,:\n]")  # these divide numbers from one another, unless they stand between all digits
_WITHIN = {" ", "-"}
_ABROAD = re.compile(r"(?:\+|\b00)\s?[1-9][\d\s().\-/]{6,20}\d")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that can be a person's: which digits of the run, and how sure."""

    first: int
    last: int
    score: float
    mobile: bool


def at(run: Run, first: int, plain: str, *, named: bool) -> Phone | None:
    """The number that begins at the run's digit `first`, if one does. `named`: the words before speak of calling."""
    home = _home(run, first, plain)
    if home is not None:
        return _mobile(run, first, home) or _line(run, first, home, named=True)
    if run.digits[first] == "0":
        return _mobile(run, first, first) or _line(run, first, first, named=named)
    if named and first + _HOME <= len(run.digits) and MOBILE.fullmatch("0" + run.digits[first : first + _HOME]):
        return Phone(first, first + _HOME, 0.75, True) if run.alone(first, first + _HOME) else None
    return None


def abroad(plain: str) -> list[tuple[int, int]]:
    """Places of numbers written with another country's prefix."""
    places = []
    for window in _ABROAD.finditer(plain):
        for match in PhoneNumberMatcher(window.group(), "SE", max_tries=4):
            if match.number.country_code != 46 and number_type(match.number) in _PERSONAL:  # noqa: PLR2004 Sweden
                places.append((window.start() + match.start, window.start() + match.end))
    return places


def _home(run: Run, first: int, plain: str) -> int | None:
    """Where the number goes on after +46 or 0046 (and a bracketed 0, if there is one); None if it has no such."""
    start = run.starts[first]
    digits = run.digits
    if digits.startswith("0046", first):
        return first + 4
    if digits.startswith("46", first) and plain[max(0, start - 2) : start].strip(" (").endswith("+"):
        return first + 2
    return None


def _mobile(run: Run, first: int, home: int) -> Phone | None:
    """A mobile number in any grouping: its prefix and length say enough."""
    begin = home + 1 if home != first and run.digits[home : home + 1] == "0" else home
    last = begin + (_LONGEST if home == first else _HOME)
    if last > len(run.digits) or not run.alone(first, last):
        return None
    digits = run.digits[begin:last] if home == first else "0" + run.digits[begin:last]
    if not MOBILE.fullmatch(digits) or not _valid(digits):
        return None
    cuts = run.cuts(first, last)
    if len(cuts) < last - first - 1 and not run.spoken and any(_LISTED.search(run.gaps[first + cut]) for cut in cuts):
        return None
    usual = not cuts or {3} <= cuts or home != first
    return Phone(first, last, 0.95 if usual else 0.8, True)


def _line(run: Run, first: int, home: int, *, named: bool) -> Phone | None:
    """A subscriber's line: the area code stands by itself, or the words before speak of calling."""
    prefixed = home != first
    begin = home + 1 if prefixed and run.digits[home : home + 1] == "0" else home
    longest = _LONGEST - 1 if prefixed else _LONGEST
    for last in range(min(begin + longest, len(run.digits)), begin + SHORTEST - 2, -1):
        if not run.alone(first, last):
            continue
        area = _grouped(run, begin, last)
        if not area and (not named or _dotted(run, begin, last)):
            continue
        number = _valid(("0" if prefixed else "") + run.digits[begin:last])
        if number and (not area or length_of_national_destination_code(number) + (not prefixed) == area or named):
            return Phone(first, last, 0.9 if named else 0.8, False)
    return None


def _grouped(run: Run, first: int, last: int) -> int:
    """The digits of the area code, if the number is grouped as numbers are: that code, then all at once, by twos and
    threes, or 3-4; else 0."""
    cuts = sorted(run.cuts(first, last))
    if not cuts or not _AFTER_AREA.fullmatch(run.gaps[first + cuts[0]]):
        return 0
    sizes = [end - begin for begin, end in zip(cuts, [*cuts[1:], last - first], strict=True)]
    signs = {run.gaps[first + cut] for cut in cuts[1:]}
    usual = len(signs) <= 1 and signs <= _WITHIN and (len(sizes) == 1 or set(sizes) <= {2, 3} or sizes == [3, 4])
    return cuts[0] if usual else 0


def _dotted(run: Run, first: int, last: int) -> bool:
    return any("." in run.gaps[at] or ":" in run.gaps[at] for at in range(first + 1, last))


def _valid(digits: str) -> PhoneNumber | None:
    try:
        number = parse(digits, "SE")
    except NumberParseException:
        return None
    return number if is_valid_number(number) and number_type(number) in _PERSONAL else None
