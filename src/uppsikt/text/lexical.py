"""The detectors that go by our own lexicons, run together: the text is read once, and then each rule looks at it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from uppsikt.text import answers, house, selling, tone, unlawful
from uppsikt.text.finding import Finding
from uppsikt.text.lexicon import lexicon
from uppsikt.text.passage import Passage
from uppsikt.text.prepared import Prepared
from uppsikt.text.uncover import uncover

Rule = Callable[[Passage], Iterator[Finding]]

RULES: tuple[Rule, ...] = (*unlawful.RULES, *house.RULES, *selling.RULES, *tone.RULES)
ALWAYS: tuple[Rule, ...] = (*selling.ALWAYS, *tone.ALWAYS)
# What hidden words are looked for; nobody hides a question.
HIDDEN: tuple[Rule, ...] = (*unlawful.RULES, *house.RULES)
# A long text is read in pieces, so that time grows with its length and no faster.
PIECE = 4_000
PIECE_END = re.compile(r"[.!?\n]\s|\s")
MOST_OF_A_KIND = 20


def detect(prepared: Prepared) -> Iterator[Finding]:
    """Crimes and rules of the house, question, opinion, proposal and praise."""
    counts: dict[str, int] = {}
    for start, end in pieces(prepared.lower):
        text = prepared.lower[start:end]
        passage = Passage(prepared, text, lexicon().hits(text), _places(start, end))
        found = _run((*ALWAYS, *(RULES if passage.marks else ())), passage)
        hidden = uncover(text)
        if hidden:
            plain, back = hidden
            shown = Passage(prepared, plain, lexicon().hits(plain), [start + at for at in back], hidden=True)
            seen = {finding.kind for finding in found}
            found += [finding for finding in _run(HIDDEN, shown) if finding.kind not in seen]
        for finding in found:
            counts[finding.kind] = counts.get(finding.kind, 0) + 1
            if counts[finding.kind] <= MOST_OF_A_KIND:
                yield finding


def detect_own(prepared: Prepared) -> Iterator[Finding]:
    """In our own answers: advice and exercise of authority (D66)."""
    for start, end in pieces(prepared.lower):
        text = prepared.lower[start:end]
        passage = Passage(prepared, text, lexicon().hits(text), _places(start, end))
        if passage.marks:
            yield from _run(answers.RULES, passage)


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """The text in stretches of some 4,000 characters, cut between words."""
    start = 0
    while len(text) - start > PIECE:
        cut = PIECE_END.search(text, start + PIECE - 500, start + PIECE)
        end = cut.end() if cut else start + PIECE
        yield start, end
        start = end
    yield start, len(text)


def _places(start: int, end: int) -> list[int] | None:
    return None if start == 0 else list(range(start, end))


def _run(rules: Iterable[Rule], passage: Passage) -> list[Finding]:
    return [finding for rule in rules for finding in rule(passage)]
