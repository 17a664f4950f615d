"""Telling people before a deadline passes, and when it has (D35)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from uppsikt.channels import queries as channels
from uppsikt.channels.rules import Act
from uppsikt.inbox import actions
from uppsikt.inbox.models import Case
from uppsikt.kernel import trail, working
from uppsikt.notices import actions as notices
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy

AT_ONCE = 500
# No office is closed for longer than this, in days.
LONGEST_CLOSED = 30


def remind(*, now: datetime) -> int:
    """Warn once for each deadline that is near, and once more when it has passed; returns how many cases."""
    near = working_minutes_on(now, policy.number("answer.warn_before_minutes"))
    # `warned_for` holds the moment that was last warned about: the deadline itself once it has passed.
    due = Case.objects.exclude(state="closed").filter(
        Q(warned_for=None, due_at__lte=near) | Q(due_at__lte=now, warned_for__lt=F("due_at"))
    )
    rows = list(due.select_related("assignee", "channel__unit").order_by("due_at")[:AT_ONCE])
    for case in rows:
        warn(case, now=now)
    return len(rows)


def working_minutes_on(start: datetime, minutes: int) -> datetime:
    """The moment when so many minutes of opening time have passed: a deadline at 8.20 is warned of the day before."""
    hours = policy.hours()
    low, high = start, start + timedelta(days=LONGEST_CLOSED)
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        if working.working_seconds_between(start, middle, hours) < minutes * 60:
            low = middle
        else:
            high = middle
    return high


def warn(case: Case, *, now: datetime) -> None:
    """Tell the one who has the case; where nobody has it, everybody with a mandate on the channel."""
    late = case.due_at <= now

    def words() -> str:
        where = {"channel": case.channel.name}
        if late:
            return _("Ett ärende i %(channel)s är försenat.") % where
        return _("Ett ärende i %(channel)s ska besvaras snart.") % where

    with transaction.atomic():
        marked = case.due_at if late else case.due_at - timedelta(seconds=1)
        Case.objects.filter(pk=case.pk).update(warned_for=marked)
        trail.note("late" if late else "warn", case, by=actions.INBOX, at=now, also={"due_at": case.due_at})
        notices.tell(
            who(case, late=late, now=now),
            kind="late" if late else "due_soon",
            words=words,
            url=actions.address(case),
            now=now,
            urgent=late,
        )


def who(case: Case, *, late: bool, now: datetime) -> set[Person]:
    """Who is to be told: the one who has the case or all who may take it, and once it is late the unit's managers."""
    told = {case.assignee} if case.assignee else set(channels.people_on(case.channel, Act.ANSWER, at=now))
    if late:
        told |= set(organisation.managers(case.channel.unit, at=now))
    return told
