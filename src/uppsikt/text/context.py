"""What stands around a place in a text: the words before and after it, within its sentence."""

from __future__ import annotations

import re

# A sentence ends at . ! ? before a space, or where the line does; "nr." and "tel." do not end one.
_BREAK = re.compile(r"(?<!\bnr)(?<!\btel)(?<!\bmob)(?<!\breg)(?<!\bt\.ex)(?<!\bs\.k)[.!?][\s\"')]|\n")


def before(text: str, start: int, reach: int = 40) -> str:
    """Up to `reach` characters before `start`, no further back than the sentence."""
    piece = text[max(0, start - reach) : start]
    begin = 0
    for mark in _BREAK.finditer(piece):
        begin = mark.end()
    return piece[begin:] if piece[begin:].strip() else piece


def after(text: str, end: int, reach: int = 40) -> str:
    """Up to `reach` characters after `end`, no further than the sentence."""
    piece = text[end : end + reach]
    found = _BREAK.search(piece)
    return piece[: found.start()] if found else piece


def address_of_page(text: str, start: int, reach: int = 200) -> bool:
    """Whether a place lies inside a web address: the numbers in one are nobody's."""
    piece = text[max(0, start - reach) : start]
    word = piece[max(piece.rfind(" "), piece.rfind("\n")) + 1 :]
    return "://" in word or "www." in word or ("/" in word and "." in word.partition("/")[0])
