"""What is nobody's secret: the municipality's own addresses and numbers, so that they raise no alarm."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

_NOT_DIGIT = re.compile(r"\D")


@dataclass(frozen=True)
class Known:
    """The allow-list: the authority's own contacts, which it wants to be published.

    `contacts` holds e-mail addresses ("kontakt@kommun.se"), whole domains ("@kommun.se") and street addresses
    ("Storgatan 1"); `numbers` telephone and organisation numbers in any written form. Case and spaces do not count.
    """

    contacts: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    @cached_property
    def _contacts(self) -> frozenset[str]:
        return frozenset(" ".join(contact.lower().split()) for contact in self.contacts)

    @cached_property
    def _numbers(self) -> frozenset[str]:
        return frozenset(national(number) for number in self.numbers)

    def contact(self, words: str) -> bool:
        """Whether an e-mail address or a street address is one of our own."""
        words = " ".join(words.lower().split())
        return words in self._contacts or ("@" in words and "@" + words.rpartition("@")[2] in self._contacts)

    def number(self, number: str) -> bool:
        """Whether a number, however written, is one of our own."""
        return bool(self._numbers) and national(number) in self._numbers


def national(number: str) -> str:
    """A number's digits alone, a Swedish telephone number as dialled at home ("+46 (0)220-240 00" is "022024000")."""
    digits = _NOT_DIGIT.sub("", number)
    for prefix in ("0046", "46") if number.strip().startswith(("+", "00")) else ():
        if digits.startswith(prefix):
            return "0" + digits[len(prefix) :].lstrip("0")
    return digits


NOBODY = Known()
