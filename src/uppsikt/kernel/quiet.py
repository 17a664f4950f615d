"""Keeps addresses that are keys out of the logs: whoever reads a log must not be able to use a link in it."""

from __future__ import annotations

import logging
import re

# One-time links to log in, experts' links, authors' links, calendars: what follows is the key.
LINK = re.compile(r"(/logga-in/lank/|/svara/|/omprovning/|/uppsikt/kalender/)[^/\s\"']+")
HIDDEN = r"\1…"


class HideLinks(logging.Filter):
    """Blots out the key of a link in what a logger writes. Give it to loggers, so that every handler is spared."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record, and let it through."""
        words = record.getMessage()
        if LINK.search(words):
            record.msg, record.args = LINK.sub(HIDDEN, words), None
        return True
