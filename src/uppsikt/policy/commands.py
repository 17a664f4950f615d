"""What the command line asks of the policy."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.kernel.hours import FIRST_YEAR, LAST_YEAR
from uppsikt.kernel.terminal import Trouble, swedish
from uppsikt.kernel.working import ZONE, Due, OutOfRange, default_hours
from uppsikt.kernel.working import due as count
from uppsikt.policy import queries, rules, words

log = logging.getLogger(__name__)


def deadline(when: datetime | str, *, ask_database: bool = True) -> list[str]:
    """The due time in ISO form with Stockholm's offset, then how it was counted, a sentence a line (D35).

    Text is an ISO 8601 time; without an offset it is Swedish time. Without a database, or where it does not answer,
    the policy that Uppsikt comes with is counted by, and a line says so. Raises Trouble.
    """
    received = read(when) if isinstance(when, str) else when
    with translation.override("sv" if swedish() else "en"):
        try:
            due, remark = _count(received, ask_database)
        except OutOfRange as error:
            raise Trouble(
                f"Helgdagarna är kända från {FIRST_YEAR + 1} till {LAST_YEAR - 1}. Skriv en tid däremellan.",
                f"Holidays are known from {FIRST_YEAR + 1} to {LAST_YEAR - 1}. Write a time between.",
            ) from error
        return [due.at.astimezone(ZONE).isoformat(timespec="seconds"), *words.how_words(due), *remark]


def read(text: str) -> datetime:
    """A moment from ISO 8601; without an offset it is Swedish time. Raises Trouble."""
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Trouble(
            f"{text!r} är ingen tidpunkt. Skriv tiden så här: 2026-11-13T16:45.",
            f"{text!r} is no time. Write the time like this: 2026-11-13T16:45.",
        ) from error
    return when if when.tzinfo else when.replace(tzinfo=ZONE)


def _count(received: datetime, ask_database: bool) -> tuple[Due, list[str]]:
    if ask_database:
        try:
            return queries.due(received), []
        except DatabaseError as error:
            # The question can be answered all the same; the line below tells the reader by what.
            log.debug("no policy from the database: %s", error)
    days = rules.BY_KEY["answer.within_working_days"].default
    default = count(received, default_hours(), days=days if isinstance(days, int) else 1)
    return default, [_("Räknat med de öppettider som Uppsikt kommer med: vardagar 8.00–16.30.")]
