"""What is said on the command line, before Django and its catalogues are there: Swedish where LANG is, else English."""

from __future__ import annotations

import os
import sys


def swedish() -> bool:
    """True when the environment asks for Swedish (LC_ALL, LC_MESSAGES, LANG: the first that is set decides)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return value.lower().startswith("sv")
    return False


def tell(sv: str, en: str) -> str:
    """The one of two wordings that the reader wants."""
    return sv if swedish() else en


def say(sv: str, en: str) -> None:
    """Write a line for the person at the terminal; the stream of errors keeps it out of results that are piped on."""
    print(tell(sv, en), file=sys.stderr, flush=True)


class Trouble(Exception):
    """Something a person at the terminal can mend; the text says what happened and what to do."""

    def __init__(self, sv: str, en: str) -> None:
        """Both wordings, whole sentences."""
        super().__init__(tell(sv, en))
