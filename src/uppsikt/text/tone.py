"""Question, opinion, proposal, praise: what sort of answer somebody waits for, and what goes to the diary (D34, D39).

These order the inbox and remind; they remove nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from uppsikt.text.finding import Finding
from uppsikt.text.passage import NOT, Claim, Mark, Passage

BY = ("tone", "1")
QUESTION_SAID = Claim("question", 0.95, "Inlägget ställer en fråga.", *BY)
QUESTION = Claim("question", 0.7, "Inlägget ställer en fråga, fast utan frågetecken.", *BY)
OPINION = Claim("opinion", 0.65, "Inlägget säger vad någon tycker.", *BY)
PROPOSAL = Claim("proposal", 0.65, "Inlägget föreslår något.", *BY)
PRAISE = Claim("praise", 0.65, "Inlägget tackar eller berömmer.", *BY)
# A verb first makes a question in Swedish: "är ni öppna i morgon".
VERBS_FIRST = frozenset(
    """är har kan får ska finns går kommer blir stämmer gäller ingår måste behöver vet tar öppnar stänger kör fungerar
    funkar betyder tänker planerar bygger släpper serverar säljer hjälper erbjuder räcker hinner borde skulle var fick
    blev do does is are can when where what how why who""".split()
)
SUBJECTS = frozenset(
    """ni du det man jag vi någon nån den de dom han hon kommunen biblioteket badhuset skolan simhallen bussen vägen
    återvinningscentralen receptionen är inte the you there it i we""".split()
)
WH = frozenset("vad var vart när hur varför vem vems vilka vilken vilket".split())
WH_VERBS = VERBS_FIRST | frozenset(
    """gör händer kostar hittar ligger anmäler ansöker kontaktar ringer vänder betalar lämnar bokar söker hände gick
    blev tycker menar tog sker sitter heter börjar slutar startar öppnade lagas plogas töms hämtas sopas""".split()
)
WHICH = frozenset({"vilken", "vilket", "vilka"})
# A question after a comma: "vi vill vara med, hur anmäler man sig".
CLAUSE = re.compile(r", (\w+) (\w+)(?= \w)")
GREETINGS = frozenset(
    "hej hejsan hallå tjena god morgon dag hello men och så ok okej jaha alltså sen en undran fråga nu".split()
)
NO_QUESTION = re.compile(
    r"har (?:du|ni) (?:några )?frågor|är (?:du|ni) (?:mellan|över|under|intresserad)|vill (?:du|ni) veta mer"
)
LEAST, SHORT = 2, 8
URL = re.compile(r"(?:https?://|www\.)\S*")
WAITS = ("ring", "kontakta", "anmäl", "mejla", "läs", "hör av", "kom och", "så ")


def question(passage: Passage) -> Iterator[Finding]:
    """Every sentence that asks, with or without its mark; web addresses have marks of their own."""
    bare = URL.sub(lambda match: " " * len(match.group()), passage.text)
    seen: set[int] = set()
    for found in re.finditer(r"\?", bare):
        mark = _sentence_before(passage, found.start())
        if mark and mark.sentence not in seen:
            seen.add(mark.sentence)
            yield passage.finding(QUESTION_SAID, mark)
    for number, first, last in _sentences(passage):
        words = [word.text for word in passage.words[first : last + 1]]
        if number in seen or len(words) < LEAST:
            continue
        whole = Mark("", passage.words[first].start, passage.words[last].end, first, last, number)
        if passage.text[whole.end : whole.end + 1] != "!" and _asks(passage, whole, words):
            yield passage.finding(QUESTION, whole)


def _asks(passage: Passage, whole: Mark, words: list[str]) -> bool:
    while words and words[0] in GREETINGS and len(words) > LEAST:
        words = words[1:]
    said = passage.text[whole.start : whole.end]
    if NO_QUESTION.search(said):
        return False
    if "helst" not in words and (
        _inverted(words) or any(one in WH and two in WH_VERBS for one, two in CLAUSE.findall(said))
    ):
        return True
    ordered = any(said.find(", " + verb) >= 0 or said.find(" " + verb) >= 0 for verb in WAITS)
    if words[0] in VERBS_FIRST and words[1] in SUBJECTS and not ordered and words[0] not in {"var", "borde"}:
        return words[1] != "inte"
    marks = [mark for mark in passage.tagged("asks") if mark.sentence == whole.sentence]
    return any(_asks_here(passage, mark, words) for mark in marks)


def _inverted(words: list[str]) -> bool:
    """A question's word first and its verb before its subject: "när öppnar ni", "hur lång tid tar det"."""
    if words[0] in WH and len(words) > LEAST and words[1] in WH_VERBS:
        return True
    if words[0] in WHICH and len(words) > LEAST + 1 and words[2] in WH_VERBS:
        return True
    return words[0] == "hur" and len(words) > LEAST + 1 and bool(WH_VERBS & set(words[2:4]))


