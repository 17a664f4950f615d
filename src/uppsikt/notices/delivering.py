"""From a notice to the ways it takes: written with the notice, handed over by jobs, tried again where it fails."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.kernel import working
from uppsikt.kernel.queue import defer
from uppsikt.notices import addresses, letters, queries
from uppsikt.notices.models import Address, Delivery, Habits, Notice
from uppsikt.notices.rules import ADDRESSED, BUNDLED, LOUD, STOPPED, TEST, Way, next_clock, sounds_at, wait
from uppsikt.notices.ways import push, sms, webhook
from uppsikt.notices.ways.base import Message, Undelivered
from uppsikt.policy import queries as policy

log = logging.getLogger(__name__)
# A delivery whose job was lost is taken up again after so long.
LOST_AFTER = timedelta(minutes=10)
AT_ONCE = 500
# Why a delivery ended without being handed over.
READ, LEFT, NO_ADDRESS, BROKEN = "read", "left", "no_address", "broken"
# What has been begun so many times stops its worker each time; it must not hold up the rest for ever.
MOST_TRIES = 40


def write(told: Sequence[tuple[Notice, frozenset[Way]]], *, now: datetime) -> None:
    """Write down each notice's deliveries and queue them, in the transaction that is open."""
    people = [notice.person_id for notice, ways in told if ways != {Way.PAGE}]
    if not people:
        return
    habits = {row.person_id: row for row in Habits.objects.filter(person__in=people)}
    reached: dict[tuple[int, str], list[Address]] = {}
    for row in queries.in_use(people):
        reached.setdefault((row.person_id, row.way), []).append(row)
    deliveries = []
    for notice, ways in told:
        own = habits.get(notice.person_id) or Habits(person_id=notice.person_id)
        places = {way: reached.get((notice.person_id, way), []) for way in ways & ADDRESSED}
        for way in able(ways, places):
            at = when(notice, way, own, now=now)
            for address in places.get(way, [None]):
                deliveries.append(new(notice, way, address, at=at, now=now))
    queue(Delivery.objects.bulk_create(deliveries))


def able(ways: frozenset[Way], places: dict[Way, list[Address]]) -> list[Way]:
    """The ways besides the page that lead somewhere; where none does and the page is not wanted either, e-mail."""
    open_ways: list[Way] = [
        way for way in Way if way in ways and way is not Way.PAGE and (way not in ADDRESSED or places[way])
    ]
    return open_ways or ([] if Way.PAGE in ways else [Way.EMAIL])


def when(notice: Notice, way: Way, habits: Habits, *, now: datetime) -> datetime:
    """The moment from which a notice may be handed over by a way."""
    hours = policy.hours()
    local = timezone.localtime(now)

    def works(day: object) -> bool:
        return working.is_working_day(day, hours)  # type: ignore[arg-type]  # the rules give dates

    if way is Way.DIGEST:
        return next_clock(local, habits.digest_at, is_working_day=works)
    quiet = queries.quiet(habits)
    if way not in LOUD or (notice.urgent and quiet.urgent_through):
        return now
    at = sounds_at(local, quiet, is_working_day=works)
    return now if at == local else at


def new(notice: Notice, way: Way, address: Address | None, *, at: datetime, now: datetime) -> Delivery:
    """An unsaved delivery."""
    return Delivery(
        notice=notice, person_id=notice.person_id, way=way.value, address=address, written_at=now, not_before=at
    )


def write_one(notice: Notice, way: Way, *, address: int | None, now: datetime) -> None:
    """A delivery that somebody asked for, now and by this way alone. A page needs none."""
    if way is Way.PAGE:
        return
    place = Address.objects.get(pk=address, person=notice.person_id) if address else None
    delivery = new(notice, way, place, at=now, now=now)
    delivery.save()
    queue([delivery])


def queue(deliveries: Iterable[Delivery]) -> None:
    """Give each delivery a job; those to the same place go one at a time, so that they can go as one."""
    for row in deliveries:
        at = row.not_before if row.not_before > row.written_at else None
        if row.way == Way.DIGEST:
            defer("notices.digest", once=f"notices.digest:{row.person_id}", at=at, person_id=row.person_id)
        else:
            place = f"notices:{row.way}:{row.address_id or row.person_id}"
            defer("notices.deliver", lock=place, at=at, delivery_id=row.pk)


