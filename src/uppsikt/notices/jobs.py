"""What the workers run for notices."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from uppsikt.kernel.backups import news as backup_news
from uppsikt.kernel.models import BackupRun
from uppsikt.kernel.queue import job
from uppsikt.notices import actions, delivering, letters, upkeep
from uppsikt.notices.models import Letter
from uppsikt.organisation import news as organisation_news
from uppsikt.organisation.models import Person


@job("notices.send_letter", queue="mail")
def send_letter(letter_id: int) -> None:
    """Send a letter."""
    letters.send_letter(Letter.objects.get(pk=letter_id), now=timezone.now())


@job("notices.deliver", queue="mail")
def deliver(delivery_id: int) -> None:
    """Hand over a notice by one of its ways."""
    delivering.deliver(delivery_id, now=timezone.now())


@job("notices.digest", queue="mail", patient=False)
def digest(person_id: int) -> None:
    """The daily letter."""
    delivering.digest(person_id, now=timezone.now())


@organisation_news.LOGIN_LOCKED.heard_by("notices")
def login_locked(person_id: int, until: str) -> None:
    """Somebody tried many passwords: the one whose account it is should know."""
    person = Person.objects.get(pk=person_id)
    actions.tell_of_lock(person, datetime.fromisoformat(until), now=timezone.now())


@organisation_news.PASSWORD_SET.heard_by("notices")
def password_set(person_id: int) -> None:
    """A password was set or changed: a stranger at an open screen may have done it."""
    actions.tell_of_login_change(Person.objects.get(pk=person_id), now=timezone.now())


@backup_news.WENT_WRONG.heard_by("notices")
def backup_went_wrong(run_id: int) -> None:
    """A backup or a drill failed."""
    upkeep.backup_went_wrong(BackupRun.objects.get(pk=run_id), now=timezone.now())


@backup_news.TOO_OLD.heard_by("notices")
def backup_too_old(hours: int | None) -> None:
    """No backup has gone well for too long."""
    upkeep.backup_too_old(hours, now=timezone.now())


@job("notices.overdue", queue="upkeep", cron="*/5 * * * *", queueing_lock="notices.overdue")
def overdue(timestamp: int) -> None:
    """The safety net: what should have been handed over long ago is queued anew."""
    delivering.queue(delivering.overdue(now=timezone.now()))
