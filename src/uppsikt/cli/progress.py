"""How far something long has come, in a line now and then."""

from __future__ import annotations

import sys
import time

from uppsikt.kernel.terminal import say, tell

EVERY = 5.0  # seconds between two lines in a log; a terminal's line is written over

NAMES = {
    "database": ("Databasen", "The database"),
    "parts": ("Databasens delar", "The database's parts"),
    "blobs": ("Bilagor och råsvar", "Attachments and raw answers"),
}


class Progress:
    """Say how far it is: at the start of each sort, at its end, and now and then between."""

    def __init__(self) -> None:
        """Nothing is said yet."""
        self.said = 0.0
        self.what = ""

    def __call__(self, what: str, done: int, of: int) -> None:
        """`done` of `of` pieces of a sort are done."""
        names = NAMES.get(what)
        if names is None:
            return
        now = time.monotonic()
        if what == self.what and done < of and now - self.said < (0.2 if sys.stderr.isatty() else EVERY):
            return
        self.what, self.said = what, now
        number = f"{done}/{of}" if of > 1 else tell("klar", "done") if done else "…"
        say(f"      {names[0]}: {number}", f"      {names[1]}: {number}")
