"""The only way anything changes state, and the trail it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db import models, transaction
from django.utils.translation import gettext as _

from uppsikt.kernel import bulk
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.machine import WrongStep
from uppsikt.kernel.models import Step

Stateful = TypeVar("Stateful", bound=models.Model)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does it: `key` for programs ("person:12", "system:pull"), `name` for readers."""

    key: str
    name: str

    @classmethod
    def system(cls, job: str) -> Doer:
        """The system itself, in the course of the named job."""
        return cls(f"system:{job}", "Uppsikt")

    @property
    def person_id(self) -> int | None:
        """The person's key, or None where no person did it."""
        kind, _sep, number = self.key.partition(":")
        return int(number) if kind == "person" else None


def kind_of(thing: models.Model | type[models.Model]) -> str:
    """The name that the trail knows a model by: "inbox.case"."""
    return thing._meta.label_lower


def plain(value: Any) -> Any:
    """A fact as JSON can hold it."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return value


def step_for(  # one Step has this many facts
    thing: models.Model, name: str, before: str, *, by: Doer, at: datetime, reason: str = "", facts: Mapping[str, Any]
) -> Step:
    """An unsaved step for a thing that already has its new state; for rooms that write steps in bulk."""
    return Step(
        kind=kind_of(thing),
        thing_id=thing.pk,
        label=str(thing)[:200],
        name=name,
        before=before,
        after=getattr(thing, "state", ""),
        by=by.key,
        by_name=by.name[:200],
        at=at,
        reason=reason,
        facts=plain(facts),
    )


def begin(
    thing: Stateful,
    *,
    by: Doer,
    at: datetime,
    step: str = "begin",
    reason: str = "",
    also: Mapping[str, Any] | None = None,
) -> Stateful:
    """Save a new thing in its first state and write the step that made it."""
    with transaction.atomic():
        thing.save(force_insert=True)
        step_for(thing, step, "", by=by, at=at, reason=reason, facts=also or {}).save(force_insert=True)
    return thing


def take(
    step: str,
    thing: Stateful,
    *,
    by: Doer,
    at: datetime,
    reason: str = "",
    also: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Stateful:
    """Move `thing` one step, and write down who did it, when and why.

    `facts` are fields of the thing and are set on it; `also` is written in the trail alone.
    The row is locked, so of two who try, one gets `Refused("wrong_state")`. Returns the row as it
    now is, and brings `thing` up to date with it.
    """
    with transaction.atomic():
        row: Any = type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)
        before = row.state
        try:
            row.state = row.machine.target(step, before)
        except WrongStep as error:
            raise Refused(
                "wrong_state", _("Någon hann före: läget har ändrats. Ladda om sidan och se vad som gäller nu.")
            ) from error
        for name, value in facts.items():
            row._meta.get_field(name)
            setattr(row, name, value)
        row.save(update_fields=["state", *facts])
        step_for(row, step, before, by=by, at=at, reason=reason, facts={**facts, **(also or {})}).save(
            force_insert=True
        )
    thing.state = row.state  # type: ignore[attr-defined]  # every Stateful has it
    for name, value in facts.items():
        setattr(thing, name, value)
    kept: Stateful = row
    return kept


def note(
    step: str, thing: models.Model, *, by: Doer, at: datetime, reason: str = "", also: Mapping[str, Any] | None = None
) -> Step:
    """Write a step for a thing whose state does not move (or that has none): it was seen, changed, given."""
    entry = step_for(thing, step, getattr(thing, "state", ""), by=by, at=at, reason=reason, facts=also or {})
    entry.save(force_insert=True)
    return entry


class Many(NamedTuple):
    """One of many steps that are written together; the thing is there and has its new state already."""

    thing_id: int
    label: str
    name: str
    before: str
    after: str
    facts: Mapping[str, Any]


MANY = ("kind", "thing_id", "label", "name", "before", "after", "by", "by_name", "at", "facts")


def write_many(model: type[models.Model], steps: Iterable[Many], *, by: Doer, at: datetime) -> None:
    """Write steps of many things of one kind, in the order given, for a room that takes in thousands at once.

    Whoever calls has locked the things and asked their machine. Facts are plain already (see `plain`).
    """
    kind, by_name = kind_of(model), by.name[:200]
    bulk.copy(
        Step,
        MANY,
        (
            (
                kind, one.thing_id, one.label[:200], one.name, one.before, one.after, by.key, by_name, at,
                bulk.as_json(one.facts),
            )
            for one in steps
        ),
    )  # fmt: skip  # a row stands in the order of its columns


def steps_of(thing: models.Model) -> models.QuerySet[Step]:
    """The thing's trail, oldest first."""
    return Step.objects.filter(kind=kind_of(thing), thing_id=thing.pk).order_by("id")


def steps_of_all(things: Iterable[models.Model]) -> models.QuerySet[Step]:
    """The trail of several things of one kind, newest first."""
    rows = list(things)
    if not rows:
        return Step.objects.none()
    return Step.objects.filter(kind=kind_of(rows[0]), thing_id__in=[row.pk for row in rows]).order_by("-id")
