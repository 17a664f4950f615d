"""D20, D66: personnummer, coordination numbers, telephones and cards, in the forms that people write them in.

The numbers are among those that the Swedish Tax Agency and the telecom authority have set apart for tests and fiction.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator

import pytest

from uppsikt.text.known import Known
from uppsikt.text.personal.figures import luhn
from uppsikt.text.personal.identity import kind_of
from uppsikt.text.reading import read

PERSONAL = {"personnummer", "coordination_number", "phone", "email", "address", "vehicle", "card_number", "case_number"}


def found(text: str, known: Known | None = None) -> list[tuple[str, str]]:
    findings = read(text, known=known) if known else read(text)
    return [(finding.kind, finding.quote) for finding in findings if finding.kind in PERSONAL]


def check_digit(nine: str) -> str:
    return next(digit for digit in "0123456789" if luhn(nine + digit))


def dates(first: int, last: int) -> Iterator[tuple[int, int, int]]:
    for year in range(first, last):
        for month in range(1, 13):
            for day in range(1, calendar.monthrange(year, month)[1] + 1):
                yield year, month, day


def test_every_test_number_of_every_day_is_one() -> None:
    """The Tax Agency's test numbers have 980-999 as birth number; every day since 1890, leap days too."""
    for at, (year, month, day) in enumerate(dates(1890, 2027)):
        nine = f"{year % 100:02}{month:02}{day:02}{980 + at % 20}"
        whole = f"{year // 100}{nine}{check_digit(nine)}"
        assert kind_of(whole) == kind_of(whole[2:]) == "personnummer", whole


def test_every_coordination_number_is_one_even_where_the_day_of_birth_is_not_known() -> None:
    """Days 60 to 91 and months 00 to 12 (lag 2022:1697): what is not known is 0."""
    for month in range(13):
        for day in range(60, 92):
            nine = f"64{month:02}{day:02}239"
            assert kind_of(nine + check_digit(nine)) == "coordination_number", nine
    for impossible in ("641392239", "641361239", "640059239"):
        assert kind_of(impossible + check_digit(impossible)) == ""


@pytest.mark.parametrize("day", ["890229", "900431", "901301", "900100", "900132"])
def test_no_such_day_is_no_number(day: str) -> None:
    nine = day + "980"
    assert kind_of("19" + nine + check_digit(nine)) == ""


WRITTEN = [
    "850709-9805",
    "8507099805",
    "19850709-9805",
    "198507099805",
    "1985 07 09 9805",
    "1985-07-09-9805",
    "19850709 9805",
    "850709 9805",
    "850709 - 9805",
    "850709–9805",
    "850709−9805",
    "850709+9805",
    "85.07.09.9805",
    "85 07 09 98 05",
    "8 5 0 7 0 9 9 8 0 5",
    "8-5-0-7-0-9-9-8-0-5",
    "8.5.0.7.0.9-9.8.0.5",
    "1 9 8 5 0 7 0 9 - 9 8 0 5",
    "８５０７０９－９８０５",
    "850\u200b709-98\u200d05",
    "8\ufe0f\u20e35\ufe0f\u20e30709-9805",
    "85O7O9-98O5",
    "85o7o9-98o5",
    "850709_9805",
    "850709/9805",
    "٨٥٠٧٠٩-٩٨٠٥",
    "åttiofem noll sju noll nio nittioåtta noll fem",
    "åtta fem noll sju noll nio streck nio åtta noll fem",
    "850709, de fyra sista är 9805",
    "9 juli 1985 och de fyra sista är 9805",
]


@pytest.mark.parametrize("written", WRITTEN)
def test_a_personnummer_is_found_in_every_written_form(written: str) -> None:
    before, after = "Hon heter så och ", ", säger folk."
    (finding,) = [finding for finding in read(before + written + after) if finding.kind in PERSONAL]
    assert (finding.kind, finding.quote) == ("personnummer", written)
    assert finding.start == len(before)
    assert finding.ground == "rule.sensitive"
    assert "2016/679" in finding.law
    assert written not in finding.why


