"""Whose turn it is: a case laid aside for a while, handed to a unit, or handed out from a queue (D2, D35)."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from uppsikt.channels import queries as channels
from uppsikt.channels import restored
from uppsikt.channels.rules import Act
from uppsikt.inbox import actions, queries, together
from uppsikt.inbox.models import Case
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.notices import actions as notices
from uppsikt.organisation.models import Person, RoleGrant, Unit
from uppsikt.organisation.rules import STAFF, Role
from uppsikt.policy import queries as policy

AT_ONCE = 500
# Those who share the work in the central channels (D2).
QUEUE = frozenset(STAFF) - {Role.OFFICER}


def snooze(case: Case, *, until: datetime, reason: str, by: Person, now: datetime) -> Case:
    """Lay a case aside until a time, with the reason. Its deadline stands (D35).

    Raises Refused for a time past the deadline: where more time is needed, a holding answer says so to the citizen
    and sets a new one (D38).
    """
    actions.check_mandate(case, by, now=now)
    if not reason.strip():
        raise Refused("no_reason", _("Skriv vad ärendet väntar på."))
    if until <= now:
        raise Refused("past", _("Välj en tid som inte har varit."))
    with transaction.atomic():
        row = actions.locked(case.pk)
        actions.check_claim(row, by, now=now)
        if until >= row.due_at:
            raise Refused(
                "past_deadline",
                _("Ärendet ska besvaras senast %(due)s. Välj en tid före det, eller skicka ett mellansvar först.")
                % {"due": policy.due_words(row.due_at, now=now)},
            )
        return trail.take(
            "snooze",
            row,
            by=by.doer,
            at=now,
            reason=reason.strip(),
            snoozed_until=until,
            snooze_reason=reason.strip()[:300],
            assignee=row.assignee or by,
            **actions.NO_CLAIM,
        )


def wake(case: Case, *, by: Person, now: datetime) -> Case:
    """Take a case up again before its time. Raises Refused without a mandate."""
    actions.check_mandate(case, by, now=now)
    return trail.take("wake", case, by=by.doer, at=now, **together.AWAKE)


def woken_words(case: Case) -> str:
    """What the one who has the case is told."""
    return _("Ett ärende i %(channel)s som du lade åt sidan är tillbaka.") % {"channel": case.channel.name}


def wake_due(*, now: datetime) -> int:
    """Take up again what was laid aside until now, and tell the one who has it; returns how many."""
    woken = 0
    due = Case.objects.filter(snoozed_until__lte=now).exclude(channel__in=restored.held())
    for case in due.select_related("channel")[:AT_ONCE]:
        with transaction.atomic():
            row = together.locked(case.pk)[case.pk]
            if row.snoozed_until is None or row.snoozed_until > now:
                continue
            trail.take("wake", row, by=actions.INBOX, at=now, **together.AWAKE)
            woken += 1
            # As it is under the lock: it may have been handed over since the list was read.
            if row.assignee:
                notices.tell(
                    [row.assignee],
                    kind="woken",
                    words=partial(woken_words, case),
                    url=actions.address(case),
                    now=now,
                )
    return woken


def answerers(case: Case, unit: Unit, *, now: datetime) -> QuerySet[Person]:
    """Who works at the unit and may answer on the case's channel (D21)."""
    roles = RoleGrant.objects.in_force(now).filter(unit=unit, role__in=STAFF).values("person_id")
    return channels.people_on(case.channel, Act.ANSWER, at=now).filter(Q(unit=unit) | Q(pk__in=roles))


def to_unit(case: Case, unit: Unit, *, by: Person, now: datetime, reason: str = "") -> Case:
    """Hand a case to another unit, where whoever has a mandate on the channel takes it (D2).

    Raises Refused where nobody there may answer on the channel: then the question goes to an expert instead (D37).
    """
    actions.check_mandate(case, by, now=now)
    if not answerers(case, unit, now=now).exists():
        raise Refused(
            "nobody_there",
            _("Ingen på %(unit)s har uppdrag i kanalen. Skicka frågan vidare till någon där i stället.")
            % {"unit": unit.name},
        )
    with transaction.atomic():
        row = actions.locked(case.pk)
        actions.check_claim(row, by, now=now)
        row = trail.take(
            "to_unit",
            row,
            by=by.doer,
            at=now,
            reason=reason.strip(),
            unit=unit,
            assignee=None,
            **actions.NO_CLAIM,
            **together.AWAKE,
        )
        tell_unit(row, unit, by=by, now=now)
    return row


def tell_unit(case: Case, unit: Unit, *, by: Person, now: datetime) -> None:
    """Tell those at the unit who may answer that a case is theirs."""
    notices.tell(
        answerers(case, unit, now=now).exclude(pk=by.pk),
        kind="assigned",
        words=lambda: _("%(name)s lämnade över ett ärende till %(unit)s.") % {"name": by.name, "unit": unit.name},
        url=actions.address(case),
        now=now,
    )


def queue_of(person: Person, *, now: datetime) -> QuerySet[Case]:
    """What waits in the shared queue of the central channels: nobody's, not laid aside, not with an expert (D2)."""
    reached = queries.reach(person, at=now).answers
    rows = Case.objects.filter(state__in=("open", "promised"), assignee=None, unit=None, snoozed_until=None)
    rows = rows.filter(channel_id__in=reached, channel__central=True)
    out = Exists(queries.waiting_forwards().filter(case=OuterRef("pk")))
    return rows.filter(Q(claimed_until=None) | Q(claimed_until__lte=now)).exclude(out)


def hand_out(person: Person, *, now: datetime) -> Case | None:
    """Give the person the case in the queue that is due first; None where it is empty.

    Fifty who ask at once get fifty cases: nobody waits for a row that somebody else is being given.
    """
    if not person.roles & QUEUE:
        raise Refused("not_yours", _("Kön är kundcentrets, webbredaktörernas och kommunikationsenhetens."))
    with transaction.atomic():
        rows = queue_of(person, now=now).select_for_update(skip_locked=True, of=("self",))
        row = rows.order_by("due_at", "id").first()
        if row is None:
            return None
        taken = trail.take("take", row, by=person.doer, at=now, also={"queue": True}, assignee=person)
        return actions.claim(taken, person, now=now)
