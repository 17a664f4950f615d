"""What changes the organisation."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.organisation import news, politicians
from uppsikt.organisation.models import Contact, Department, LoginLink, Person, RoleGrant, Unit
from uppsikt.organisation.rules import FOR_POLITICIANS, Role


def digest(token: str) -> str:
    """What is stored of a one-time link."""
    return hashlib.sha256(token.encode()).hexdigest()


def add_person(*, email: str, name: str, title: str, unit: Unit | None, by: Doer, now: datetime) -> Person:
    """Take in somebody new. Raises Refused where the address is taken."""
    taken = Refused("email_taken", _("Det finns redan en person med den e-postadressen. Sök upp personen i stället."))
    if Person.objects.filter(email__iexact=email).exists():
        raise taken
    try:
        with transaction.atomic():
            person = Person.objects.create_user(email, name=name, title=title, unit=unit)
            trail.note("add", person, by=by, at=now, also={"email": person.email, "title": title, "unit": unit})
    except IntegrityError as error:  # somebody else took the same person in just now
        raise taken from error
    return person


def change_person(person: Person, *, by: Doer, now: datetime, **fields: object) -> Person:
    """Change a person's name, title, unit, phone or whether they are active; the old values stay in the trail."""
    before = {name: getattr(person, name) for name in fields}
    with transaction.atomic():
        for name, value in fields.items():
            setattr(person, name, value)
        person.save(update_fields=list(fields))
        trail.note("change", person, by=by, at=now, also={"before": before, "after": fields})
        if before.get("is_active") and not person.is_active:
            news.LEFT.tell(person_id=person.pk)
    return person


def give_role(*, person: Person, role: Role, unit: Unit | None, by: Doer, now: datetime) -> RoleGrant:
    """Give a role on a unit, or for all units where `unit` is None. Giving what is held already changes nothing.

    Raises Refused for somebody elected, unless it is a role that a politician may have (D34).
    """
    if person.politician and role.value not in FOR_POLITICIANS:
        raise Refused("politician", politicians.words(person))
    with transaction.atomic():
        held = RoleGrant.objects.in_force(now).filter(person=person, role=role, unit=unit).first()
        if held:
            return held
        grant = RoleGrant.objects.create(person=person, role=role.value, unit=unit, since=now)
        trail.note("give_role", person, by=by, at=now, also={"role": role.value, "unit": unit})
    return grant


def end_role(grant: RoleGrant, *, by: Doer, now: datetime) -> None:
    """Take a role back. Raises Refused for the last system administrator, without whom nobody could give roles."""
    with transaction.atomic():
        # Locked without a join: after waiting, PostgreSQL would join with rows as they were before.
        list(RoleGrant.objects.select_for_update().filter(role=Role.ADMINISTRATOR).order_by("pk"))
        held = RoleGrant.objects.in_force(now).filter(role=Role.ADMINISTRATOR, person__is_active=True)
        if grant.role == Role.ADMINISTRATOR and not held.exclude(pk=grant.pk).exists():
            raise Refused(
                "last_administrator", _("Det är den sista systemadministratören. Ge någon annan rollen först.")
            )
        grant.until = now
        grant.save(update_fields=["until"])
        trail.note("end_role", grant.person, by=by, at=now, also={"role": grant.role, "unit": grant.unit})


def set_password(person: Person, password: str, *, now: datetime) -> None:
    """A person chooses a password, which has been judged good enough before."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        trail.note("set_password", person, by=person.doer, at=now)
        news.PASSWORD_SET.tell(person_id=person.pk)


def add_contact(*, department: Department, person: Person, matter: str, rank: int, by: Doer, now: datetime) -> Contact:
    """Name a contact person for a department (D4)."""
    with transaction.atomic():
        contact, made = Contact.objects.update_or_create(
            department=department, person=person, matter=matter, defaults={"rank": rank}
        )
        step = "name_contact" if made else "rank_contact"
        trail.note(step, department, by=by, at=now, also={"person": person, "matter": matter, "rank": rank})
    return contact


def drop_contact(contact: Contact, *, by: Doer, now: datetime) -> None:
    """Take a contact person off the roster."""
    with transaction.atomic():
        trail.note(
            "drop_contact", contact.department, by=by, at=now, also={"person": contact.person, "matter": contact.matter}
        )
        contact.delete()


def make_login_link(person: Person, *, minutes: int, by: Doer, now: datetime) -> str:
    """A token that logs the person in once, within so many minutes. Only its digest is kept."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        LoginLink.objects.create(
            person=person, digest=digest(token), made_at=now, expires_at=now + timedelta(minutes=minutes)
        )
        trail.note("make_login_link", person, by=by, at=now, also={"minutes": minutes})
    return token


def find_login_link(token: str, *, now: datetime) -> LoginLink:
    """The unused link of a token. Raises Refused where it is unknown, used or too old."""
    link = LoginLink.objects.select_related("person").filter(digest=digest(token)).first()
    if link is None or link.used_at or link.expires_at <= now or not link.person.is_active:
        raise Refused("link_dead", _("Länken gäller inte längre. Be om en ny inloggningslänk."))
    return link


def use_login_link(token: str, *, now: datetime) -> Person:
    """Use up a link; of two who try at once, one gets in. Raises Refused."""
    with transaction.atomic():
        link = find_login_link(token, now=now)
        if not LoginLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
            raise Refused("link_dead", _("Länken gäller inte längre. Be om en ny inloggningslänk."))
        trail.note("use_login_link", link.person, by=link.person.doer, at=now)
    return link.person
