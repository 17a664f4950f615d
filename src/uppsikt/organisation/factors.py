"""How somebody proves who they are, beyond the password: reads, and what an administrator may undo."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.organisation.models import Person


@dataclass
class Factors:
    """A person's second factors."""

    app: Authenticator | None = None
    keys: list[Authenticator] = field(default_factory=list)
    codes: Authenticator | None = None

    @property
    def codes_left(self) -> int:
        """How many recovery codes are unused."""
        return len(self.codes.wrap().get_unused_codes()) if self.codes else 0


def factors(person: Person) -> Factors:
    """What the person has."""
    held = Factors()
    for row in Authenticator.objects.filter(user=person).order_by("id"):
        if row.type == Authenticator.Type.TOTP:
            held.app = row
        elif row.type == Authenticator.Type.WEBAUTHN:
            held.keys.append(row)
        else:
            held.codes = row
    return held


def marks(person: Person) -> dict[int, str]:
    """Each factor by its key, and its sort: what is compared before and after a change."""
    return dict(Authenticator.objects.filter(user=person).values_list("pk", "type"))


def note_change(person: Person, before: dict[int, str], *, by: Doer, now: datetime) -> list[str]:
    """Write down which factors came and went since `before`; returns the steps' names."""
    after = marks(person)
    came = [f"add_{after[pk]}" for pk in sorted(after.keys() - before.keys())]
    went = [f"drop_{before[pk]}" for pk in sorted(before.keys() - after.keys())]
    for name in (*came, *went):
        trail.note(name, person, by=by, at=now)
    return [*came, *went]


def reset(person: Person, *, by: Doer, now: datetime) -> None:
    """Take away all second factors and sessions of somebody who has lost telephone or key."""
    with transaction.atomic():
        gone = Authenticator.objects.filter(user=person).delete()[0]
        if gone:
            trail.note("reset_factors", person, by=by, at=now, also={"factors": gone})
        end_sessions(person, by=by, now=now)


def sessions(person: Person) -> list[UserSession]:
    """The browsers in which the person is logged in, newest first."""
    found: list[UserSession] = UserSession.objects.purge_and_list(person)
    return sorted(found, key=lambda row: row.created_at, reverse=True)


def end_session(person: Person, pk: int, *, by: Doer, now: datetime) -> None:
    """Log the person out of one browser. Raises Refused where it is not theirs, or not there."""
    row = UserSession.objects.filter(user=person, pk=pk).first()
    if row is None:
        raise Refused("not_there", _("Den inloggningen är redan avslutad."))
    with transaction.atomic():
        row.end()
        trail.note("end_session", person, by=by, at=now)


def end_sessions(person: Person, *, by: Doer, now: datetime, but: str = "") -> int:
    """Log the person out everywhere, but for the session with this key; returns how many browsers."""
    rows = [row for row in UserSession.objects.filter(user=person) if row.session_key != but]
    with transaction.atomic():
        for row in rows:
            row.end()
        if rows:
            trail.note("end_session", person, by=by, at=now, also={"sessions": len(rows)})
    return len(rows)
