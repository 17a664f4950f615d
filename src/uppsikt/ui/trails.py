"""The trail in words, for pages: who did what, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from uppsikt.kernel.models import Step

Words = Mapping[str, str | Promise]


@dataclass(frozen=True, slots=True)
class Line:
    """One step as a person reads it; `more` says what the step was about, where its name alone does not."""

    at: datetime
    by_name: str
    words: str
    more: str
    reason: str


def lines(steps: Iterable[Step], words: Words, more: Callable[[Step], str] | None = None) -> list[Line]:
    """Steps in words; a step that nobody has words for is shown by its name."""
    return [
        Line(step.at, step.by_name, str(words.get(step.name, step.name)), more(step) if more else "", step.reason)
        for step in steps
    ]
