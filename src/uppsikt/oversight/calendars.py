"""One's own duties as a calendar to subscribe to (RFC 5545): whole days, one's own and those that one covers for.

It says on which days and for which channels, and no name but one's own; nobody is told through it who is ill.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.hours import DAY, ZONE
from uppsikt.kernel.working import is_working_day
from uppsikt.organisation import absences
from uppsikt.organisation.models import Absence, Person
from uppsikt.oversight.calendar_models import CalendarLink
from uppsikt.oversight.holes import covering
from uppsikt.oversight.pace import Paces
from uppsikt.oversight.rota import DutyDay, days

BACK, AHEAD = timedelta(days=14), timedelta(days=90)
# A line of a calendar has at most 75 octets.
OCTETS = 75


def digest_of(token: str) -> str:
    """What is kept of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def make_link(person: Person, *, now: datetime) -> str:
    """A new private link; the one before stops at once. Returns the token, which is shown this once."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        CalendarLink.objects.select_for_update().filter(person=person, ended_at=None).update(ended_at=now)
        row = CalendarLink.objects.create(person=person, digest=digest_of(token), made_at=now)
        trail.note("calendar_link", row, by=person.doer, at=now)
    return token


def end_link(person: Person, *, now: datetime) -> None:
    """Let the private link stop."""
    with transaction.atomic():
        for row in CalendarLink.objects.select_for_update().filter(person=person, ended_at=None):
            CalendarLink.objects.filter(pk=row.pk).update(ended_at=now)
            trail.note("end_calendar_link", row, by=person.doer, at=now)


def link_of(person: Person) -> CalendarLink | None:
    """The link that the person has."""
    return CalendarLink.objects.filter(person=person, ended_at=None).first()


def holder_of(token: str) -> Person | None:
    """Whose calendar the link shows; None for one that is no more, or whose holder has left."""
    row = CalendarLink.objects.filter(digest=digest_of(token), ended_at=None, person__is_active=True)
    found = row.select_related("person").first()
    return found.person if found else None


def there(found: Iterable[DutyDay]) -> Iterator[tuple[DutyDay, int]]:
    """Each duty day with who is there on it (by key), absence and cover counted in, at noon of the day."""
    away = list(Absence.objects.filter(ended_at=None).values_list("person_id", "cover_id", "since", "until"))
    covers = dict[date, dict[int, int]]()
    for each in found:
        noon = datetime.combine(each.day, time(12), ZONE)
        if each.day not in covers:
            covers[each.day] = dict(covering(away, noon))
        yield each, absences.last_in_chain(each.person, covers[each.day])


def own_days(person: Person, first: date, last: date) -> dict[date, list[Channel]]:
    """The days on which the person is there to look, with the channels; working days, and free ones where the rota
    says so by date."""
    rows = Channel.objects.filter(state="live").select_related("unit").order_by("name", "pk")
    paces, found = Paces(), defaultdict[date, list[Channel]](list)
    for each, person_there in there(days(rows, first, last)):
        if person_there != person.pk:
            continue
        dated = each.line is not None and each.line.dated
        if dated or is_working_day(each.day, paces.hours(each.channel)):
            found[each.day].append(each.channel)
    return dict(found)


def calendar(person: Person, *, now: datetime, address: str) -> str:
    """The calendar's text."""
    today = now.astimezone(ZONE).date()
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Uppsikt//Uppsikt//SV", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(_('Uppsikten'))}", "X-PUBLISHED-TTL:PT6H", "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]  # fmt: skip
    for day, channels in sorted(own_days(person, today - BACK, today + AHEAD).items()):
        names = ", ".join(channel.name for channel in channels)
        lines += [
            "BEGIN:VEVENT",
            f"UID:uppsikt-{person.pk}-{day:%Y%m%d}@{host_of(address)}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + DAY:%Y%m%d}",
            f"SUMMARY:{escaped(_('Uppsikt: %(channels)s') % {'channels': names})}",
            f"URL:{address}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def host_of(address: str) -> str:
    """The host of an address."""
    return address.rsplit("://", maxsplit=1)[-1].split("/", maxsplit=1)[0] or "uppsikt"


def escaped(text: str) -> str:
    """A text value: names are typed by people, and a line break in one would begin a line of its own."""
    clean = "".join(sign if sign.isprintable() else " " for sign in text)
    for sign in "\\;,":
        clean = clean.replace(sign, f"\\{sign}")
    return clean


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, never within a character."""
    pieces, piece, size = list[str](), "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > OCTETS:
            pieces.append(piece)
            piece, size = "", 1  # the space that the next piece begins with
        piece, size = piece + sign, size + octets
    return "\r\n ".join([*pieces, piece])
