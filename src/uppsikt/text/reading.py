"""Read a text: run every detector over it. The one door into this room."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from uppsikt.text import lexical, sensitive
from uppsikt.text.finding import Finding
from uppsikt.text.known import NOBODY, Known
from uppsikt.text.personal import addresses, cases, emails, numbers, vehicles
from uppsikt.text.prepared import Prepared, prepare

Detector = Callable[[Prepared], Iterable[Finding]]

# Of the whole: raise it when any detector, lexicon or rule changes what it finds.
VERSION = "2026.11.2"

DETECTORS: tuple[Detector, ...] = (
    numbers.find,
    emails.find,
    addresses.find,
    vehicles.find,
    cases.find,
    sensitive.find,
    lexical.detect,
)
# Over our own answers only: advice that may cost somebody money, what borders on exercise of authority (D66).
OWN_DETECTORS: tuple[Detector, ...] = (lexical.detect_own,)


def read(text: str, *, own: bool = False, known: Known = NOBODY) -> list[Finding]:
    """All findings in a text, in the order of their places.

    `own`: the text is our own answer, so read it for advice and exercise of authority too. `known`: our own
    contacts, which are no finding. Takes time in proportion to the text's length; raises nothing, whatever it holds.
    """
    prepared = prepare(text, known=known, own=own)
    found = {finding for detector in DETECTORS for finding in detector(prepared)}
    if own:
        found.update(finding for detector in OWN_DETECTORS for finding in detector(prepared))
    return sorted(found, key=lambda finding: (finding.start, -finding.end, finding.kind))


def read_many(texts: Iterable[str], *, own: bool = False, known: Known = NOBODY) -> Iterator[list[Finding]]:
    """`read` for one text after the other, lazily."""
    return (read(text, own=own, known=known) for text in texts)
