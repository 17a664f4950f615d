"""Times in words, as people here say them: "i dag 10.42", "svara i morgon före 10.00", "försenad 25 min".

Own words instead of Django's `naturaltime`, which is clumsy in Swedish. All functions take aware datetimes and the
present moment, and read no clock.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

from django.utils import dateformat, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

Tone = Literal["danger", "warning", "neutral"]
SOON = timedelta(hours=2)
HOUR = 60
DAY = 24 * HOUR


def clock(at: datetime) -> str:
    """The local clock time, as the reader's language writes it: "16.30", in English "16:30"."""
    local = timezone.localtime(at)
    return f"{local:%H.%M}" if translation.get_language() == "sv" else f"{local:%H:%M}"


def day_begins(day: date) -> datetime:
    """The first moment of a day, Swedish time."""
    return timezone.make_aware(datetime.combine(day, time.min))


def day_ends(day: date) -> datetime | None:
    """The first moment after a day, Swedish time; None after the last day that there is."""
    return None if day == date.max else day_begins(day + timedelta(days=1))


def days_from(at: datetime, now: datetime) -> int:
    """How many local calendar days `at` lies after `now`; negative for earlier days."""
    return (timezone.localdate(at) - timezone.localdate(now)).days


def when_words(at: datetime, now: datetime) -> str:
    """A moment in few words: "i dag 10.42", "i går 16.48", "i morgon 10.00", otherwise "14 nov 2026"."""
    days = days_from(at, now)
    if not -1 <= days <= 1:
        return day_words(at)
    words = _("i dag %(clock)s") if days == 0 else _("i går %(clock)s") if days < 0 else _("i morgon %(clock)s")
    return words % {"clock": clock(at)}


def day_words(at: datetime) -> str:
    """The local day: "14 nov 2026"."""
    return _day_words(timezone.localdate(at), translation.get_language())


@lru_cache(maxsize=4096)
def _day_words(day: date, language: str | None) -> str:
    """A list says the same few days on every line."""
    return dateformat.format(day, "j b Y" if language == "sv" else "j M Y")


def full_words(at: datetime) -> str:
    """Day and clock: "14 nov 2026 kl. 10.42"."""
    return _("%(day)s kl. %(clock)s") % {"day": day_words(at), "clock": clock(at)}


def late_words(minutes: int) -> str:
    """How late: "försenad 25 min", "försenad 3 tim", "försenad 2 dagar"."""
    if minutes < HOUR:
        return _("försenad %(count)s min") % {"count": max(minutes, 1)}
    if minutes < DAY:
        return _("försenad %(count)s tim") % {"count": minutes // HOUR}
    days = minutes // DAY
    return ngettext("försenad %(count)s dag", "försenad %(count)s dagar", days) % {"count": days}


def about_words(seconds: float) -> str:
    """How long something takes, about: "mindre än en minut", "ca 40 min", "ca 3 tim", "ca 2 dygn"."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return _("mindre än en minut")
    if minutes < 2 * HOUR:
        return _("ca %(count)s min") % {"count": minutes if minutes < 10 else round(minutes / 5) * 5}  # noqa: PLR2004
    if minutes < 2 * DAY:
        return _("ca %(count)s tim") % {"count": round(minutes / HOUR)}
    return _("ca %(count)s dygn") % {"count": round(minutes / DAY)}


def within_day(due: datetime) -> datetime:
    """A deadline as it is told: one at midnight is the end of a day ("i dag före 23.59"), and not of the next."""
    return due - timedelta(minutes=1) if timezone.localtime(due).time() == time.min else due


def due_words(due: datetime, now: datetime, verb: str = "") -> str:
    """A deadline in words (D35): "i dag före 16.30", "i morgon före 10.00", "fredag före 16.30", "försenad 25 min".

    With `verb` ("svara") it reads as what is to be done: "svara i dag före 16.30".
    """
    if now > due:
        return late_words(int((now - due).total_seconds() // 60))
    due = within_day(due)
    days, local = days_from(due, now), timezone.localtime(due)
    if days == 0:
        words = _("i dag före %(clock)s")
    elif days == 1:
        words = _("i morgon före %(clock)s")
    elif days < 7:  # noqa: PLR2004  # within a week the weekday says it without doubt
        words = dateformat.format(local, "l") + _(" före %(clock)s")
    else:
        words = dateformat.format(local, "j F") + _(" före %(clock)s")
    return f"{verb} {words % {'clock': clock(due)}}".strip()


def due_tone(due: datetime, now: datetime) -> Tone:
    """How a deadline should look: danger when it has passed, warning within two hours, otherwise neutral."""
    if now > due:
        return "danger"
    return "warning" if due - now <= SOON else "neutral"
