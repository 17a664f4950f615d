"""The dates of feeds, read with care: what cannot be known for certain is None, never a guess."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

OLDEST: Final = 1995
AHEAD: Final = timedelta(days=1)
CENTURY, HALF, HOUR = 100, 50, 60
FARTHEST_ZONE: Final = timedelta(hours=14)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january", "januari"), ("feb", "february", "februari"), ("mar", "march", "mars"),
            ("apr", "april"), ("may", "maj"), ("jun", "june", "juni"), ("jul", "july", "juli"),
            ("aug", "august", "augusti"), ("sep", "sept", "september"), ("oct", "okt", "october", "oktober"),
            ("nov", "november"), ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip  # a table, read as one
# Those of RFC 822, and the ones of Europe that mean one thing only.
_ZONES: Final = {
    "z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "met": 1, "mest": 2, "eet": 2,
    "eest": 3, "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8,
}  # fmt: skip  # a table, read as one
_SPOKEN = re.compile(
    r"(?:[^\W\d_]{2,12}\.?,?\s+)?(?:den\s+)?(\d{1,2})[\s-]+([^\W\d_]{3,10})\.?[\s-]+(\d{4}|\d{2})"
    r",?\s+(?:kl\.?\s+)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?\s*(.*)",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"(?:(?:gmt|utc|ut)\s*)?([+-])(\d{2}):?(\d{2})(?:\s*\([^)]*\))?", re.IGNORECASE)
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*(.*)")


def read(written: str, fetched_at: datetime) -> tuple[datetime | None, str]:
    """A date as a feed writes it: aware UTC, or None and a word for why.

    RFC 822 with its zones, ISO 8601, and month names in English and Swedish. A date without a zone, without a time
    of day, from before the web or more than a day ahead of us is none ("no_zone", "date_unread", "date_too_old",
    "date_in_future"): a wrong time on a record is worse than none (D18).
    """
    written = " ".join(written[:200].split())
    if not written:
        return None, ""
    found = _iso(written) or _spoken(written)
    offset = _zone(found[1]) if found else None
    if found is None or offset is None:
        return None, "date_unread" if found is None else "no_zone"
    try:
        whole = found[0].replace(tzinfo=timezone(offset)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, "date_unread"
    return _believed(whole, fetched_at)


def _believed(whole: datetime, fetched_at: datetime) -> tuple[datetime | None, str]:
    if whole.year < OLDEST:
        return None, "date_too_old"
    if whole > fetched_at + AHEAD:
        return None, "date_in_future"
    return whole, ""


def _iso(written: str) -> tuple[datetime, str] | None:
    found = _ISO.fullmatch(written)
    if not found:
        return None
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}"), found[3]
    except ValueError:
        return None


def _spoken(written: str) -> tuple[datetime, str] | None:
    found = _SPOKEN.fullmatch(written)
    month = _MONTHS.get(found[2].lower()) if found else None
    if not found or month is None:
        return None
    year = int(found[3])
    if year < CENTURY:  # two digits, as RFC 822 wrote years and RFC 2822 reads them
        year += 2000 if year < HALF else 1900
    try:
        at = datetime(year, month, int(found[1]), int(found[4]), int(found[5]), int(found[6] or 0))  # noqa: DTZ001 - its zone is read apart
    except ValueError:
        return None
    return at, found[7]


def _zone(written: str) -> timedelta | None:
    written = written.strip().lower()
    if written in _ZONES:
        return timedelta(hours=_ZONES[written])
    found = _OFFSET.fullmatch(written)
    if not found or int(found[3]) >= HOUR or written.startswith("-0000") or "-00:00" in written:
        return None  # "-0000" says that the zone is not known (RFC 5322)
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return None if offset > FARTHEST_ZONE else -offset if found[1] == "-" else offset
