"""What the workers run for loans (D31)."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.kernel.queue import job
from uppsikt.organisation.models import Person
from uppsikt.organisation.news import ELECTED, LEFT
from uppsikt.register import loans


@job("register.loans", queue="upkeep", cron="*/15 * * * *", queueing_lock="register.loans")
def keep(timestamp: int) -> None:
    """Loans begin and end; their mandates keep the time by themselves."""
    loans.keep(now=timezone.now())


@LEFT.heard_by("register.loans", lock="person:{person_id}")
def left(person_id: int) -> None:
    """Somebody has left: a loan that was theirs alone ends."""
    loans.let_go(Person.objects.get(pk=person_id), now=timezone.now())


@ELECTED.heard_by("register.loans", lock="person:{person_id}")
def elected(person_id: int) -> None:
    """Somebody was elected: a loan that was theirs alone ends."""
    loans.let_go(Person.objects.get(pk=person_id), now=timezone.now())
