"""Where somebody lives: a street with its number, a farm, a box in a stairwell; not the place of a broken lamp.

A street's name alone is no person's, nor is the library's address; a street with a number, or a place after "bor",
is. Times, distances and dates that follow a street's name are no house numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from uppsikt.text.context import after, before
from uppsikt.text.finding import Finding
from uppsikt.text.personal.figures import NUMBER_WORDS
from uppsikt.text.prepared import Prepared

NAME, VERSION = "personal.addresses", "1"

WHY = "Här står en gatuadress med nummer, som kan peka ut var någon bor."
WHY_HOME = "Här står var någon bor."

# A number word after what may be a street: no address without a digit lacks it.
_SPELLED = re.compile(
    r"(?:gatan|vägen|gränd|stigen|torget)\s(?:två|tre|fyra|fem|sex|sju|åtta|nio|tio|elva|tolv|\w{2,7}to[n]|\w+tio)"
)
# Endings that only streets have, and those that a street shares with much else (a slope, a hill, a garden).
_SURE = r"gatan?|gata|vägen|väg|gränden?|gränd|stigen|stig|allén?|esplanaden|torget|torg|leden|gången"
_SHARED = (
    r"backen|backe|ringen|ring|slingan|kroken|svängen|rundan|kullen|kulle|udden|dalen|höjden|åsen|ängen|parken|"
    r"gården|gård|"
    r"hagen|stråket|kajen|platsen|plan|tå|brinken|krok|bågen|lyckan|gärdet|liden|branten|kilen|strand|stranden|"
    r"tomten|terrassen|vreten|skogen|berget|viken|holmen|lunden|lund|byn|by|torp|hult|ryd"
)
_NAME = (
    r"(?:(?:s:t|s:ta|sankt|stora|lilla|norra|södra|östra|västra|övre|nedre|gamla|nya|yttre|inre|[^\W\d_]{2,20}s)\s)?"
)
_WORDS = "|".join(sorted((word for word in NUMBER_WORDS if word not in {"en", "ett"}), key=len, reverse=True))
_NUMBER = rf"(?P<number>\d{{1,3}}|(?:{_WORDS})(?![^\W_]))(?:\s?[a-hj-n](?![^\W_]))?(?!\d)"
_STREET = re.compile(
    rf"(?<![^\W_])(?P<name>{_NAME}(?P<stem>[^\W\d_]{{2,25}}?[-]?)?(?:(?P<sure>{_SURE})|(?P<shared>{_SHARED})))"
    rf"(?:\s?,)?\s(?:nr\.?\s|nummer\s)?{_NUMBER}"
)
_SHORT = re.compile(rf"(?<![^\W_])[^\W\d_]{{3,20}}(?:g|v)\.?\s{_NUMBER}")
_FARM = re.compile(
    rf"\b(?:bor|bodde|bosatt|hemma|adress\w*)[:\s]{{1,2}}(?:är\s)?(?:nu\s|ju\s|numera\s|kvar\s)?(?:på\s|i\s|"
    rf"vid\s)?(?P<place>[^\W\d_]{{3,25}}(?:\s[^\W\d_]{{3,25}})?\s{_NUMBER})"
)
_BOX = re.compile(r"\bbox\s(?P<number>\d{1,5}),?\s(?:se-?)?\d{3}\s?\d{2}\s[^\W\d_]{2,20}")
_STAIRS = re.compile(r"[\s,]{1,2}(?:lgh|lägenhet|lght|vån|våning|tr|uppgång)\b[\s.]{0,2}\w{0,4}")
_POST = re.compile(r"[\s,]{1,3}(?:se-?)?\d{3}\s?\d{2}\s[^\W\d_]{2,20}")
# No street: roads by their kind, and words that only end like one.
_NO_STREET = re.compile(
    r"(?:motor|riks|läns|europa|huvud|cykel|gång|gc-?|in-?farts?|ut-?farts?|genomfarts|järn|bil|buss|körbane|"
    r"lands?|sido|"
    r"lokal|grus|matar|små|villa|gå|affärs|bak|huvud|tvär|gågatan?|halva|flera?|annan|hela|egen|samma|om|av|"
    r"åter|led|rulltrapps|mot|"
    r"fram|till|in|ut|över|under|upp|ned|ner|hem|an|ingen|någon|denna|den|på|en|vatten|skidl?|vandrings|motions|för)"
)
_MEASURE = re.compile(
    r"\s?(?::|[.,]\d|[-–]\s?\d|%|procent|kr\b|kronor|kkr|tkr|mkr|miljon|m\b|meter|km\b|kilometer|"
    r"mil\b|cm\b|mm\b|ton\b|kg\b|"
    r"år\b|års|dag|veck|månad|tim|min\b|minut|sek|gång|ggr|st\b|stycken|personer|bil|lägenheter|bostäder|hus\b|"
    r"elever|barn|platser|träd|"
    r"jan|feb|mars|april|maj|juni|juli|aug|sept|okt|nov|dec|/\d|\d)"
)
_TIME_BEFORE = re.compile(r"\b(?:kl|klockan|den|vecka|v|sid|sidan|punkt|§)\.?\s?$")
_AT_HOME = re.compile(
    r"\b(?:bor|bodde|bosatt|boende|hemma|hem till|adress|adressen|hemadress|granne|grannen|grannar|lägenhet|"
    r"familjen|hälsa på|hos|"
    r"hans|hennes|deras|han|hon|hen|jag|mig|min|mitt|vi|vår|dig|din|person|man|mannen|kvinna|kvinnan|killen|"
    r"tjejen|gubben|kärringen|folkbokförd|"
    r"skriven|flyttat?|flytta|leverera|skicka|posta|åk till|kom till|kör till|gå till|vet var)\b"
)
_THEN_SOMEBODY = re.compile(r"\W{1,3}(?:bor|hon|han|hen|jag|min|mitt|där\s\w+\sbor)\b")
_ADJOINING = 25  # what stands further off than this speaks of something else
_LIVES = re.compile(
    r"\b(?:bor|bodde|bosatt|boende|hemma|adress\w*|granne\w*|familjen|hos|skriven|folkbokförd|flyttat?)\b"
)
_OF_ALL = re.compile(
    r"bibliotek|stadshus|kommunhus|rådhus|skola|skolan|förskola|gymnasi|butik|restaurang|kafé|café|kyrka|"
    r"församling|vårdcentral|museum|museet|"
    r"simhall|ishall|sporthall|idrotts|kontor|förening|lokal|besöksadress|besök oss|öppet|öppettid|välkomm|"
    r"mötesplats|invig|"
    r"arena|hotell|pizzeri|apotek|affär|\bica\b|\bcoop\b|willys|systembolag|polisstation|brandstation|"
    r"återvinning|träffpunkt|fritidsgård|"
    r"konsthall|teater|\bbio\b|galleri|folkets hus|kulturhus|medborgar|kundcenter|kansli|nämnd|förvaltning|"
    r"myndighet|sjukhus|"
    r"\bab\b|postadress|hållplats|busshållplats|stationen|parkering|detaljplan|bygglov|fastighet|kvarter|plats:|"
    r"lokal:|föreläsning|"
    r"utställning|konsert|loppis|samling|mässan|gudstjänst"
)
_PLACE_OF_THING = re.compile(
    r"\b(?:utanför|vid|framför|mittemot|mitt emot|i höjd med|korsningen|intill|nära|bredvid|mellan|hörnet|från|"
    r"längs|avser|gäller|"
    r"lampa\w*|lykt\w*|gatlyse|belysning|hål|potthål|gropen?|brunn|vattenläcka|läcka|snö|plog\w*|sand\w*|"
    r"grävarbete|trafik\w*|olycka\w*)\b"
)


def find(prepared: Prepared) -> Iterator[Finding]:
    """Street addresses with a number, and places that somebody is said to live at."""
    lower = prepared.lower
    if not prepared.digits and not _SPELLED.search(lower):
        return
    end_of_last = 0
    for start, end, home in sorted({*_streets(prepared), *_farms(lower)}):
        if start < end_of_last:
            continue
        end_of_last = _whole(lower, end)
        if prepared.known.contact(lower[start:end]):
            continue
        why, score = (WHY_HOME, 0.92) if home else (WHY, 0.7)
        yield prepared.finding("address", start, end_of_last, score=score, why=why, detector=NAME, version=VERSION)


def _streets(prepared: Prepared) -> Iterator[tuple[int, int, bool]]:
    lower = prepared.lower
    for found in _STREET.finditer(lower):
        start, end = found.span()
        if not found["stem"] and found["name"] == (found["sure"] or found["shared"]):
            continue
        if _NO_STREET.fullmatch(found["stem"] or "") or _measured(lower, end, found):
            continue
        verdict = _verdict(lower, start, end)
        posted = bool(_POST.match(lower, end) or _STAIRS.match(lower, end) or _in_a_list(prepared, start, end))
        if verdict is None and not posted:
            continue
        if found["sure"] or posted or (verdict and _LIVES.search(lower[max(0, start - 25) : start])):
            yield start, end, bool(verdict)
    for found in _BOX.finditer(lower):
        if not _OF_ALL.search(before(lower, found.start(), 60)):
            yield found.start(), found.end(), False
    for found in _SHORT.finditer(lower):
        if not _measured(lower, found.end(), found) and (
            _POST.match(lower, found.end())
            or re.search(
                r"\b(?:bor|bosatt|adress\w*)\s(?:\w+\s)?(?:på\s|i\s|:\s?)?$",
                lower[max(0, found.start() - 30) : found.start()],
            )
        ):
            yield found.start(), found.end(), True


_NAME_OR_NUMBER = re.compile(r"(?:[A-ZÅÄÖ][^\W\d_]+ [A-ZÅÄÖ][^\W\d_]+|\d{4})\s?[,;:\n]\s?$")
_THEN_PHONE = re.compile(r"\s?[,;\n]\s?(?:tel|tfn|mobil|0\d|\+46|\d{3}\s?\d{2}\s)")


def _in_a_list(prepared: Prepared, start: int, end: int) -> bool:
    """Between a person's name or number and a telephone or postal town, as on a card: "Eva Berg, Kullen 5, 070-…"."""
    ahead = _NAME_OR_NUMBER.search(prepared.plain[max(0, start - 45) : start])
    return bool(ahead) or (prepared.plain[start].isupper() and bool(_THEN_PHONE.match(prepared.lower, end)))


