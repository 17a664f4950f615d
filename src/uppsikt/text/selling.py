"""Advertising, spam, copyright and party politics (guideline, appendix 1: no commercial messages, no protected works,
no arena for politics; D68). One word never suffices: rules count signs of different sorts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from uppsikt.text.finding import Finding
from uppsikt.text.passage import Claim, Mark, Passage

BY = ("selling", "2")
ADVERTISING = Claim("advertising", 0.75, "Inlägget ser ut att sälja en vara eller en tjänst.", *BY)
SPAM = Claim("spam", 0.85, "Inlägget ser ut som skräppost eller bedrägeri.", *BY)
SPAM_LINKS = Claim("spam", 0.7, "Inlägget är nästan bara länkar.", *BY)
SPAM_AGAIN = Claim("spam", 0.7, "Inlägget säger samma sak om och om igen.", *BY)
PIRATE = Claim("copyright", 0.7, "Inlägget verkar sprida film, musik eller program utan lov.", *BY)
PASTED = Claim("copyright", 0.6, "Inlägget verkar återge någon annans text i sin helhet.", *BY)
POLITICS = Claim("politics", 0.7, "Inlägget uppmanar andra att rösta på, eller mot, ett parti.", *BY)
PRICE = re.compile(r"\b\d[\d ]{0,7}(?::-|\s?(?:kr|kronor|sek|€|euro|usd|\$))(?!\w)|\$\s?\d{2,}|\b\d{1,2}\s?%")
LINK = re.compile(
    r"https?://\S+|\blänk(?:en)? i (?:bion?|profilen|min profil)\b"
    r"|\bwww\.\S+|\b(?:bit\.ly|t\.me|wa\.me|tinyurl\.com|cutt\.ly)/\S*"
)
ELSEWHERE = re.compile(r"\b(?:whatsapp|telegram)\b|\S@\S")
PHONE = re.compile(r"(?<!\d)(?:\+46|0)[\d ()-]{7,14}\d")
# Of the municipality's own doings people write with the same words.
PUBLIC = frozenset(
    """badhuset badhus simhallen biblioteket kommunen kommunens skolan förskolan fritidsgården föreningen föreningens
    loppis loppmarknad insamling välgörenhet cancerfonden röda korset pensionärer medlemmar återvinningscentralen
    bussbiljett månadskort biljett biljetter entré inträde avgift avgiften avgifter taxan taxa hyran""".split()
)
ENOUGH = 3
REPEATED = 5
LINKS_ENOUGH = 3
MOSTLY = 0.7
# Ordinary words, unless a pirate's name stands beside them.
PARTY_SAID = frozenset("rösta " + letters for letters in "s m sd v kd mp c l".split())
PIRATE_ONLY = frozenset(("kostar bara", "alla kanaler", "alla kanalerna", "alla filmer", "se gratis", "se hela serien"))
# Where one votes for other things than parties.
CONTEST = frozenset("tävling tävlingen tävlar årets pris priset namn finalen stipendiet nominerade".split())
SHORT = 12
LINE = 10
PASTED_FROM = 5
WARNS = frozenset(
    "varning varna varnar bluff bluffmejl bedrägeri bedrägerier bedragare lurad lurade akta fick fått falskt".split()
)


def advertising(passage: Passage) -> Iterator[Finding]:
    """Signs of a sale: an offer, an invitation to buy, goods, a price, a contact. Three sorts of them make it one."""
    signs = {tag: passage.tagged(tag) for tag in ("offer", "sell", "goods")}
    found = {tag for tag, marks in signs.items() if marks}
    if not {"offer", "sell"} & found or passage.prepared.own:
        return
    text = passage.text
    found |= {name for name, sign in (("price", PRICE), ("link", LINK), ("phone", PHONE)) if sign.search(text)}
    words = {word.text for word in passage.words}
    doubt = bool(PUBLIC & words) + text.rstrip().endswith("?") + bool({"var", "finns", "någon", "tips"} <= words)
    sold = "sell" in found or {"offer", "price"} <= found
    if sold and len(found) - doubt >= ENOUGH:
        marks = sorted(signs["offer"] + signs["sell"], key=lambda mark: mark.start)
        yield passage.finding(ADVERTISING, marks[0], marks[-1])


def spam(passage: Passage) -> Iterator[Finding]:
    """What comes in masses: its own phrases, several weak signs with a link, links alone, the same thing repeated."""
    if passage.prepared.own:
        return
    strong, weak = passage.tagged("spam_strong"), passage.tagged("spam_weak")
    kinds = {passage.said(mark) for mark in weak}
    linked = any(sign.search(passage.text) for sign in (LINK, PRICE, PHONE, ELSEWHERE))
    asked = "?" in passage.text and len(passage.words) < SHORT and not LINK.search(passage.text)
    said = strong and not asked and not passage.told(strong[0]) and not _talk(passage)
    if said and (linked or kinds or len(strong) > 1 or len(passage.words) < SHORT):
        yield passage.finding(SPAM, strong[0], strong[-1])
    elif len(kinds) + linked >= ENOUGH + 1 and linked:
        yield passage.finding(SPAM, weak[0], weak[-1])


def _talk(passage: Passage) -> bool:
    """Whether the text talks about such things, as people do who were cheated or who warn."""
    words = {word.text for word in passage.words}
    return bool(
        words & {"varning", "varna", "bluff", "bedrägeri", "bedragare", "lurad", "lurade", "akta", "någon", "fick"}
    )


def flood(passage: Passage) -> Iterator[Finding]:
    """Links and hardly anything else, or one word or line repeated."""
    words = passage.words
    if passage.prepared.own or len(words) < REPEATED:
        return
    links = list(LINK.finditer(passage.text))
    inside = sum(match.end() - match.start() for match in links)
    whole = Mark("", words[0].start, words[-1].end, 0, len(words) - 1, 0)
    if len(links) >= LINKS_ENOUGH and inside > MOSTLY * len(passage.text.strip()):
        yield passage.finding(SPAM_LINKS, whole)
    lines = [line.strip() for line in passage.text.split("\n") if len(line.strip()) > LINE]
    if len(lines) >= REPEATED and len(set(lines)) <= len(lines) // REPEATED:
        yield passage.finding(SPAM_AGAIN, whole)


def copyright_breach(passage: Passage) -> Iterator[Finding]:
    """Whole works offered, by the names and words that only pirates use, or pasted in from behind a wall."""
    for mark in passage.tagged("pirate_offer"):
        pirate = passage.tagged("pirate")
        linked = LINK.search(passage.text) and passage.said(mark) not in {
            "kostar bara",
            "alla kanaler",
        }
        if (pirate or linked) and not _warned(passage, mark):
            yield passage.finding(PIRATE, mark)
            return
    for mark in passage.tagged("pirate"):
        if LINK.search(passage.text) and not _warned(passage, mark):
            yield passage.finding(PIRATE, mark)
            return
    for mark in passage.tagged("pasted"):
        if not passage.denied(mark) and len(passage.words) >= PASTED_FROM:
            yield passage.finding(PASTED, mark)
            return


def _warned(passage: Passage, mark: Mark) -> bool:
    words = {word.text for word in passage.words}
    return passage.denied(mark) or bool(words & {"olagligt", "olaglig", "illegalt", "polisen", "stäm", "varning"})


def politics(passage: Passage) -> Iterator[Finding]:
    """A call to vote for or against a party. An opinion on a party's doings is no such call."""
    if passage.prepared.own:
        return
    for mark in passage.tagged("vote"):
        party = passage.near(mark, "party", before=2, after=4)
        words = passage.said(mark)
        if party is None and words == "rösta på" and {"dem", "dom", "oss"} & set(passage.after(mark, 1)):
            party = next(iter(passage.in_sentence(mark, "party")), None)
        if (
            words == "rösta på"
            and {"oss", "mig"} & set(passage.after(mark, 1))
            and not CONTEST & passage.sentence(mark)
        ):
            yield passage.finding(POLITICS, mark)
            return
        if words in PARTY_SAID and (len(passage.sentence(mark)) <= SHORT // 2 or not passage.after(mark, 1)):
            yield passage.finding(POLITICS, mark)
            return
        plain = words.startswith(
            ("en röst", "rösta", "röstar", "lägg din", "ge ", "din röst", "kryssa", "personkryssa")
        )
        if party is None and "valstug" not in words and words not in {"vår valfilm", "vårt valmanifest"}:
            continue
        if party and not plain and not passage.tagged("election"):
            continue
        asked = {"varför", "vem", "vilka", "hur"} & passage.sentence(mark) or "jag" in passage.before(mark, 2)
        if not (asked or passage.told(mark)):
            yield passage.finding(POLITICS, mark, party or mark)
            return


RULES: tuple[Callable[[Passage], Iterator[Finding]], ...] = (advertising, spam, copyright_breach, politics)
# These look at texts in which no listed word stands, too.
ALWAYS: tuple[Callable[[Passage], Iterator[Finding]], ...] = (flood,)
