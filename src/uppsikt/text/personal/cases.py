"""A person's case number (court, police, social services, an agency) as against a diary number of the authority.

A diary number points to a matter and is public; a number of somebody's own case points to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from uppsikt.text.context import before
from uppsikt.text.finding import Finding
from uppsikt.text.prepared import Prepared

NAME, VERSION = "personal.cases", "1"

WHY = "Här står något som ser ut som numret på en persons ärende."

# Forms that say by themselves whose they are: police reports, courts' cases.
_POLICE = re.compile(r"(?<![\w-])(?:0?\d{3,4}\s?-\s?)?k\s?-?\s?\d{4,7}\s?-\s?\d{2}(?:\d\d)?(?![\w-])")
_COURT = re.compile(r"(?<![\w-])(?:[btöäfpmk]|pmt|pmö|ut)\s?\d{1,6}\s?-\s?\d{2}(?:\d\d)?(?![\w-])")
_COURT_SAID = re.compile(r"\bmål|mål(?:et)?\b|rätten\b|rätt\b|\bdom(?:en)?\b|åtal|vårdnad|stäm")
_VALUE = r"(?P<value>(?=[\w:/.\-]{0,24}\d\d)[a-zåäö]{0,5}[-/ ]?\d[\w:/\-]{2,22}(?<![:/\-])(?:[ ]\d{3,6})?)"
_NAMED = re.compile(
    r"\b(?P<name>ärende-?n(?:umm(?:er|ret)|r)\.?|ärende-?id|ärende\s?(?:nr\.?|nummer|numret|#)|ärendet?|"
    r"akt-?n(?:umm(?:er|ret)|r)\.?|aktnr|akt\s?(?:nr\.?|nummer)?|"
    r"anmälnings-?n(?:umm(?:er|ret)|r)|anmälan\s?(?:nr\.?|nummer)|polisanmälan|polisanmälningsn\w+|"
    r"diarien\w+(?=\shos\s(?:polis|migr|förs|arb|csn|kron|skattev|åkl))|"
    r"mål-?n(?:umm(?:er|ret)|r)\.?|mål\s?(?:nr\.?|nummer)|dossier-?n?\w*|dossiér|beteckningsn\w+|lma-?n\w*|"
    r"lma-?kort\w*|"
    r"skade-?n(?:umm(?:er|ret)|r)|skadeärende|journal-?n(?:umm(?:er|ret)|r)|journal\s?(?:nr\.?|nummer)|"
    r"patient-?n(?:umm(?:er|ret)|r)|patient-?id|remiss-?n?\w*|"
    r"klient-?n(?:umm(?:er|ret)|r)|klient-?id|brukar-?id|besluts-?n(?:umm(?:er|ret)|r)|ansöknings-?n(?:umm(?:er|"
    r"ret)|r)|ansökan\s?(?:nr\.?|nummer)|"
    r"case\s?(?:nr|number|id)|lvu-?mål|lvu-?ärende|referens-?n(?:umm(?:er|ret)|r)|handläggnings-?n\w+|utrednings-?n\w+)"
    r"(?P<link>\s?(?:är|har|var|hos\s[^\W\d_]+(?:\s(?:är|har|heter))?(?:\s(?:nr\.?|nummer))?|på\s[^\W\d_]+|"
    r"med\s(?:nr|nummer|numret)|nr\.?|nummer|som har (?:nr|nummer)|heter|[:#=]){0,2}[\s:]{1,2})" + _VALUE
)
_DIARY = re.compile(
    r"\bd\.?\s?nr|diari|\bdiariefört|protokoll|sammanträde|remissvar|motion|detaljplan|upphandling|budget|"
    r"medborgarförslag|e-?förslag|granskning"
)
_DIARY_FORM = re.compile(r"(?:[a-zåäö]{2,5}[\s\-/]?)?(?:19|20)\d\d[:/\-.]\d{1,6}(?:[-.]\d+)?")
_BOARD = re.compile(
    r"(?:ks|kf|ksau|bun|bn|sbn|ubn|un|fn|kfn|kn|ktn|tn|mn|mbn|bmn|gn|nf|vn|ton|ksf|stk|rn|vln|sn|son|ifn|von|än|"
    r"oan|afn|arn)[\s\-/]?\d"
)
_WHOSE = re.compile(
    r"\b(?:mitt|min|mina|ditt|din|hans|hennes|hens|sitt|deras|vårt|vår|sonens|dotterns|barnets|mammas|pappas|"
    r"makens|fruns|systers|brors|"
    r"grannens|grannen|[^\W\d_]{3,15}s|jag|mig|försäkringskass\w+|fk|migrationsverk\w+|socialtjänst\w*|socialen|"
    r"soc|polis\w*|kronofogd\w+|arbetsförmedling\w*|csn|"
    r"pensionsmyndighet\w*|tingsrätt\w*|hovrätt\w*|förvaltningsrätt\w*|kammarrätt\w*|överförmyndar\w*|"
    r"familjerätt\w*|vårdnad\w*|lvu|"
    r"försörjningsstöd\w*|ekonomiskt bistånd|bistånd\w*|färdtjänst\w*|ivo|skatteverk\w*|åklagar\w*)\b"
)
# These point out a person whatever stands before them; the others want somebody whose they are.
_PERSONS_OWN = re.compile(
    r"akt|anmäl|polis|mål|dossi|lma|skade|journal|patient|klient|brukar|beslutsn|lvu|beteckn|utredn"
)


def find(prepared: Prepared) -> Iterator[Finding]:
    """Case numbers that point to a person; diary numbers are left alone."""
    lower = prepared.lower
    if not prepared.digits:
        return
    places = {(found.span(), 0.9) for found in _POLICE.finditer(lower)}
    places |= {
        (found.span(), 0.9)
        for found in _COURT.finditer(lower)
        if _COURT_SAID.search(before(lower, found.start(), 60) + lower[found.end() : found.end() + 30])
    }
    if _NAMES.search(lower):
        places |= {(found.span("value"), 0.8) for found in _NAMED.finditer(lower) if _persons(lower, found)}
    end_of_last = 0
    for (start, end), score in sorted(places):
        if start >= end_of_last:
            end_of_last = end
            yield prepared.finding("case_number", start, end, score=score, why=WHY, detector=NAME, version=VERSION)


_NAMES = re.compile(
    r"ärende|diarien|akt|anmäl|mål|dossi|beteckn|lma|skade|journal|patient|remiss|klient|brukar|beslut|ansök|case|lvu|"
    r"referens|handläggn|utredn"
)


def _persons(lower: str, found: re.Match[str]) -> bool:
    """Whether the number is of a person's case, and not one of the diary's."""
    name, value = found["name"], found["value"]
    said = before(lower, found.start(), 60)
    around = said + found["link"]
    if _DIARY.search(said) or (value.isdigit() and len(value) < 4):  # noqa: PLR2004 a section, an item of a list
        return False
    owned = bool(_WHOSE.search(around))
    if _BOARD.match(value) or (_DIARY_FORM.fullmatch(value) and not _PERSONS_OWN.match(name)):
        return bool(re.search(r"\b(?:mitt|min|ditt|hans|hennes|sitt|deras|barnets|sonens|dotterns)\s\w*\s?$", said))
    if _PERSONS_OWN.match(name):
        return not re.fullmatch(r"(?:19|20)\d\d", value)
    return owned or "nr" in name or "nummer" in name or "numret" in name or "-id" in name
