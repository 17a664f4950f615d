"""Reads of notices."""

from __future__ import annotations

from django.db.models import QuerySet

from uppsikt.notices.models import Choice, Notice
from uppsikt.notices.rules import BY_EMAIL
from uppsikt.organisation.models import Person


def unread_count(person: Person) -> int:
    """How many notices the person has not read, at most 100."""
    return len(Notice.objects.filter(person=person, read_at=None).values_list("pk")[:100])


def newest(person: Person, limit: int = 50) -> QuerySet[Notice]:
    """The person's notices, newest first."""
    return Notice.objects.filter(person=person).order_by("-at", "-id")[:limit]


def choices(person: Person) -> dict[str, bool]:
    """Each kind of notice, and whether it comes to the person by e-mail too."""
    chosen = dict(Choice.objects.filter(person=person).values_list("kind", "by_email"))
    return {kind: chosen.get(kind, usual) for kind, usual in BY_EMAIL.items()}
