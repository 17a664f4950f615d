"""Reads of the organisation that other rooms may ask."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Case, Q, QuerySet, When

from uppsikt.organisation import words
from uppsikt.organisation.models import Contact, Department, Person, RoleGrant, Unit
from uppsikt.organisation.rules import Role


def people_with_role(role: str, *, at: datetime, unit: Unit | None = None) -> QuerySet[Person]:
    """Active people who hold a role at a time; with `unit`, only where the grant covers that unit."""
    grants = RoleGrant.objects.in_force(at).filter(role=role)
    if unit is not None:
        grants = grants.filter(Q(unit=None) | Q(unit=unit))
    return Person.objects.filter(is_active=True, pk__in=grants.values("person_id")).order_by("name")


def contacts(department: Department | None = None) -> QuerySet[Contact]:
    """The contact roster, in the order in which they are to be asked (D4)."""
    rows = Contact.objects.filter(person__is_active=True).select_related("person__unit", "department")
    if department is not None:
        rows = rows.filter(department=department)
    return rows.order_by("department__name", "rank", "person__name")


def departments_without_contact() -> QuerySet[Department]:
    """Departments where nobody can be asked: a gap that must be mended (D4)."""
    return Department.objects.exclude(
        pk__in=Contact.objects.filter(person__is_active=True).values("department_id")
    ).order_by("name")


def find_people(asked: str, limit: int = 20) -> QuerySet[Person]:
    """Active people whose name, title, e-mail or unit holds every word."""
    found = search_people(asked).filter(is_active=True).select_related("unit__department")
    return found.order_by("name")[:limit]


def search_people(asked: str) -> QuerySet[Person]:
    """People, active or not, whose name, title, e-mail or unit holds every word; in no order."""
    found = Person.objects.all()
    for word in asked.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(title__icontains=word)
            | Q(email__icontains=word)
            | Q(unit__name__icontains=word)
        )
    return found


def by_email(email: str) -> Person | None:
    """The active person who has the address."""
    return Person.objects.filter(email__iexact=email, is_active=True).select_related("unit").first()


def address(person: Person) -> str:
    """Where the person is shown, without the host."""
    return f"/organisation/personer/{person.pk}/"


def rosters_kept(person: Person) -> QuerySet[Department]:
    """The departments whose contact roster is this person's to keep (D4)."""
    units = person.units_as(Role.MANAGER) if Role.MANAGER in person.roles else frozenset[int]()
    if Role.COMMUNICATIONS in person.roles or units is None:
        return Department.objects.all()
    return Department.objects.filter(pk__in=Unit.objects.filter(pk__in=units).values("department_id"))


def role_words() -> list[tuple[str, str, str]]:
    """Each role: its name in the code, its name for people, and what it may."""
    return [(role.value, words.role(role.value), str(words.ROLES_MAY[role.value])) for role in Role]


def role_grants(person: Person, *, at: datetime) -> QuerySet[RoleGrant]:
    """The roles that the person holds at a time."""
    return RoleGrant.objects.in_force(at).filter(person=person).select_related("unit").order_by("id")


def suggestions(unit: Unit | None = None, limit: int = 300) -> QuerySet[Person]:
    """People to suggest where one is to be chosen; with `unit`, those of its department first. Not all of them."""
    rows = Person.objects.filter(is_active=True).select_related("unit")
    if unit is None:
        return rows.order_by("name")[:limit]
    return rows.order_by(Case(When(unit__department_id=unit.department_id, then=0), default=1), "name")[:limit]


def managers(unit: Unit, *, at: datetime) -> list[Person]:
    """The unit's own managers; where it has none, those of all units."""
    everywhere = people_with_role(Role.MANAGER, at=at, unit=unit)
    own = RoleGrant.objects.in_force(at).filter(role=Role.MANAGER, unit=unit).values("person_id")
    return list(everywhere.filter(pk__in=own)) or list(everywhere)
