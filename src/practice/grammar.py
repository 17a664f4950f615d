"""Turns templates into sentences, the same ones for the same seed.

`[a|b|]` picks one of the alternatives (they nest), `{street}` takes a word from the
word lists and keeps it, so that a post and its comments speak of the same street.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from random import Random

_INNERMOST = re.compile(r"\[([^\[\]]*)\]")
_SLOT = re.compile(r"\{([a-z0-9_]+)\}")
_SENTENCE_START = re.compile(r"(^|[.!?]\s+|\n)([a-zåäö])")

Words = Mapping[str, Sequence[str]]


def dice(*parts: object) -> Random:
    """A generator of pseudo-random numbers that depends on the parts alone (not for secrets)."""
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).digest()
    return Random(int.from_bytes(digest[:8], "big"))  # noqa: S311 - content of a toy, not cryptography


def expand(template: str, rng: Random, words: Words, bound: dict[str, str]) -> str:
    """The template with alternatives chosen and slots filled; new words are kept in `bound`.

    Raises KeyError when a slot is in no word list: a spelling mistake in the content.
    """
    text = template
    while found := _INNERMOST.search(text):
        text = text[: found.start()] + rng.choice(found.group(1).split("|")) + text[found.end() :]

    def fill(slot: re.Match[str]) -> str:
        name = slot.group(1)
        if name not in bound:
            bound[name] = rng.choice(words[name])
        return bound[name]

    return tidy(_SLOT.sub(fill, text))


def tidy(text: str) -> str:
    """Spaces and capital letters put right after words were joined."""
    text = re.sub(r"[ \t]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r" ([,.!?])(?=\s|$)", r"\1", text)
    return text.strip()


def capitals(text: str) -> str:
    """The text with a capital letter at the start of each sentence."""
    return _SENTENCE_START.sub(lambda m: m.group(1) + m.group(2).upper(), text)
