"""Elected people have no part in running a channel: social media are no political arena (D34)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.organisation import news
from uppsikt.organisation.models import Person, RoleGrant
from uppsikt.organisation.rules import Role


def words(person: Person) -> str:
    """Why somebody elected is not given it, in words."""
    return _(
        "%(name)s är förtroendevald. Förtroendevalda ansvarar inte för kanaler och har inga uppdrag där. "
        "Välj någon annan."
    ) % {"name": person.name}


def check(person: Person) -> None:
    """Raise Refused for somebody elected, who may not be given a part in a channel (D34)."""
    if person.politician:
        raise Refused("politician", words(person))


def elect(person: Person, *, post: str, by: Doer, now: datetime) -> Person:
    """Note that somebody was elected: from this moment none of their roles and mandates opens a channel.

    `post` says to what, and stands in the trail. What they had is ended by those who hear of it. Raises Refused
    without a post, and for the last system administrator.
    """
    if not post.strip():
        raise Refused("no_post", _("Skriv vilket uppdrag personen är vald till."))
    with transaction.atomic():
        # Locked as where a role is taken back, so that of two administrators one is left.
        list(RoleGrant.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("pk"))
        held = RoleGrant.objects.in_force(now).filter(role=Role.ADMINISTRATOR, person__is_active=True)
        if held.filter(person=person).exists() and not held.exclude(person=person).exists():
            raise Refused(
                "last_administrator", _("Det är den sista systemadministratören. Ge någon annan rollen först.")
            )
        if not Person.objects.filter(pk=person.pk, politician=False).update(politician=True):
            raise Refused("elected_already", _("Det är redan antecknat att personen är förtroendevald."))
        person.politician = True
        trail.note("elect", person, by=by, at=now, also={"post": post.strip()[:200]})
        news.ELECTED.tell(person_id=person.pk)
    return person


def unelect(person: Person, *, by: Doer, now: datetime) -> Person:
    """Note that the political post has ended. Roles hold again; mandates must be given anew."""
    with transaction.atomic():
        if not Person.objects.filter(pk=person.pk, politician=True).update(politician=False):
            raise Refused("not_elected", _("Personen är inte antecknad som förtroendevald."))
        person.politician = False
        trail.note("unelect", person, by=by, at=now)
    return person
