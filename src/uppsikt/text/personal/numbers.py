"""Which number a run of digits is: a card, a person's own number, a telephone, or nobody's.

One detector for all three, since they look alike and the same digits are only one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from uppsikt.text.context import address_of_page, before
from uppsikt.text.finding import Finding
from uppsikt.text.personal import cards, identity, phones
from uppsikt.text.personal.figures import Run, luhn, runs, spoken
from uppsikt.text.prepared import Prepared

NAME, VERSION = "personal.numbers", "1"

WHY = {
    "personnummer": "Här står något som ser ut som ett personnummer.",
    "coordination_number": "Här står något som ser ut som ett samordningsnummer.",
    "phone": "Här står något som ser ut som ett telefonnummer till en person.",
    "card_number": "Här står något som ser ut som ett kortnummer.",
}
_SAID_IDENTITY = re.compile(
    r"person\s?n(?:umm(?:er|ret)|r)|p\.?-?nr|\bpnr|pers\.?\s?nr|samordningsn|födelsen|sista fyra|fyra sista"
)
_THEN_NUMBER = r")\w*[^\w]*(?:\w+\W+){0,4}$"
_CALLS = (
    r"\b(?:ring|tel|tfn|tln|tlf|mobil|mob|sms|swish|nå mig|nås|hemnummer|whatsapp|viber|signal|slå en signal|kontakta|"
    r"hör av (?:dig|er)|text"
)
_CALLED = re.compile(_CALLS + _THEN_NUMBER)
_SAID_PHONE = re.compile(_CALLS + r"|nummer|numret|nr" + _THEN_NUMBER)
_SAID_CARD = re.compile(r"kort|visa|mastercard|amex|cvc|cvv")
# Numbers of things: what follows is not a person's, unless its form says so plainly.
_OF_THINGS = re.compile(
    r"(?:\bocr\b|faktura|order|\bdnr|diarie|\bd\.nr|\borg\.?\s?n|organisationsn|bankgiro|\bbg\b|plusgiro|\bpg\b|"
    r"\bean\b|gtin|isbn|issn|"
    r"artikel|art\.?\s?nr|kolli|spårning|paket|försändelse|serien|serie-?n|kontonummer|konto|iban|clearing|"
    r"kundn|referens|ref\.|"
    r"medlemsn|bokningsn|biljett|fastighet|mätar|anläggnings|versions?\b|produkt|modell)\w*[^\w]*(?:\w+[^\w]+){0,2}$"
)
_OF_FIRMS = re.compile(
    r"växel|kundcenter|kundtjänst|kontaktcenter|medborgarservice|reception|kommunen|kommunens|vårdcentral|biblioteket|"
    r"jourtelefon|felanmäl|support|butik|restaurang|bokning|kansli|sjukhus|tandvård|apotek|polisen|rådgivning|\bfax"
)
_IBAN = re.compile(r"(?<![a-z])[a-z]{2}$")
_COUNTRY = 5  # two check digits and what may stand after them
_PLAIN_LOOKS = 0.9  # a score above this is given by the written form alone
# "850709, fyra sista är 9805"
_APART = re.compile(r"(?<!\d)(\d{6}|\d{8})(?!\d)([^\d\n]{1,40})(?<!\d)(\d{4})(?!\d)")
# "född den 30 september 1986, sista fyra 9888"
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_DATED = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?::e|:a)?\s({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?\s((?:18|19|"
    rf"20)\d\d)(?!\d)([^\d\n]{{1,40}})(?<!\d)(\d{{4}})(?!\d)"
)
_APART_SAID = re.compile(r"sista|streck|minus|sluta|kontroll|följt av|sen |sedan |plus")


def find(prepared: Prepared) -> Iterator[Finding]:
    """Card numbers, personnummer, coordination numbers and people's telephone numbers, one for each place."""
    if not prepared.digits and not spoken(prepared.lower):
        return
    taken: list[tuple[int, int]] = []
    for kind, start, end, score in _places(prepared):
        if any(start < last and first < end for first, last in taken[-50:]):
            continue
        taken.append((start, end))
        if kind == "phone" and prepared.known.number(prepared.plain[start:end]):
            continue
        yield prepared.finding(kind, start, end, score=score, why=WHY[kind], detector=NAME, version=VERSION)


