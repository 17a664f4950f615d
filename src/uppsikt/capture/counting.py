"""Is all there? What was expected, what the page holds, and what the page says of itself, side by side."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Final

from uppsikt.capture.report import Expected, Report

# "24 kommentarer", "1 234 comments": what readers are told. The largest is taken: others are those of single threads.
_SAYS: Final = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[ \u00a0.,]\d{3})+|\d{1,7})[ \u00a0](?:kommentar(?:er)?|svar|comments?|replies|reply)\b",
    re.IGNORECASE,
)
# Blog engines set straight quotes, dashes and dots as a printer would.
_SAME: Final = str.maketrans(
    {**dict.fromkeys("“”„«»″", '"'), **dict.fromkeys("‘’‚′", "'"), **dict.fromkeys("–—‑", "-"), "…": "..."}
)


def count(report: Report, expected: Expected | None, *, text: str, picked: int | None) -> None:
    """Write the counts into the report. `picked` is how many elements the expected selector picks."""
    report.page_says = says(text)
    if expected is not None:
        compare(report, expected, text=text, picked=picked)
    if report.more and (report.expected is None or "fewer_than_expected" in report.why):
        report.lacks("more_to_show")


def compare(report: Report, expected: Expected, *, text: str, picked: int | None) -> None:
    """What was expected beside what is there."""
    report.missing = missing(expected.texts, text)
    there = len(expected.texts) - len(report.missing)
    report.expected = expected.count if expected.count is not None else (len(expected.texts) or None)
    report.found = picked if picked is not None and not expected.texts else there if expected.texts else picked
    if report.missing or (report.expected is not None and (report.found or 0) < report.expected):
        report.lacks("fewer_than_expected")


def says(text: str) -> int | None:
    """How many comments the page says that it has; None when it does not say."""
    found = [int(re.sub(r"\D", "", match[1])) for match in _SAYS.finditer(text)]
    return max(found, default=None)


def missing(texts: tuple[str, ...], page: str) -> list[int]:
    """The positions of those texts that the page does not hold."""
    plain = _plain(page)
    return [position for position, words in enumerate(texts) if _plain(words) not in plain]


def picking(selector: str) -> str:
    """The JavaScript that counts what a selector picks."""
    return f"document.querySelectorAll({json.dumps(selector)}).length"


def _plain(text: str) -> str:
    """The same words whatever their spaces, however their å is made, and whatever a theme made of quotes and case."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_SAME).casefold().split())
