"""A text with what the lexicons found in it, and the questions that rules ask about the words around."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from uppsikt.text.finding import Finding
from uppsikt.text.lexicon import Hit
from uppsikt.text.prepared import Prepared

TOKEN = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$|[\"'”»)])|\n+|[;:](?=\s)")
QUOTED = re.compile(r"[\"”“»«„]([^\"”“»«„]{3,300})[\"”“»«„]")

NOT = frozenset("inte ej icke aldrig inga ingen inget knappast varken icke ingalunda not never no".split())
# A text that is nothing but a quotation is the writer's own.
MOST_QUOTED = 0.8
# A word that had to be uncovered first.
LESS_SURE = 0.05
# Somebody else's words or deeds are told.
TOLD = frozenset(
    """sa sade säger sagt skrev skriver skrivit kallade kallar kallas kallad kallat kallats hotade hotar hotat hotades
    hotas hotad hotades ropade ropar skrek påstod påstår berättade berättar fick kalla hört hörde läste citat citerar
    dömdes döms dömd åtalades åtalas anmäldes anmäld anmäla anmält polisanmäld polisanmälan polisanmäl gripits greps
    misstänks misstänkt enligt rapporterar mobbad mobbas mobbades filmen boken romanen serien pjäsen teatern låten
    texten citatet nyheterna tidningen insändaren klotter klottrat klottret uttryck uttrycket ordet orden hotbrev
    said says wrote called""".split()
)
# Somebody objects to it.
AGAINST = frozenset(
    """rasism rasistiskt rasister sexism sexistiskt sexistisk sexister hatbrott hat hatet näthat mobbning
    fördom fördomar fördomen trakasserier kränkande kränkning oacceptabelt vidrigt sorgligt skrämmande fel
    stoppa nolltolerans motverka förbjud förbjuda bekämpa hemskt fruktansvärt upprörande nazism nazismen
    demonstration manifestation minneshögtid överlevare förintelsens minnesdag utställning föreläsning
    föreläser forskning historia""".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text, in lower case, with the number of its sentence."""

    text: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A listed word or phrase: its tag, its place, and the first and last word that it covers."""

    tag: str
    start: int
    end: int
    first: int
    last: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Claim:
    """What a rule says when it finds something: the kind, how sure it is (0 to 1), why, and who says so."""

    kind: str
    score: float
    why: str
    detector: str
    version: str


class Passage:
    """What rules read: words, sentences and marks of one reading of a text.

    `back` leads each letter to its index in `prepared.plain`; None where they are the same. `hidden`: words that
    somebody hid are uncovered here, which makes a finding a little less sure.
    """

    def __init__(
        self, prepared: Prepared, text: str, hits: Iterable[Hit], back: list[int] | None = None, *, hidden: bool = False
    ) -> None:
        self.prepared, self.text, self.back, self.hidden = prepared, text, back, hidden
        self.words = list(_words(text))
        self._starts = [word.start for word in self.words]
        self._sentences: dict[int, frozenset[str]] = {}
        self.marks = [mark for mark in (self._mark(hit) for hit in hits) if mark]

    @cached_property
    def by_tag(self) -> dict[str, list[Mark]]:
        """The marks by tag, in the order of the text."""
        sorted_out: dict[str, list[Mark]] = {}
        for mark in self.marks:
            sorted_out.setdefault(mark.tag, []).append(mark)
        return sorted_out

    def tagged(self, *tags: str) -> list[Mark]:
        """All marks with one of the tags."""
        return [mark for tag in tags for mark in self.by_tag.get(tag, ())]

    def near(self, mark: Mark, *tags: str, before: int = 0, after: int = 0) -> Mark | None:
        """The first mark with one of the tags that begins within so many words of it, in the same sentence."""
        for other in self.tagged(*tags):
            if other.sentence != mark.sentence or other is mark:
                continue
            if 0 < other.first - mark.last <= after or 0 < mark.first - other.last <= before:
                return other
        return None

    def in_sentence(self, mark: Mark, *tags: str) -> list[Mark]:
        """The marks with one of the tags in the same sentence."""
        return [other for other in self.tagged(*tags) if other.sentence == mark.sentence and other is not mark]

    def before(self, mark: Mark, count: int) -> list[str]:
        """Up to so many words before it in its sentence, in the order of the text."""
        low = max(0, mark.first - count)
        return [word.text for word in self.words[low : mark.first] if word.sentence == mark.sentence]

    def after(self, mark: Mark, count: int) -> list[str]:
        """Up to so many words after it in its sentence."""
        return [
            word.text for word in self.words[mark.last + 1 : mark.last + 1 + count] if word.sentence == mark.sentence
        ]

    def sentence(self, mark: Mark) -> frozenset[str]:
        """The words of the mark's sentence."""
        if mark.sentence not in self._sentences:
            words = frozenset(word.text for word in self.words if word.sentence == mark.sentence)
            self._sentences[mark.sentence] = words
        return self._sentences[mark.sentence]

    def first_in_clause(self, mark: Mark) -> bool:
        """Whether it opens its sentence, or what follows a comma."""
        return not self.before(mark, 1) or self.text[: mark.start].rstrip().endswith((",", "-", "–", "(", '"', "”"))

    def denied(self, mark: Mark, reach: int = 3) -> bool:
        """Whether one of the words before, or the next one, denies it."""
        return bool(NOT & set(self.before(mark, reach))) or bool(NOT & set(self.after(mark, 1)))

    def told(self, mark: Mark) -> bool:
        """Whether the sentence tells what others said or did, or objects to it: then the writer does not say it."""
        own = {word.text for word in self.words[mark.first : mark.last + 1]}
        return bool((TOLD | AGAINST) & (self.sentence(mark) - own)) or self.quoted(mark)

    def said(self, mark: Mark) -> str:
        """The marked words themselves."""
        return self.text[mark.start : mark.end]

    def word_mark(self, index: int) -> Mark:
        """A mark for a single word."""
        word = self.words[index]
        return Mark("", word.start, word.end, index, index, word.sentence)

    def between(self, one: Mark, other: Mark) -> set[str]:
        """The words between two marks."""
        first, last = sorted((one, other), key=lambda mark: mark.first)
        return {word.text for word in self.words[first.last + 1 : last.first]}

    def quoted(self, mark: Mark) -> bool:
        """Whether it stands between quotation marks, with words of the writer's own outside."""
        return any(first <= mark.start and mark.end <= last for first, last in self._quotations)

    @cached_property
    def _quotations(self) -> list[tuple[int, int]]:
        found = [match.span(1) for match in QUOTED.finditer(self.text)]
        inside = sum(last - first for first, last in found)
        return found if inside < MOST_QUOTED * len(self.text.strip()) else []

    def finding(self, claim: Claim, first: Mark, last: Mark | None = None, *, score: float = 0.0) -> Finding:
        """What a rule claims, from one mark to another (in either order), led back to the text as given."""
        last = last or first
        start, end = min(first.start, last.start), max(first.end, last.end)
        if self.back is not None:
            start, end = self.back[start], self.back[end - 1] + 1
        sure = (score or claim.score) - (LESS_SURE if self.hidden else 0)
        return self.prepared.finding(
            claim.kind,
            start,
            end,
            score=round(sure, 2),
            why=claim.why,
            detector=claim.detector,
            version=claim.version,
        )

    def _mark(self, hit: Hit) -> Mark | None:
        last = bisect_left(self._starts, hit.end) - 1
        first = max(0, bisect_right(self._starts, hit.start) - 1)
        if first < len(self.words) and self.words[first].end <= hit.start:
            first += 1
        if first > last:
            return None
        return Mark(hit.tag, hit.start, hit.end, first, last, self.words[first].sentence)


def _words(text: str) -> Iterator[Word]:
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    sentence = 0
    for match in TOKEN.finditer(text):
        while sentence < len(ends) and match.start() >= ends[sentence]:
            sentence += 1
        yield Word(match.group(), match.start(), match.end(), sentence)
