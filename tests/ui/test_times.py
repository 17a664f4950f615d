"""Times in words (D35: what must be answered by when)."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from uppsikt.ui import times

HERE = ZoneInfo("Europe/Stockholm")
# A Thursday.
NOW = datetime(2026, 11, 19, 10, 0, tzinfo=HERE)


def at(day: int, clock: str, month: int = 11) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2026, month, day, int(hour), int(minute), tzinfo=HERE)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(19, "09:05"), "i dag 09.05"),
        (at(18, "23:59"), "i går 23.59"),
        (at(20, "00:00"), "i morgon 00.00"),
        (at(14, "10:42"), "14 nov 2026"),
    ],
)
def test_when(moment: datetime, words: str) -> None:
    with translation.override("sv"):
        assert times.when_words(moment, NOW) == words


@pytest.mark.parametrize(
    ("due", "words", "tone"),
    [
        (at(19, "16:30"), "svara i dag före 16.30", "neutral"),
        (at(19, "12:00"), "svara i dag före 12.00", "warning"),
        (at(20, "10:00"), "svara i morgon före 10.00", "neutral"),
        (at(23, "16:30"), "svara måndag före 16.30", "neutral"),
        (at(26, "10:00"), "svara 26 november före 10.00", "neutral"),
        (at(19, "09:35"), "försenad 25 min", "danger"),
        (at(19, "07:00"), "försenad 3 tim", "danger"),
        (at(17, "09:00"), "försenad 2 dagar", "danger"),
        (at(18, "09:00"), "försenad 1 dag", "danger"),
        (at(19, "10:00"), "svara i dag före 10.00", "warning"),
        (at(20, "00:00"), "svara i dag före 23.59", "neutral"),
    ],
)
def test_d35_due_in_words(due: datetime, words: str, tone: str) -> None:
    with translation.override("sv"):
        assert times.due_words(due, NOW, "svara") == words
    assert times.due_tone(due, NOW) == tone


def test_d35_due_in_english() -> None:
    with translation.override("en"):
        assert times.due_words(at(20, "16:30"), NOW, "answer") == "answer tomorrow before 16:30"
        assert times.late_words(25) == "late by 25 min"


def test_the_day_is_the_one_here_and_not_in_utc() -> None:
    late = datetime(2026, 11, 18, 23, 30, tzinfo=ZoneInfo("UTC"))  # already Thursday in Stockholm
    with translation.override("sv"):
        assert times.when_words(late, NOW) == "i dag 00.30"


def test_full_words() -> None:
    with translation.override("sv"):
        assert times.full_words(at(14, "10:42")) == "14 nov 2026 kl. 10.42"
