"""Secret data that we published ourselves: an incident with its clock of 72 hours (D20; GDPR art. 33)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.moderation import around, effects, registering, telling
from uppsikt.moderation.models import Incident, Removal
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item

SORT = "incidenter"
HOURS = timedelta(hours=72)
# Hours from when it was known at which people are reminded, while nobody has decided whether to report it.
REMIND_AT = (24, 48, 66, 72)
# Our own words that are taken away on these grounds are an incident.
GROUNDS = frozenset({"rule.sensitive", "rule.secrecy", "law.privacy"})


def begin(
    item: Item,
    *,
    what: str,
    known_at: datetime,
    by: Person | None,
    now: datetime,
    removal: Removal | None = None,
) -> Incident:
    """Say that we published what we should not have. The clock runs from when it was known. Raises Refused."""
    if by is not None:
        around.check_read(item, by, now=now)
    if known_at > now:
        raise Refused("later", _("Tidpunkten när det blev känt kan inte vara senare än nu."))
    what = around.check_words(what, _("Skriv vad som har hänt."))
    row = Incident(
        item=item,
        text=what,
        known_at=known_at,
        due_at=known_at + HOURS,
        by=by,
        at=now,
        removal=removal,
        evidence=around.proof_of(item),
    )
    doer: Doer = by.doer if by else effects.MODERATOR
    with around.only_one("open_already", _("Det finns redan en öppen incident för det här.")):
        also = {"item": item, "known_at": known_at, "due_at": row.due_at, "removal": removal}
        trail.begin(row, by=doer, at=now, step="begin", reason=what, also=also)
        registering.want(item, "incident", now=now, by=doer)
        tell(row, lazy("Vi kan ha publicerat något hemligt i %(channel)s. 72 timmar räknas."), now=now)
    return row


def removed(removal: Removal, *, now: datetime) -> Incident | None:
    """Something is being removed: where it was our own, and secret, that is an incident."""
    item = removal.item
    if item.direction != "drawn_up" or removal.ground.code not in GROUNDS:
        return None
    known = Incident.objects.filter(item=item).order_by("-pk").first()
    if known:
        return known
    return begin(
        item, what=removal.reason or removal.ground.name, known_at=removal.known_at, by=None, now=now, removal=removal
    )


def tell(row: Incident, words: Promise, *, now: datetime) -> None:
    """Tell the data protection officer, the unit's manager and the communications unit, out of hours too."""
    people = [
        *around.with_role(Role.DATA_PROTECTION, row.item, now=now),
        *telling.deciders(row.item, now=now),
        *around.with_role(Role.COMMUNICATIONS, row.item, now=now),
    ]
    telling.tell(people, "incident", words, row.item, around.address(SORT, row), now=now, urgent=True)


def handles(by: Person, row: Incident, *, now: datetime) -> bool:
    """Whether the person sees to it: the data protection officer, or one who decides on the channel."""
    return Role.DATA_PROTECTION in by.roles or around.decides(by, row.item, now=now)


def check(by: Person, row: Incident, *, now: datetime) -> None:
    """Raise Refused for somebody who does not see to it."""
    if not handles(by, row, now=now):
        raise Refused("not_yours", _("Incidenten sköts av dataskyddsombudet och enhetens chef."))


def note(row: Incident, *, text: str, by: Person, now: datetime) -> Incident:
    """Write down a step that was taken. Raises Refused."""
    check(by, row, now=now)
    return trail.take("note", row, by=by.doer, at=now, reason=around.check_words(text, _("Skriv vad som är gjort.")))


def tell_people(row: Incident, *, text: str, by: Person, now: datetime) -> Incident:
    """Those concerned have been told, and how (GDPR art. 34). Raises Refused."""
    check(by, row, now=now)
    text = around.check_words(text, _("Skriv vilka som har fått veta, och hur."))
    return trail.take("tell_people", row, by=by.doer, at=now, reason=text, people_told_at=now)


def report(row: Incident, *, number: str, by: Person, now: datetime) -> Incident:
    """It has been reported to the supervisory authority. Raises Refused."""
    check(by, row, now=now)
    number = around.check_words(number, _("Skriv ärendenumret hos IMY, eller hur anmälan gjordes."))[:60]
    return trail.take("report", row, by=by.doer, at=now, reported_at=now, number=number)


def no_report(row: Incident, *, reason: str, by: Person, now: datetime) -> Incident:
    """It need not be reported, and why: it is unlikely to harm anybody. Raises Refused."""
    check(by, row, now=now)
    reason = around.check_words(reason, _("Skriv varför den inte behöver anmälas."))
    return trail.take("no_report", row, by=by.doer, at=now, reason=reason, answer=reason)


def close(row: Incident, *, text: str, by: Person, now: datetime) -> Incident:
    """Done, and what was learnt. Raises Refused."""
    check(by, row, now=now)
    text = around.check_words(text, _("Skriv vad ni har gjort för att det inte ska hända igen."))
    return trail.take("close", row, by=by.doer, at=now, reason=text, answer=text, ended_at=now, ended_by=by)


def remind(*, now: datetime) -> int:
    """Remind while nobody has decided: at 24, 48, 66 and 72 hours."""
    count = 0
    with transaction.atomic():
        rows = Incident.objects.filter(state="open", reminders__lt=len(REMIND_AT))
        for row in rows.select_for_update(of=("self",), skip_locked=True).select_related("item__channel__unit"):
            passed = sum(1 for hours in REMIND_AT if now >= row.known_at + timedelta(hours=hours))
            if passed <= row.reminders:
                continue
            trail.take("remind", row, by=effects.MODERATOR, at=now, reminders=passed)
            tell(row, lazy("En incident i %(channel)s väntar på beslut om den ska anmälas till IMY."), now=now)
            count += 1
    return count