@pytest.mark.parametrize("written", ["701063-2391", "197010632391", "19701063-2391", "70 10 63 23 91", "640060-2394"])
def test_a_coordination_number_is_told_apart(written: str) -> None:
    assert luhn("".join(filter(str.isdigit, written))[-10:]) or pytest.fail("the example is wrong")
    assert found(f"Numret {written} står på lappen") == [("coordination_number", written)]


@pytest.mark.parametrize(
    "text",
    [
        "Personnummer 850709-9806",  # the check digit is wrong
        "Mötet är 2026-05-01 18.00 i aulan",
        "Öppet 2026-05-01 - 2026-06-15, 08.30-16.30",
        "Bilden heter IMG_20240501_123045.jpg",
        "Dnr KS 2024/00123 och dnr 2024-001234",
        "Organisationsnummer 212000-2080",
        "OCR 8507099805 på fakturan",
        "SFS 2009:400 och 2018:218",
        "Befolkningen var 16 402 personer 2023 och 16 288 år 2022",
        "Det kostade 12 345 678 kronor, inte 11 222 333",
        "ISBN 978-91-7045-123-4",
        "Kontot är SE45 5000 0000 0583 9825 7466",
        "Bankgiro 5050-1055, plusgiro 4 15 27-6",
    ],
)
def test_numbers_of_things_and_days_are_nobodys(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "written",
    [
        "070-1740605",
        "070-174 06 05",
        "0701740605",
        "070 17 40 605",
        "070.174.06.05",
        "070/174 06 05",
        "(070) 174 06 05",
        "+46701740605",
        "+46 70 174 06 05",
        "+46 (0)70-174 06 05",
        "0046 70 174 06 05",
        "0 7 0 1 7 4 0 6 0 5",
        "O7O-174 O6 O5",
        "noll sju noll ett sju fyra noll sex noll fem",
        "nollsjuttio 174 06 05",
        "noll70-1740605",
        "031-390 06 00",
        "08-465 004 00",
        "+46 31 390 06 00",
    ],
)
def test_a_persons_telephone_is_found(written: str) -> None:
    text = f"Ring mig på {written} ikväll"
    ((kind, quote),) = found(text)
    assert kind == "phone"
    assert "".join(filter(str.isalnum, quote)) == "".join(filter(str.isalnum, written))


@pytest.mark.parametrize(
    "text",
    [
        "Ring 112, 1177 eller 114 14",
        "Kundtjänst 0771-567 567 eller 020-12 34 56",
        "Växeln når du på 0220-240 00",
        "Matchen slutade 08-17 10-16",
        "Buss 570 går 07.10 17.40",
    ],
)
def test_numbers_for_all_are_nobodys(text: str) -> None:
    assert found(text) == []


def test_the_municipalitys_own_numbers_are_no_finding() -> None:
    known = Known(contacts=frozenset({"@kommun.example", "Storgatan 1"}), numbers=frozenset({"0220-240 00"}))
    text = "Ring oss på +46 220 24000 eller hej.du@kommun.example, Storgatan 1"
    assert {kind for kind, _quote in found(text)} == {"phone", "email", "address"}
    assert found(text, known) == []


@pytest.mark.parametrize(
    "written",
    [
        "4111 1111 1111 1111",
        "4111111111111111",
        "5555-5555-5555-4444",
        "3782 822463 10005",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
    ],
)
def test_a_card_is_found(written: str) -> None:
    assert found(f"Jag betalade med {written} men fick inget") == [("card_number", written)]


@pytest.mark.parametrize("text", ["Kort 4111 1111 1111 1112", "Kolli 4111111111111111", "Nummer 1234 5678 9012 3456"])
def test_what_is_no_card_is_not(text: str) -> None:
    assert found(text) == []
