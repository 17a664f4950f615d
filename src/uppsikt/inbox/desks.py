"""Each person's desk: the filters that stay from visit to visit, those kept by name, what opens after sending.

Tastes, as the choice of language is: they leave no step in the trail.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from uppsikt.inbox.desk_models import Desk
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person

MOST_KEPT = 20
LONGEST_NAME = 40


def of(person: Person) -> Desk:
    """The person's desk; one that was never arranged is not stored."""
    return Desk.objects.filter(pk=person.pk).first() or Desk(person=person)


def filter_by(person: Person, filters: Mapping[str, str]) -> None:
    """Let these filters stay until others are chosen; none at all shows everything."""
    Desk.objects.update_or_create(pk=person.pk, defaults={"filters": dict(filters)})


def open_next(person: Person, *, yes: bool) -> None:
    """Whether the next case opens when an answer has been sent."""
    Desk.objects.update_or_create(pk=person.pk, defaults={"opens_next": yes})


def keep(person: Person, name: str, query: str) -> None:
    """Keep a choice of view and filters under a name; the same name again replaces it. Raises Refused."""
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise Refused("no_name", _("Ge urvalet ett namn."))
    others = [each for each in of(person).kept if each["name"] != name]
    if len(others) >= MOST_KEPT:
        raise Refused(
            "too_many", _("Du har redan %(number)s sparade urval. Ta bort något först.") % {"number": MOST_KEPT}
        )
    kept = sorted([*others, {"name": name, "query": query}], key=lambda each: each["name"].casefold())
    Desk.objects.update_or_create(pk=person.pk, defaults={"kept": kept})


def forget(person: Person, name: str) -> None:
    """Let a kept choice go."""
    kept = [each for each in of(person).kept if each["name"] != name]
    Desk.objects.update_or_create(pk=person.pk, defaults={"kept": kept})