def _farms(lower: str) -> Iterator[tuple[int, int, bool]]:
    if "bo" not in lower and "adress" not in lower and "hemma" not in lower:
        return
    for found in _FARM.finditer(lower):
        if not _measured(lower, found.end(), found) and not _VAGUE.match(found["place"]):
            yield found.start("place"), found.end(), True


_VAGUE = re.compile(
    r"(?:cirka|ungefär|högst|minst|över|under|mer|nästan|bara|där|här|inom|drygt|knappt|sedan|minst|totalt|rum|"
    r"plan|våning|vån|vecka|nummer|"
    r"hus|väg|länsväg|riksväg|område|etapp|zon|distrikt|sverige|kommunen|enligt|[^\W\d_]+\s(?:cirka|över|på|i|"
    r"ca|under|minst|plan|våning|väg|riksväg|för|kapitel|med|och|sedan|om))\b"
)


def _measured(lower: str, end: int, found: re.Match[str]) -> bool:
    """Whether the number is a time, a distance, a count or a date and no house's."""
    number = found["number"]
    return bool(
        number == "0"
        or _MEASURE.match(lower, end)
        or _TIME_BEFORE.search(lower[max(0, found.start("number") - 10) : found.start("number")])
    )


def _verdict(lower: str, start: int, end: int) -> bool | None:
    """True: somebody lives there; None: it is a place for all, or where a thing is; False: nothing is said."""
    said, follows = before(lower, start, 60), after(lower, end, 50)
    if _AT_HOME.search(said) or _THEN_SOMEBODY.match(follows):
        return True
    if _OF_ALL.search(said) or _OF_ALL.search(follows[:_ADJOINING]) or _PLACE_OF_THING.search(said[-40:]):
        return None
    return False


def _whole(lower: str, end: int) -> int:
    """The end of the address with the flat and the postal town that follow."""
    for more in (_STAIRS, _POST):
        if found := more.match(lower, end):
            end = found.end()
    return end
