"""Registration plates (vägtrafikförordningen 2019:382): three letters, two digits, and a digit or a letter.

Three letters and three digits are a plate only where a vehicle is spoken of; so are many roads, courses and products.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from uppsikt.text.finding import Finding
from uppsikt.text.prepared import Prepared

NAME, VERSION = "personal.vehicles", "1"

WHY = "Här står något som ser ut som en bils registreringsnummer."

# Ordinary plates have no I, Q, V among the letters and no O last; personal and foreign ones may, and people misread.
_LETTER = "[a-z]"
_PLATE = re.compile(
    rf"(?<![^\W_])(?<![\-/.@#])(?P<letters>{_LETTER}[\s.\-]?{_LETTER}[\s.\-]?{_LETTER})(?P<gap>[\s\-._·*]{{0,2}}|/)"
    rf"(?P<digits>\d[\s.\-]?\d[\s.\-]?(?:\d|[a-z]))(?![^\W_])(?![\-/.,]\d)"
)
_SAID = re.compile(
    r"\b(?:reg|regnr|reg\.?\s?nr|regnumm\w*|registreringsn\w*|registreringssk\w*|nummerplåt\w*|plåt\w*|skylt\w*|"
    r"bil|bilen|bilar|bils|bilens|"
    r"firmabil\w*|personbil\w*|skåpbil\w*|lastbil\w*|elbil\w*|husbil\w*|husvagn\w*|släp\w*|moped\w*|mopeden|"
    r"motorcykel\w*|mc|mc:n|epa|epan|"
    r"epatraktor\w*|a-traktor\w*|traktor\w*|fordon\w*|taxi\w*|volvo\w*|saab\w*|audi\w*|bmw\w*|mercedes\w*|"
    r"merca\w*|toyota\w*|tesla\w*|"
    r"kia|skoda\w*|škoda\w*|ford\w*|opel\w*|peugeot\w*|renault\w*|nissan\w*|mazda\w*|honda\w*|hyundai\w*|vw|"
    r"volkswagen\w*|golf|passat\w*|"
    r"v70\w*|v60\w*|xc60|xc90|citro[eë]n\w*|seat|dacia\w*|subaru\w*|fiat\w*|suv|suv:en|kombi|parkera\w*|"
    r"parkering\w*|felparkera\w*|p-böter|"
    r"körde|kör|körs|kört|körning|körsätt|föraren?|äger|ägare|bilist\w*|bilägare\w*|ägaren|fortkör\w*|"
    r"rattfull\w*|smet|smitolycka|smitning|trafikfara|"
    r"vansinneskör\w*|omkörning\w*|tuta\w*|blockera\w*|rödljus|rött ljus|krock\w*|påkörd|prejade|bärg\w*|"
    r"avställd|däck)\b"
)
_NO_PLATES = frozenset(
    """iso din sfs bmw ral max min pdf usb sek eur usd nok dkk gbp tel fax mob box sms nmt gsm jas sas avs ans pga
    cia fbi rut rot lss lvu lvm lpt kap art sid del lag dnr doc jpg png mp3 dvd bbc cnn svt kth slu fhm msb skr
    pol pos dec jun jul aug sep okt nov mon tue rum sal bus ngc""".split()
)
_SURE = re.compile(r"(?:reg|plåt|skylt)\w*\W{0,3}(?:\w+\W+){0,3}$")


def find(prepared: Prepared) -> Iterator[Finding]:
    """Plates, where the sentence speaks of a vehicle or its form says enough."""
    lower = prepared.lower
    if not prepared.digits:
        return
    for found in _PLATE.finditer(lower):
        score = _score(prepared, found)
        if score:
            yield prepared.finding(
                "vehicle", found.start(), found.end(), score=score, why=WHY, detector=NAME, version=VERSION
            )


def _score(prepared: Prepared, found: re.Match[str]) -> float:
    """How sure it is that this is a plate; 0: it is none."""
    lower, (start, end) = prepared.lower, found.span()
    letters, digits, gap = found["letters"], found["digits"], found["gap"]
    said, follows = lower[max(0, start - 80) : start], lower[end : end + 60]
    if _SURE.search(said):
        return 0.95
    if letters in _NO_PLATES:
        return 0.0
    spread = len(letters) > len("abc") or len(digits) > len("123")
    capitals = prepared.plain[start : start + len(letters)].isupper()
    spoken_of = bool(_SAID.search(said) or _SAID.search(follows))
    if spread:
        return 0.7 if spoken_of and (capitals or not gap.isspace()) and _even(letters, digits) else 0.0
    if spoken_of:
        return 0.9 if capitals else 0.6 if gap.strip() == "" and gap != "\n" and not _word(letters, gap) else 0.0
    return 0.6 if capitals and digits[-1].isalpha() and prepared.plain[end - 1].isupper() and gap in {"", " "} else 0.0


_WORDS = frozenset(
    """har den det kan ska ger tar var och hon han vid för nej nya nyss dag ett tre sex sju max runt kör ca typ
    min mer upp ner per""".split()
)


def _word(letters: str, gap: str) -> bool:
    """Whether small letters before digits are a word and a number ("har 123") rather than a plate."""
    return gap == " " and letters in _WORDS


def _even(letters: str, digits: str) -> bool:
    """Whether the letters, or the digits, are spread out all alike ("a b c 1 2 3")."""
    return len(letters) in {3, 5} and len(digits) in {3, 5}