def _places(prepared: Prepared) -> Iterator[tuple[str, int, int, float]]:
    for run in runs(prepared):
        yield from _in_run(run, prepared)
    yield from _apart(prepared.lower)
    if "+" in prepared.plain or "00" in prepared.plain:
        for start, end in phones.abroad(prepared.plain):
            if not address_of_page(prepared.lower, start):
                yield "phone", start, end, 0.85


def _in_run(run: Run, prepared: Prepared) -> Iterator[tuple[str, int, int, float]]:
    first = 0
    while first <= len(run.digits) - 8:
        hit = _begins(run, first, prepared) if first == 0 or run.gaps[first] else None
        if hit is None:
            first += 1
            continue
        kind, last, score = hit
        start = run.starts[first]
        if kind == "phone" and prepared.plain[max(0, start - 1) : start] in {"+", "("}:
            start -= 1
            if start and prepared.plain[start - 1] == "+":
                start -= 1
        yield kind, start, run.ends[last - 1], score
        first = last


def _begins(run: Run, first: int, prepared: Prepared) -> tuple[str, int, float] | None:
    """Which number begins at this digit, where it ends, and the score."""
    lower, start = prepared.lower, run.starts[first]
    said = before(lower, start)
    adjoined = first == 0 and start > 0 and lower[start - 1].isalpha()
    if (last := cards.at(run, first, named=bool(_SAID_CARD.search(said)))) is not None:
        of_things = _OF_THINGS.search(said) or (adjoined and _IBAN.search(said)) or _inside_iban(run, first, lower)
        return None if of_things else ("card_number", last, 0.9)
    named = bool(_SAID_IDENTITY.search(said))
    calling = bool(_SAID_PHONE.search(said))
    of_things = not named and bool(_OF_THINGS.search(said))
    person = identity.at(run, first, named=named)
    phone = phones.at(run, first, prepared.plain, named=calling)
    if person and not (of_things and not run.cuts(person.first, person.last)):
        likelier = phone is not None and not named and _called(run, person, phone, said)
        inside_page = person.score < _PLAIN_LOOKS and address_of_page(lower, start)
        if not likelier and not inside_page:
            return person.kind, person.last, person.score
    if phone is None or of_things or adjoined or address_of_page(lower, start):
        return None
    if not phone.mobile and (_OF_FIRMS.search(said) or _decimals(run, first, lower)):
        return None
    return "phone", phone.last, phone.score


def _called(run: Run, person: identity.Identity, phone: phones.Phone, said: str) -> bool:
    """Whether digits that may be either are a telephone's: somebody asks to be called, or they are grouped as one's."""
    if _hyphen_before_last(run, person):
        return False
    return bool(_CALLED.search(said)) or (phone.mobile and bool(run.cuts(person.first, person.last)))


def _hyphen_before_last(run: Run, person: identity.Identity) -> bool:
    return run.cuts(person.first, person.last) == {person.last - person.first - 4}


def _inside_iban(run: Run, first: int, lower: str) -> bool:
    """Whether the digits go on from an account number that two letters begin (SE45 5000 0000 …)."""
    start = run.starts[0]
    return run.starts[first] - start <= _COUNTRY and bool(_IBAN.search(lower[max(0, start - 3) : start]))


def _decimals(run: Run, first: int, lower: str) -> bool:
    """Whether the digits are the decimals of a number or the rest of one that a comma divides."""
    start = run.starts[first]
    return start > 1 and lower[start - 1] in ".," and lower[start - 2].isdigit()


def _apart(lower: str) -> Iterator[tuple[str, int, int, float]]:
    """A birth date and the last four digits with words between them."""
    for found in _APART.finditer(lower):
        digits = found.group(1) + found.group(3)
        if _APART_SAID.search(found.group(2)) and luhn(digits[-10:]) and (kind := identity.kind_of(digits)):
            yield kind, found.start(), found.end(), 0.8
    for found in _DATED.finditer(lower):
        day, month, year, words, last = found.groups()
        digits = f"{year}{_MONTHS.index(month) + 1:02}{int(day):02}{last}"
        if _APART_SAID.search(words) and luhn(digits[-10:]) and (kind := identity.kind_of(digits)):
            yield kind, found.start(), found.end(), 0.8
