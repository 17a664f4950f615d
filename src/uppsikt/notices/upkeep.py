"""Telling those who run the service how its backups fare."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from uppsikt.kernel.models import BackupRun
from uppsikt.notices import actions
from uppsikt.organisation import queries as organisation
from uppsikt.organisation.rules import Role

PAGE = "/drift/"


def backup_went_wrong(run: BackupRun, *, now: datetime) -> None:
    """A backup or a drill failed: they are told at once."""

    def words() -> str:
        if run.kind == "drill":
            return _("Övningen att återställa en säkerhetskopia misslyckades: %(why)s") % {"why": run.trouble[:300]}
        return _("Säkerhetskopian misslyckades: %(why)s") % {"why": run.trouble[:300]}

    tell_administrators(words, now=now)


def backup_too_old(hours: int | None, *, now: datetime) -> None:
    """No backup has gone well for too long; `hours` since the last that did, None where there is none."""

    def words() -> str:
        if hours is None:
            return _("Ingen säkerhetskopia har gått bra än.")
        return _("Den senaste säkerhetskopian som gick bra är %(hours)s timmar gammal.") % {"hours": hours}

    tell_administrators(words, now=now)


def tell_administrators(words: Callable[[], str], *, now: datetime) -> None:
    """Tell each who runs the service, whatever the hour: what is lost is lost for good."""
    people = organisation.people_with_role(Role.ADMINISTRATOR, at=now)
    actions.tell(people, kind="backup_trouble", words=words, url=PAGE, now=now, urgent=True)
