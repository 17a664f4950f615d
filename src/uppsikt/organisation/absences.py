"""Absence and cover: nobody is away without somebody who sees to what is theirs (D27)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.once import once
from uppsikt.organisation.models import Absence, Person
from uppsikt.organisation.rules import Role

# Whether somebody can stand in for somebody else in what a room above sees to: what is lacking, in words, or "".
Concern = Callable[[Person, Person, datetime], str]
_concerns: list[Concern] = []


def register_concern(concern: Concern) -> None:
    """Let a room above say what a cover lacks; called once when Django starts."""
    if concern not in _concerns:
        _concerns.append(concern)


def concerns(person: Person, cover: Person, *, at: datetime) -> list[str]:
    """What somebody who covers for a person lacks for it, in words for the one who chose them (D27)."""
    return [words for concern in _concerns if (words := concern(person, cover, at))]


def in_force(at: datetime) -> QuerySet[Absence]:
    """The absences that hold at a time."""
    return Absence.objects.filter(ended_at=None, since__lte=at, until__gt=at)


def covers(at: datetime) -> dict[int, int]:
    """Who covers for each person who is away at a time, by key, as it was noted; chains are not followed. A page asks
    once."""
    return once(("covers", at), lambda: dict(in_force(at).values_list("person_id", "cover_id")))


def last_in_chain(key: int, covering: Mapping[int, int]) -> int:
    """Who sees to what is this person's, followed to somebody who is not away; the person, where nobody else is."""
    seen = {key}
    while key in covering and covering[key] not in seen:
        key = covering[key]
        seen.add(key)
    return key


def standing_in(
    people: Iterable[Person], *, at: datetime, covering: Mapping[int, int] | None = None
) -> dict[int, Person]:
    """Who sees to what is each of these people's, by their key; without those who have left.

    `covering` is what `covers` said, where it has been asked already.
    """
    asked = list(people)
    covering = covers(at) if covering is None else covering
    ends = {person.pk: last_in_chain(person.pk, covering) for person in asked}
    known = {person.pk: person for person in asked if person.is_active}
    lacking = set(ends.values()) - set(known)
    known |= {row.pk: row for row in Person.objects.filter(pk__in=lacking, is_active=True)} if lacking else {}
    return {key: known[end] for key, end in ends.items() if end in known}


def covered_by(person: Person, *, at: datetime) -> frozenset[int]:
    """The people whose work is this person's now, by key, through chains too; not the person."""
    covering = covers(at)
    if person.pk in covering:
        return frozenset()
    return frozenset(key for key in covering if last_in_chain(key, covering) == person.pk)


def absence_of(person: Person, *, at: datetime) -> Absence | None:
    """The person's absence at a time, with its cover."""
    return in_force(at).filter(person=person).select_related("cover").first()


def coming(people: QuerySet[Person], *, at: datetime) -> QuerySet[Absence]:
    """The absences of these people that hold now or will, the nearest first."""
    rows = Absence.objects.filter(ended_at=None, until__gt=at, person__in=people)
    return rows.select_related("person__unit", "cover").order_by("since", "id")


def kept_by(person: Person) -> QuerySet[Person]:
    """Those whose absence this person may note: oneself; a manager, the unit's people; the administrator, anybody."""
    rows = Person.objects.filter(is_active=True)
    if Role.ADMINISTRATOR in person.roles:
        return rows
    units = person.units_as(Role.MANAGER) if Role.MANAGER in person.roles else frozenset[int]()
    return rows if units is None else rows.filter(Q(pk=person.pk) | Q(unit__in=units))


def note(*, person: Person, cover: Person, since: datetime, until: datetime, by: Person, now: datetime) -> Absence:
    """Note that somebody is away, and who covers for them. Raises Refused without a cover who is there."""
    check_times(since, until, now=now)
    if not kept_by(by).filter(pk=person.pk).exists():
        raise Refused("not_yours", _("Frånvaro läggs in av personen själv eller av enhetens chef."))
    if cover == person or not cover.is_active:
        raise Refused("no_cover", _("Välj en kollega som ersätter under tiden."))
    with transaction.atomic():
        # Two who note at once each see what the other has noted.
        list(Person.objects.select_for_update().filter(pk__in=[person.pk, cover.pk]).order_by("pk"))
        others = list(Absence.objects.filter(ended_at=None, until__gt=since, since__lt=until))
        if any(row.person_id == person.pk for row in others):
            raise Refused(
                "overlap", _("%(name)s är redan frånvarande då. Ändra den frånvaron i stället.") % {"name": person}
            )
        if comes_back(person.pk, cover.pk, since, until, others):
            raise Refused(
                "loop",
                _("%(cover)s är själv frånvarande då, med %(name)s som ersättare i sista hand. Välj någon annan.")
                % {"cover": cover, "name": person},
            )
        row = Absence.objects.create(person=person, cover=cover, since=since, until=until, noted_by=by, noted_at=now)
        also = {"cover": cover, "since": since, "until": until}
        trail.note("note_absence", person, by=by.doer, at=now, also=also)
    return row


def check_times(since: datetime, until: datetime, *, now: datetime) -> None:
    """Raise Refused for an absence that never holds."""
    if until <= since:
        raise Refused("ends_first", _("Frånvaron tar slut innan den börjar. Välj en senare sista dag."))
    if until <= now:
        raise Refused("past", _("Frånvaron har redan varit."))


def comes_back(person: int, cover: int, since: datetime, until: datetime, others: Iterable[Absence]) -> bool:
    """Whether, at some moment of that time, the chain of covers leads back to the person."""
    rows = [row for row in others if row.person_id == cover and row.since < until and row.until > since]
    left = [row for row in others if row not in rows]
    return any(
        row.cover_id == person or comes_back(person, row.cover_id, max(since, row.since), min(until, row.until), left)
        for row in rows
    )


def end(row: Absence, *, by: Person, now: datetime) -> Absence:
    """End an absence before its time, or strike it before it has begun. Raises Refused for another's."""
    if not kept_by(by).filter(pk=row.person_id).exists():
        raise Refused("not_yours", _("Frånvaro läggs in av personen själv eller av enhetens chef."))
    with transaction.atomic():
        if not Absence.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now):
            raise Refused("ended", _("Frånvaron är redan avslutad."))
        row.ended_at = now
        trail.note("end_absence", row.person, by=by.doer, at=now, also={"absence": row.pk, "cover": row.cover})
    return row
