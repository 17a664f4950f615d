"""Reads of the organisation that other rooms may ask."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from uppsikt.organisation.models import Contact, Department, Person, RoleGrant, Unit


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


def find_people(words: str, limit: int = 20) -> QuerySet[Person]:
    """Active people whose name, title, e-mail or unit holds every word."""
    found = Person.objects.filter(is_active=True).select_related("unit__department")
    for word in words.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(title__icontains=word)
            | Q(email__icontains=word)
            | Q(unit__name__icontains=word)
        )
    return found.order_by("name")[:limit]
