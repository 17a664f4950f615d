"""After a restore: a case that says that a question went to an expert says too where its letter was let go of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from uppsikt.inbox import forwards
from uppsikt.kernel import trail
from uppsikt.kernel.trail import Doer

EXPERTS_LINK = re.compile(r"/svara/([^/\s\"']+)/")


def letters_let_go(texts: Iterable[str], *, by: Doer, now: datetime) -> int:
    """Write on each question that a letter with its link was not sent; `texts` are the letters. How many questions."""
    tokens = [token for text in texts for token in EXPERTS_LINK.findall(text)]
    rows = {row.pk: row for row, _until in map(forwards.behind, tokens) if row is not None}
    with transaction.atomic():
        for row in rows.values():
            trail.note("letter_let_go", row, by=by, at=now)
    return len(rows)