def overdue(*, now: datetime) -> list[Delivery]:
    """Deliveries that should have been tried long ago: their jobs were lost."""
    late = now - LOST_AFTER
    rows = Delivery.objects.filter(ended_at=None, not_before__lt=late).exclude(tried_at__gt=late)
    return list(rows.order_by("not_before")[:AT_ONCE])


def deliver(delivery_id: int, *, now: datetime) -> None:
    """Hand over a delivery, with all that waits for the same place; what was read on the page meanwhile is left out."""
    taken = take(delivery_id, now=now)
    if not taken:
        return
    first = taken[0]
    try:
        hand_over(first, taken, now=now)
    except Undelivered as trouble:
        log.info("delivery %s by %s: %s", first.pk, first.way, trouble.code)
        failed(taken, trouble, now=now)
    else:
        Delivery.objects.filter(pk__in=[row.pk for row in taken]).update(sent_at=now, ended_at=now, trouble="")
        if first.way == Way.WEBHOOK and first.address is not None and first.address.confirmed_at is None:
            addresses.answered(first.address, now=now)


def take(delivery_id: int, *, now: datetime) -> list[Delivery]:
    """The delivery and those that go with it, marked as being tried before anything leaves the house."""
    with transaction.atomic():
        asked = Delivery.objects.filter(pk=delivery_id, ended_at=None).first()
        if asked is None:
            return []
        rows = Delivery.objects.select_for_update(of=("self",)).filter(ended_at=None)
        if asked.way in BUNDLED:
            rows = rows.filter(person=asked.person_id, way=asked.way, address=asked.address_id, not_before__lte=now)
        else:
            rows = rows.filter(pk=asked.pk)
        found = list(rows.select_related("notice", "person", "address").order_by("id")[:AT_ONCE])
        reasons = {row.pk: unwanted(row) for row in found}
        taken = [row for row in found if not reasons[row.pk]]
        for code in (READ, LEFT, BROKEN):
            ended = [row for row in found if reasons[row.pk] == code]
            Delivery.objects.filter(pk__in=[row.pk for row in ended]).update(ended_at=now, trouble=code)
            if code == BROKEN:
                fall_back(ended, now=now)
        for row in taken:
            row.tries, row.tried_at = row.tries + 1, now
        Delivery.objects.bulk_update(taken, ["tries", "tried_at"])
    return taken


def unwanted(row: Delivery) -> str:
    """Why a delivery is not handed over after all; "" where it is.

    What stands in a notice is no longer the business of somebody who has left, least of all outside the house.
    """
    if not row.person.is_active:
        return LEFT
    if row.notice.read_at and row.not_before > row.written_at:
        return READ
    return BROKEN if row.tries >= MOST_TRIES else ""


def hand_over(first: Delivery, taken: list[Delivery], *, now: datetime) -> None:
    """Hand over what was taken, by its way. Raises Undelivered."""
    with translation.override(first.person.language):
        if first.way == Way.EMAIL:
            write_letter([row.notice for row in taken], first, now=now)
            return
        message = message_of(taken)
    address = first.address
    if address is None or address.stopped_at:
        raise Undelivered(NO_ADDRESS, permanent=True)
    if first.way == Way.PUSH:
        push.send(message, address.target, now=now)
    elif first.way == Way.SMS:
        sms.send(message, address.target)
    else:
        webhook.send(message, address.target, address=address.pk, now=now)


def message_of(taken: list[Delivery]) -> Message:
    """One notice as it is; several as their number and the most urgent one's words."""
    notice = min((row.notice for row in taken), key=lambda row: (not row.urgent, row.pk))
    words, url = notice.words, notice.url
    if len(taken) > 1:
        more = len(taken) - 1
        rest = ngettext("och %(number)d till", "och %(number)d till", more) % {"number": more}
        words, url = f"{notice.words} ({rest})", "/aviseringar/"
    return Message(
        key=f"uppsikt-{taken[0].pk}",
        kind=notice.kind,
        words=words,
        url=f"{settings.PUBLIC_URL}{url}",
        urgent=notice.urgent,
        at=notice.at,
    )