def _asks_here(passage: Passage, mark: Mark, words: list[str]) -> bool:
    """A phrase that asks: anywhere if it wonders, else where it opens its clause."""
    said = passage.said(mark)
    wonders = said.startswith(("undra", "jag undra", "vi undra", "tacksam", "vill veta", "skulle vilja", "önskar veta"))
    if wonders:
        return not NOT & set(passage.before(mark, 2))
    ahead = [word for word in passage.before(mark, 4) if word not in GREETINGS]
    return not ahead or passage.text[: mark.start].rstrip().endswith((",", "-", "–"))


def opinion(passage: Passage) -> Iterator[Finding]:
    """What somebody thinks, good or bad; one finding, where it begins."""
    marks = passage.tagged("opinion")
    if marks and not passage.prepared.own:
        asked = passage.text.rstrip().endswith("?") and len(passage.words) < SHORT
        if not asked:
            yield passage.finding(OPINION, marks[0], marks[0])


def proposal(passage: Passage) -> Iterator[Finding]:
    """What somebody wants done; one finding, where it begins."""
    for mark in passage.tagged("proposal"):
        words = passage.said(mark)
        order = words.split()[0] in {"bygg", "sätt", "gör", "inför", "satsa", "lägg"}
        if passage.prepared.own or (order and not passage.first_in_clause(mark)):
            continue
        yield passage.finding(PROPOSAL, mark)
        return


def praise(passage: Passage) -> Iterator[Finding]:
    """Thanks and praise, not denied and not in a complaint; one finding, where it begins."""
    if passage.prepared.own or passage.tagged("oath_2", "oath_4", "insult"):
        return
    grumbles = passage.tagged("opinion")
    for mark in passage.tagged("praise"):
        said = passage.said(mark)
        thanks = said.startswith(("tack", "stort tack", "ett stort"))
        asks = thanks and {"om", "svar", "svaret", "förhand"} & set(passage.after(mark, 2))
        if passage.denied(mark) or asks or (grumbles and not thanks and len(passage.tagged("praise")) < LEAST):
            continue
        yield passage.finding(PRAISE, mark)
        return


def _sentences(passage: Passage) -> Iterator[tuple[int, int, int]]:
    """Each sentence: its number, its first and its last word."""
    first = 0
    words = passage.words
    for at, word in enumerate(words):
        if at + 1 == len(words) or words[at + 1].sentence != word.sentence:
            yield word.sentence, first, at
            first = at + 1


def _sentence_before(passage: Passage, end: int) -> Mark | None:
    """The sentence whose mark stands at `end`."""
    ahead = [index for index, word in enumerate(passage.words) if word.end <= end]
    if not ahead:
        return None
    last = ahead[-1]
    number = passage.words[last].sentence
    first = next(index for index, word in enumerate(passage.words) if word.sentence == number)
    return Mark("", passage.words[first].start, end + 1, first, last, number)


RULES: tuple[Callable[[Passage], Iterator[Finding]], ...] = (opinion, proposal, praise)
ALWAYS: tuple[Callable[[Passage], Iterator[Finding]], ...] = (question,)
