"""An account is locked for a while after many wrong passwords, whether anybody has the address or not.

Asked the same of an address that nobody has, the answer is the same: nobody learns who works here. A one-time link by
e-mail opens all the same, since who reads the mailbox is who he says: a stranger can lock nobody out for good.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.organisation import news
from uppsikt.organisation.models import LoginTries, Person
from uppsikt.ui import times

LOGIN = Doer.system("login")
MOST = 5
WITHIN = timedelta(minutes=15)
# The second time in a day it is locked for longer, and so on.
LOCKED_FOR = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
FORGOTTEN_AFTER = timedelta(days=1)


def key(email: str) -> str:
    """What is kept of an address: strangers type what they like, passwords too."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def locked_until(email: str, *, now: datetime) -> datetime | None:
    """When the lock on an address ends; None where there is none."""
    row = LoginTries.objects.filter(key=key(email), locked_until__gt=now).first()
    return row.locked_until if row else None


def check(email: str, *, now: datetime) -> None:
    """Before a password is looked at. Raises Refused where the account is locked."""
    until = locked_until(email, now=now)
    if until is not None:
        raise Refused(
            "locked",
            _(
                "Inloggning med lösenord är låst till %(until)s efter för många försök. "
                "Logga in med en länk till din e-post så länge."
            )
            % {"until": times.when_words(until, now)},
        )


def failed(email: str, *, now: datetime) -> datetime | None:
    """Count a wrong password; the moment when the lock ends where this was one too many. Written to the trail."""
    with transaction.atomic():
        LoginTries.objects.bulk_create([LoginTries(key=key(email), since=now)], ignore_conflicts=True)
        row = LoginTries.objects.select_for_update().get(key=key(email))
        if row.locked_until and row.locked_until > now:
            return row.locked_until
        if row.locked_until and row.locked_until + FORGOTTEN_AFTER < now:
            row.times = 0
        if row.since + WITHIN < now:
            row.since, row.tries = now, 0
        row.tries += 1
        if row.tries >= MOST:
            row.locked_until = now + LOCKED_FOR[min(row.times, len(LOCKED_FOR) - 1)]
            row.times, row.tries, row.since = row.times + 1, 0, now
            tell(email, row.locked_until, now=now)
        row.save()
        return row.locked_until if row.locked_until and row.locked_until > now else None


def tell(email: str, until: datetime, *, now: datetime) -> None:
    """Write it down and tell the person, where there is one."""
    person = Person.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if person is not None:
        trail.note("lock_login", person, by=LOGIN, at=now, also={"until": until})
        news.LOGIN_LOCKED.tell(person_id=person.pk, until=until.isoformat())


def opened(email: str) -> None:
    """Somebody got in the right way: the wrong tries before are forgotten."""
    LoginTries.objects.filter(key=key(email)).delete()


def unlock(person: Person, *, by: Doer, now: datetime) -> None:
    """Open a locked account before its time."""
    with transaction.atomic():
        if LoginTries.objects.filter(key=key(person.email)).delete()[0]:
            trail.note("unlock_login", person, by=by, at=now)


def tidy(*, now: datetime) -> None:
    """Let go of what no longer counts; strangers could fill the table."""
    LoginTries.objects.filter(since__lt=now - 2 * FORGOTTEN_AFTER).delete()