def write_letter(notices: list[Notice], first: Delivery, *, now: datetime) -> None:
    """One letter for one notice or several."""
    if len(notices) == 1:
        subject = notices[0].words
    else:
        subject = ngettext("%(number)d ny avisering", "%(number)d nya aviseringar", len(notices)) % {
            "number": len(notices)
        }
    listed = "\n\n".join(f"{row.words}\n{settings.PUBLIC_URL}{row.url}" for row in notices)
    choose = _("Välj vad du får veta och hur: %(link)s") % {"link": f"{settings.PUBLIC_URL}{queries.CHOICES_PAGE}"}
    letters.write_letter(to=first.person.email, subject=subject, text=f"{listed}\n\n{choose}\n", now=now)


def failed(taken: list[Delivery], trouble: Undelivered, *, now: datetime) -> None:
    """Try again later, or give up; an address that is gone is used no more, and its owner is told by other ways.

    What went along with something older has its own tries left, and is not given up with it.
    """
    address = taken[0].address
    spent = [row for row in taken if trouble.permanent or wait(row.tries) is None]
    left = [row for row in taken if row not in spent]
    with transaction.atomic():
        Delivery.objects.filter(pk__in=[row.pk for row in spent]).update(ended_at=now, trouble=trouble.code)
        if left:
            pause = max(wait(left[0].tries) or 0, trouble.after or 0)
            left[0].not_before = now + timedelta(seconds=pause)
            rows = Delivery.objects.filter(pk__in=[row.pk for row in left])
            rows.update(trouble=trouble.code, not_before=left[0].not_before)
            queue(left[:1])
        if trouble.gone and address is not None:
            stop(address, trouble.code, now=now)
        fall_back(spent, now=now)


def fall_back(taken: list[Delivery], *, now: datetime) -> None:
    """What reached its owner by no way at all goes by e-mail: nothing that somebody must know may be lost."""
    for row in taken:
        if row.notice.kind == TEST:
            continue
        others = Delivery.objects.filter(notice=row.notice_id).exclude(pk=row.pk)
        if row.way != Way.EMAIL and not row.notice.on_page and not others.exclude(trouble__gt="").exists():
            spare = new(row.notice, Way.EMAIL, None, at=now, now=now)
            spare.save()
            queue([spare])


def stop(address: Address, code: str, *, now: datetime) -> None:
    """An address is not there any more: it is used no longer, and the person is told on the page and by e-mail."""
    stopped = Address.objects.filter(pk=address.pk, stopped_at=None).update(stopped_at=now, trouble=code)
    if not stopped:
        return
    with translation.override(address.person.language):
        words = _("%(address)s går inte längre att nå. Lägg till den på nytt om du vill ha aviseringar där.") % {
            "address": address.label or address.target
        }
    notice = Notice.objects.create(person=address.person, kind=STOPPED, words=words, url=queries.CHOICES_PAGE, at=now)
    write([(notice, queries.ways_of([address.person], STOPPED)[address.person_id])], now=now)


def digest(person_id: int, *, now: datetime) -> None:
    """The daily letter: all that waits for it and has not been read on the page."""
    with transaction.atomic():
        rows = Delivery.objects.select_for_update(of=("self",)).filter(
            person=person_id, way=Way.DIGEST, ended_at=None, not_before__lte=now
        )
        taken = list(rows.select_related("notice", "person").order_by("id")[:AT_ONCE])
        unread = [row for row in taken if row.notice.read_at is None and row.person.is_active]
        if unread:
            with translation.override(unread[0].person.language):
                write_letter([row.notice for row in unread], unread[0], now=now)
        Delivery.objects.filter(pk__in=[row.pk for row in unread]).update(sent_at=now, ended_at=now)
        Delivery.objects.filter(pk__in=[row.pk for row in taken if row not in unread]).update(
            ended_at=now, trouble=READ
        )
