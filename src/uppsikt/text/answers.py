"""Our own answers: advice that may cost somebody money, and what borders on exercise of authority (D66).

Skadeståndslagen 3:3 makes the municipality answer for wrong advice; decisions on a person's own matter are made in
ordinary case handling, never in a comment. Telling where to turn, or what a page says, is neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from uppsikt.text.finding import Finding
from uppsikt.text.passage import Claim, Mark, Passage

BY = ("answers", "1")
ADVICE = Claim("advice", 0.7, "Svaret kan uppfattas som ett råd som får ekonomiska följder för den som frågar.", *BY)
PROMISE = Claim("advice", 0.8, "Svaret lovar något om pengar, tillstånd eller ansvar.", *BY)
AUTHORITY = Claim("authority", 0.7, "Svaret kan uppfattas som ett besked i en persons ärende.", *BY)


def advice(passage: Passage) -> Iterator[Finding]:
    """Advice to somebody on money, contracts, building or disputes; and promises about them."""
    for mark in passage.tagged("promise"):
        if not _told_where(passage, mark):
            yield passage.finding(PROMISE, mark)
            return
    for mark in passage.tagged("advise"):
        about = passage.in_sentence(mark, "money")
        if about and not _told_where(passage, mark):
            yield passage.finding(ADVICE, mark, about[-1] if about[-1].start > mark.start else mark)
            return


def _told_where(passage: Passage, mark: Mark) -> bool:
    """Whether the advice is only where to turn: "du bör kontakta …"."""
    return any(0 < other.first - mark.last <= NEAR for other in passage.in_sentence(mark, "say_no"))


def authority(passage: Passage) -> Iterator[Finding]:
    """A decision, or what sounds like one, in the matter of the person answered."""
    for mark in passage.tagged("decide"):
        person = passage.in_sentence(mark, "to_you")
        matter = passage.in_sentence(mark, "matter")
        said = passage.said(mark)
        whole = said.startswith(("få", "får", "fick")) and " " in said
        if not person or not (matter or whole or said.startswith("uppfyller")):
            continue
        if _general(passage, mark):
            continue
        near = min(person, key=lambda other: abs(other.first - mark.first))
        if abs(near.first - mark.first) <= FAR:
            yield passage.finding(AUTHORITY, near, mark)
            return


NEAR, FAR = 2, 8
# How such things are done, and on what condition: "om du får plats", "så ansöker du".
GENERAL = re.compile(
    r"\b(?:om|innan|när|hur|så|efter att|var) (?:du|ni|din|ditt|ert|er)\b"
    r"|\b(?:ansök|ansöker|söker|söka|läs|information)\b"
)


def _general(passage: Passage, mark: Mark) -> bool:
    """Whether it tells how such things are done, and decides nothing: "om du får plats", "så ansöker du"."""
    ahead = " ".join(passage.before(mark, FAR))
    asks = passage.text[mark.end :].lstrip().startswith("?")
    return bool(GENERAL.search(ahead)) or asks or "kommunfullmäktige" in ahead or "nämnden" in ahead


RULES: tuple[Callable[[Passage], Iterator[Finding]], ...] = (advice, authority)
