"""E-mail addresses of people, also those written so that no machine should see them: "anna snabel-a x punkt se".

Addresses of an office (info@, kontakt@) and the authority's own are nobody's personal data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from uppsikt.text.finding import Finding
from uppsikt.text.prepared import Prepared

NAME, VERSION = "personal.emails", "1"

WHY = "Här står något som ser ut som en persons e-postadress."
WHY_HIDDEN = "Här står en e-postadress skriven så att den ska vara svår att hitta."

_LOCAL = r"[^\W_][\w.+%\-]{0,63}"
_LABEL = r"[^\W_](?:[\w\-]{0,61}[^\W_])?"
_PLAIN = re.compile(rf"(?<![\w.+%\-@/]){_LOCAL}@(?:{_LABEL}\.){{1,6}}[^\W\d_]{{2,24}}(?![\w@])")

_TOP = (
    r"se|nu|com|net|org|eu|info|fi|no|dk|de|uk|co\.uk|io|me|name|biz|app|dev|email|edu|gov|pl|ru|fr|es|it|nl|eus|at|ch|"
    r"be|ee|lv|lt|is"
)
# The sign itself with air around it, or a word for it; a bare "at" or "a" only when brackets or signs set it apart.
_AT_WORD = r"snabel[\s\-]?a|alfaslang|kanelbulle|snabel"
_AT = (
    rf"(?:\s{{0,2}}[(\[{{<*_\-|]{{1,2}}\s?(?:@|at|a|{_AT_WORD})\s?[)\]}}>*_\-|]{{1,2}}\s{{0,2}}"
    rf"|\s{{0,2}}@\s{{0,2}}|\s{{1,2}}(?:{_AT_WORD})\s{{1,2}}|(?:snabel-?a)|\sat\s)"
)
_DOT = (
    r"(?:\s{0,2}[(\[{<*_\-|]{1,2}\s?(?:\.|dot|punkt|prick)\s?[)\]}>*_\-|]{1,2}\s{0,2}"
    r"|\s{1,2}(?:dot|punkt|prick)\s{1,2}|\s{1,2}\.\s{0,2}|\.\s{0,2}|,(?=(?:com|se|nu|net)(?![\w])))"
)
# Whole words, hyphens within them but not before a word that means a sign; never given back, so that no text is slow.
_PART = r"(?>[a-z0-9åäöéü+_]{1,40}(?:-(?!(?:at|a|dot|punkt|prick|snabel)\b)[a-z0-9åäöéü]{1,40}){0,3})"
_HIDDEN = re.compile(
    rf"(?<![\w.@])(?<!\w-)(?:{_PART}{_DOT}){{0,3}}{_PART}{_AT}(?:{_PART}{_DOT}){{1,4}}(?:{_TOP})(?![\w@])"
    rf"|(?<![\w.@])[a-z0-9åäö][\w.+\-]{{0,40}}?snabel-?a{_LABEL}(?:\.|{_DOT})(?:{_TOP})(?![\w@])"
)
# "k a l l e @ x . s e"
_SPREAD = re.compile(r"(?<!\S)(?:[\w.+\-][ ]){2,40}@(?:[ ][\w.\-]){4,40}(?!\S)")
_HIDDEN_SIGN = re.compile(r"snabel|alfaslang|kanelbulle|[(\[{<*_\-|]\s?(?:@|at|a)\s?[)\]}>*_\-|]|@|\sat\s")
_BARE_AT = re.compile(r"\sat\s")
_SPOKEN_DOT = re.compile(r"dot|punkt|prick|[(\[{<*_\-|]\.")
_MAIL_SAID = re.compile(r"mail|mejl|e-?post|adress|skriv|kontakt|nå mig|nås|hör av")
_NOT_LETTERS = re.compile(r"[^\w@.+%\-]")
_OFFICES = re.compile(
    r"(?:info|information|kontakt|contact|kommun|kommunen|registrator|diarium|diariet|kundtj[aä]nst|kundcenter|"
    r"kundservice|kontaktcenter|"
    r"medborgar\w+|support|no-?reply|noreply|reception|receptionen|redaktion|redaktionen|press|tips|admin|"
    r"office|order|bokning|kansli|"
    r"kansliet|styrelse|styrelsen|webmaster|postmaster|webb|helpdesk|abuse|dataskydd\w*|dso|synpunkt\w*|"
    r"felanm[aä]lan|bibliotek\w*|"
    r"[\w.\-]*(?:n[aä]mnd|n[aä]mnden|f[oö]rvaltning|f[oö]rvaltningen|kontoret))"
)


def find(prepared: Prepared) -> Iterator[Finding]:
    """E-mail addresses, those in plain sight first."""
    lower = prepared.lower
    seen: list[tuple[int, int]] = []
    if "@" in lower:
        for found in _SPREAD.finditer(lower):
            if _PLAIN.fullmatch(found.group().replace(" ", "")):
                seen.append(found.span())
                yield _finding(prepared, found.span(), 0.85, WHY_HIDDEN)
        for found in _PLAIN.finditer(lower):
            seen.append(found.span())
            if not _office(prepared, found.group()):
                yield _finding(prepared, found.span(), 0.97, WHY)
    if _HIDDEN_SIGN.search(lower):
        for found in _HIDDEN.finditer(lower):
            start, end = found.span()
            if any(start < last and first < end for first, last in seen[-50:]):
                continue
            if _meant(lower, found) and not _office(prepared, _undone(found.group())):
                yield _finding(prepared, found.span(), 0.85, WHY_HIDDEN)


def _finding(prepared: Prepared, place: tuple[int, int], score: float, why: str) -> Finding:
    return prepared.finding("email", *place, score=score, why=why, detector=NAME, version=VERSION)


def _office(prepared: Prepared, address: str) -> bool:
    return bool(_OFFICES.fullmatch(address.partition("@")[0])) or prepared.known.contact(address)


def _meant(lower: str, found: re.Match[str]) -> bool:
    """Whether an address is meant: "at" alone is a word too, and wants a "dot" after it or talk of mail before it."""
    words = found.group()
    if "@" in words or "snabel" in words or not _BARE_AT.search(words):
        return True
    said = lower[max(0, found.start() - 40) : found.start()]
    return bool(_SPOKEN_DOT.search(words) or _MAIL_SAID.search(said))


def _undone(words: str) -> str:
    """The address as it would be written in plain sight."""
    words = re.sub(
        rf"[(\[{{<*_\-|]*\s*(?:{_AT_WORD})\s*[)\]}}>*_\-|]*|[(\[{{<*_\-|]\s?(?:@|at|a)\s?[)\]}}>*_\-|]|\sat\s",
        "@",
        words,
    )
    words = re.sub(r"[(\[{<*_\-|]*\s*(?:\bdot\b|\bpunkt\b|\bprick\b)\s*[)\]}>*_\-|]*", ".", words)
    return _NOT_LETTERS.sub("", words)
