"""What an order must hold before it is sent (D9-D11, D29). Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# The guided form: its steps in order, and what each asks for.
STEPS: dict[str, tuple[str, ...]] = {
    "account": ("unit", "network", "name", "subject"),
    "need": ("purpose", "goals", "audience", "languages"),
    "central": ("why_not_central",),
    "upkeep": (
        "responsible", "second", "hours_a_week", "days_between_posts", "upkeep",
        "contact_email", "contact_phone", "contact_page",
    ),
    "terms": ("terms_read",),
}  # fmt: skip
# Without these nobody can judge the order; the rest may be empty.
NEEDED = (
    "unit", "network", "name", "subject", "purpose", "goals", "audience", "why_not_central", "responsible", "second",
    "hours_a_week", "terms_read",
)  # fmt: skip
CONTACTS = ("contact_email", "contact_phone", "contact_page")
# All that is written in words; where nothing of it is, the order has only been begun.
TEXTS = (
    "network", "name", "subject", "purpose", "goals", "audience", "why_not_central", "upkeep", *CONTACTS,
)  # fmt: skip
# The form's own bounds, and those of what comes from outside: hours in a week, days in a year.
MOST_HOURS, MOST_DAYS = 168, 365
# "Nå ut" is no purpose: whoever approves must be able to see what for.
LEAST_WORDS = {"purpose": 4, "goals": 3, "why_not_central": 4}


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that an order lacks: the field, its step, and why: missing, short, same."""

    field: str
    step: str
    why: str


def step_of(field: str) -> str:
    """The step of the form that asks for a field."""
    return next(step for step, names in STEPS.items() if field in names)


def lacks(values: Mapping[str, Any]) -> list[Lack]:
    """Everything that is missing, in the order of the form; empty where the order can be sent."""
    found = []
    for names in STEPS.values():
        for name in names:
            if name in NEEDED and not values.get(name):
                found.append(Lack(name, step_of(name), "missing"))
            elif len(str(values.get(name) or "").split()) < LEAST_WORDS.get(name, 0):
                found.append(Lack(name, step_of(name), "short"))
    if not any(values.get(name) for name in CONTACTS):
        found.append(Lack(CONTACTS[0], "upkeep", "missing"))
    if values.get("second") and values.get("second") == values.get("responsible"):
        found.append(Lack("second", "upkeep", "same"))
    return sorted(found, key=lambda lack: list(STEPS).index(lack.step))


def next_step(step: str) -> str:
    """The step after one, or "" after the last."""
    names = list(STEPS)
    place = names.index(step) + 1
    return names[place] if place < len(names) else ""
