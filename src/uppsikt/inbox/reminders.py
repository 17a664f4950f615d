"""Telling people before a deadline passes, and when it has: the one who has the case, then the manager (D35)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case as Choose
from django.db.models import F, Q, When
from django.utils.translation import gettext as _

from uppsikt.channels import queries as channels
from uppsikt.channels import restored
from uppsikt.channels.rules import Act
from uppsikt.inbox import actions, handing, queries
from uppsikt.inbox.models import Case
from uppsikt.inbox.states import OPEN
from uppsikt.kernel import trail, working
from uppsikt.notices import actions as notices
from uppsikt.organisation import absences
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import queries as policy

AT_ONCE = 500
# No office is closed for longer than this, in days.
LONGEST_CLOSED = 30
# How far up a deadline has been told: to the one who has the case, to the manager, and that it has passed.
HOLDER, MANAGER, LATE = 1, 2, 3
STEPS = {HOLDER: "warn", MANAGER: "escalate", LATE: "late"}


def remind(*, now: datetime) -> int:
    """Tell of each deadline that is near or has passed, once on each level; returns how many cases."""
    moments = {
        HOLDER: working_minutes_on(now, policy.number("answer.warn_before_minutes")),
        MANAGER: working_minutes_on(now, policy.number("answer.escalate_before_minutes")),
        LATE: now,
    }
    # What was told of another deadline does not count.
    told = Choose(When(warned_for=F("due_at"), then=F("told_level")), default=0)
    lacking = Q()
    for level, moment in moments.items():
        lacking |= Q(due_at__lte=moment, told__lt=level)
    rows = Case.objects.filter(state__in=OPEN, due_at__lte=max(moments.values())).annotate(told=told).filter(lacking)
    # After a restore the citizen may have been answered already: nobody is hurried before somebody starts the channel.
    rows = rows.exclude(channel__in=restored.held())
    found = list(rows.select_related("assignee", "channel__unit", "unit").order_by("due_at")[:AT_ONCE])
    for case in found:
        tell(case, [level for level, moment in moments.items() if case.told < level and case.due_at <= moment], now=now)
    return len(found)


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


def tell(case: Case, levels: list[int], *, now: datetime) -> None:
    """Tell those on each level that has not heard of this deadline; once it has passed, that alone is told."""
    late, level = LATE in levels, max(levels)
    told = {person for each in ([LATE] if late else levels) for person in who(case, each, now=now)}

    def words() -> str:
        where = {"channel": case.channel.name}
        if late:
            return _("Ett ärende i %(channel)s är försenat.") % where
        return _("Ett ärende i %(channel)s ska besvaras snart.") % where

    with transaction.atomic():
        Case.objects.filter(pk=case.pk).update(warned_for=case.due_at, told_level=level)
        also = {"due_at": case.due_at, "told": sorted(person.pk for person in told)}
        trail.note(STEPS[level], case, by=actions.INBOX, at=now, also=also)
        notices.tell(
            told,
            kind="late" if late else "due_soon",
            words=words,
            url=actions.address(case),
            now=now,
            urgent=late,
        )


def who(case: Case, level: int, *, now: datetime) -> set[Person]:
    """Who is to be told on a level; where nobody is there who may answer, the next one is told at once.

    So is then everybody who may: a cover without a mandate on the channel gets nowhere with a reminder.
    """
    mandated = set(channels.people_on(case.channel, Act.ANSWER, at=now))
    answering = here(mandated, now=now) & mandated
    holders = here(holding(case, now=now), now=now) & answering
    if level == HOLDER and holders:
        return holders
    managers = managing(case, now=now)
    communications = set(organisation.people_with_role(Role.COMMUNICATIONS, at=now))
    if level == LATE:
        return (holders or answering) | managers | communications
    return (managers or communications) | (answering if level == HOLDER else set())


def managing(case: Case, *, now: datetime) -> set[Person]:
    """The managers of the case's unit; instead of one who is away, the cover, if the case is there for them."""
    managers = {person.pk: person for person in organisation.managers(case.holder_unit, at=now)}
    stand_ins = absences.standing_in(managers.values(), at=now)
    return {person for person in stand_ins.values() if person.pk in managers or may_read(person, case, now=now)}


def may_read(person: Person, case: Case, *, now: datetime) -> bool:
    """Whether the case is there for the person."""
    return queries.cases(queries.reach_now(person, at=now)).filter(pk=case.pk).exists()


def holding(case: Case, *, now: datetime) -> Iterable[Person]:
    """The one who has the case; where nobody has it, all who may take it."""
    if case.assignee:
        return [case.assignee]
    return (
        handing.answerers(case, case.unit, now=now)
        if case.unit
        else channels.people_on(case.channel, Act.ANSWER, at=now)
    )


def here(people: Iterable[Person], *, now: datetime) -> set[Person]:
    """The same people, with their covers instead of those who are away (D27)."""
    return set(absences.standing_in(people, at=now).values())
