"""The short course of each network: how it works, what is special about it, what often goes wrong (D24).

The words stand in `courses.toml`. A course that is changed so that it should be read anew gets a new version there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from django.db import transaction

from uppsikt.kernel import trail
from uppsikt.organisation.models import Person
from uppsikt.policy.guideline_models import CourseTaken
from uppsikt.policy.networks import NETWORKS

FILE = Path(__file__).with_name("courses.toml")


@dataclass(frozen=True, slots=True)
class Course:
    """One course: its code, what it is called, its version, and sections of points."""

    code: str
    name: str
    version: int
    sections: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def minutes(self) -> int:
        """How long it takes to read, at an easy pace, in whole minutes."""
        words = sum(len(point.split()) for _heading, points in self.sections for point in points)
        return max(1, round(words / 130))


def read(text: str) -> Mapping[str, Course]:
    """The courses of a file like `courses.toml`. Raises KeyError, tomllib.TOMLDecodeError."""
    facts = tomllib.loads(text)
    common = tuple((one["heading"], tuple(one["points"])) for one in facts.pop("common")["sections"])
    return MappingProxyType(
        {
            code: Course(
                code,
                one["name"],
                one["version"],
                (*((each["heading"], tuple(each["points"])) for each in one["sections"]), *common),
            )
            for code, one in facts.items()
        }
    )


COURSES: Mapping[str, Course] = read(FILE.read_text(encoding="utf-8"))


def of(network: str) -> Course | None:
    """The course of a network; of one that has none, the course for all others. None where nothing is done there."""
    known = NETWORKS.get(network)
    code = known.course if known else "other"
    return COURSES.get(code)


def taken(people: Iterable[int]) -> dict[int, set[str]]:
    """Which courses these people (by key) have taken, in the version that they have now; one question."""
    found: dict[int, set[str]] = {}
    rows = CourseTaken.objects.filter(person__in=list(people)).values_list("person_id", "course", "version")
    for person, code, version in rows:
        if code in COURSES and COURSES[code].version == version:
            found.setdefault(person, set()).add(code)
    return found


def take(person: Person, course: Course, *, now: datetime) -> CourseTaken:
    """The person has gone through the course; said twice, once counts."""
    with transaction.atomic():
        row, made = CourseTaken.objects.get_or_create(
            person=person, course=course.code, version=course.version, defaults={"at": now}
        )
        if made:
            trail.note("take_course", row, by=person.doer, at=now, also={"course": course.code})
    return row
