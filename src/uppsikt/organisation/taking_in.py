"""The organisation and its people from a spreadsheet: what it would change, what is wrong in it, and doing it.

People are known by e-mail address, so the same sheet a second time changes nothing. An empty cell leaves what is there:
nobody loses a title because a column was left out. Nobody is shut off because a row is missing; that is told instead.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from uppsikt.kernel.errors import Refused
from uppsikt.kernel.sheets import Row, Sheet
from uppsikt.kernel.trail import Doer
from uppsikt.organisation import actions, politicians, tree, words
from uppsikt.organisation.models import Board, Department, Person, RoleGrant, Unit
from uppsikt.organisation.rules import FOR_POLITICIANS, Role

# Each column with the headings that it may bear besides its own.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "namn": ("name", "för- och efternamn"),
    "e-post": ("e-postadress", "mejl", "mail", "email"),
    "titel": ("title", "befattning"),
    "telefon": ("phone", "telephone", "mobil", "telefonnummer"),
    "nämnd": ("board", "styrelse"),
    "förvaltning": ("department", "sektor"),
    "enhet": ("unit", "verksamhet", "avdelning"),
    "roll": ("roller", "role", "roles"),
    "roll gäller": ("gäller", "role for"),
}
LONGEST = {"namn": 120, "titel": 120, "telefon": 40, "nämnd": 120, "förvaltning": 120, "enhet": 120}
# In "roll gäller": the role holds on every unit, and not on the person's own alone.
EVERYWHERE = frozenset({"alla", "alla enheter", "all", "all units"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one cell, and what to do."""

    place: str
    column: str
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    """What a row would do: `sort` is new, changed, same or branch; `what` says it."""

    number: int
    name: str
    sort: str
    what: tuple[str, ...] = ()


@dataclass
class Plan:
    """What a sheet would do."""

    faults: list[Fault] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    branches: list[str] = field(default_factory=list)
    # Active people of the units in the sheet who are not in it; told, not touched.
    missing: list[Person] = field(default_factory=list)
    unknown: tuple[str, ...] = ()

    def count(self, sort: str) -> int:
        """How many rows of a sort."""
        return sum(change.sort == sort for change in self.changes)


@dataclass
class Known:
    """What the organisation holds, by the names that a sheet uses; what is planned is added as it comes."""

    boards: dict[str, Board] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    units: dict[tuple[str, str], Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    roles: dict[int, set[tuple[str, int | None]]] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)


def load(sheet: Sheet, *, now: datetime) -> Known:
    """Read what the sheet may be about, in a handful of queries."""
    known = Known()
    known.boards = {row.name.casefold(): row for row in Board.objects.all()}
    known.departments = {row.name.casefold(): row for row in Department.objects.select_related("board")}
    known.units = {
        (row.department.name.casefold(), row.name.casefold()): row
        for row in Unit.objects.select_related("department__board")
    }
    emails = {row.get("e-post").lower() for row in sheet.rows if row.get("e-post")}
    known.people = {row.email.lower(): row for row in Person.objects.filter(email__in=emails).select_related("unit")}
    for grant in RoleGrant.objects.in_force(now).filter(person__in=known.people.values()):
        known.roles.setdefault(grant.person_id, set()).add((grant.role, grant.unit_id))
    return known


def plan(sheet: Sheet, *, now: datetime) -> Plan:
    """What the sheet would do, without doing it. Raises Refused where a column that is needed is missing."""
    return work(sheet, by=None, now=now)


def take_in(sheet: Sheet, *, by: Doer, now: datetime) -> Plan:
    """Do it, all or nothing. Raises Refused where anything is wrong in it."""
    with transaction.atomic():
        done = work(sheet, by=by, now=now)
        if done.faults:
            raise Refused("faults", _("Det finns fel i filen. Rätta dem och ladda upp den på nytt."))
    return done


def work(sheet: Sheet, *, by: Doer | None, now: datetime) -> Plan:
    """Go through the rows; what they say is done where there is somebody to do it (`by`)."""
    if "e-post" not in sheet.columns and "enhet" not in sheet.columns:
        raise Refused("bad_sheet", _("Filen behöver kolumnen e-post, eller kolumnen enhet. Utgå gärna från mallen."))
    known = load(sheet, now=now)
    made = Plan(unknown=sheet.unknown)
    for row in sheet.rows:
        faults = check(row, known)
        unit = None if faults else branch(row, known, made, faults, by=by, now=now)
        if not faults:
            faults = placeless(row, unit, known)
        if faults:
            made.faults += faults
        elif row.get("e-post"):
            made.changes.append(person(row, unit, known, by=by, now=now))
    if not made.faults:
        made.missing = missing(known)
    return made


def fault(row: Row, column: str, words: str) -> Fault:
    """Something wrong in a cell."""
    return Fault(row.place(column), heading(column), words)


def heading(column: str) -> str:
    """A column as its reader would write it; each language's own is understood (COLUMNS)."""
    return {
        "namn": _("namn"),
        "e-post": _("e-post"),
        "titel": _("titel"),
        "telefon": _("telefon"),
        "nämnd": _("nämnd"),
        "förvaltning": _("förvaltning"),
        "enhet": _("enhet"),
        "roll": _("roll"),
        "roll gäller": _("roll gäller"),
    }[column]


def check(row: Row, known: Known) -> list[Fault]:
    """What can be seen to be wrong in a row by itself."""
    faults = [
        fault(row, column, _("Längre än %(most)s tecken. Korta texten.") % {"most": most})
        for column, most in LONGEST.items()
        if len(row.get(column)) > most
    ]
    email = row.get("e-post").lower()
    if not email:
        if row.get("namn"):
            faults.append(fault(row, "e-post", _("Adressen saknas. Personer känns igen på sin e-post.")))
        return faults
    try:
        validate_email(email)
    except ValidationError:
        faults.append(fault(row, "e-post", _("Det är ingen e-postadress. Skriv den som namn@kommunen.se.")))
    if email in known.seen:
        words = _("Adressen står också på rad %(row)s. Behåll en av dem.") % {"row": known.seen[email]}
        faults.append(fault(row, "e-post", words))
    known.seen.setdefault(email, row.number)
    if email not in known.people and not row.get("namn"):
        faults.append(fault(row, "namn", _("Namnet saknas. Den som är ny behöver ett namn.")))
    where = row.get("roll gäller")
    if where and where.casefold() not in EVERYWHERE:
        told = _("Skriv ”alla” om rollen gäller alla enheter. Lämna tomt om den gäller personens egen.")
        faults.append(fault(row, "roll gäller", told))
    return faults + role_faults(row) + elected_faults(row, known.people.get(email))


def elected_faults(row: Row, person: Person | None) -> list[Fault]:
    """Roles for somebody elected, who has no part in a channel (D34)."""
    names = role_names()
    if person is None or not person.politician:
        return []
    asked = {names[role.casefold()].value for role in asked_roles(row) if role.casefold() in names}
    return [fault(row, "roll", politicians.words(person))] if asked - FOR_POLITICIANS else []


def role_faults(row: Row) -> list[Fault]:
    """Roles that nobody knows."""
    names = role_names()
    return [
        fault(
            row,
            "roll",
            _("%(role)s är ingen roll. Rollerna är: %(roles)s.")
            % {"role": asked, "roles": ", ".join(str(name) for name in words.ROLES.values())},
        )
        for asked in asked_roles(row)
        if asked.casefold() not in names
    ]


def placeless(row: Row, unit: Unit | None, known: Known) -> list[Fault]:
    """A role for somebody without a unit would hold on all units, which nobody has asked for."""
    held = known.people.get(row.get("e-post").lower())
    where = unit or (held.unit if held else None)
    if where or not asked_roles(row) or row.get("roll gäller").casefold() in EVERYWHERE:
        return []
    told = _("Personen har ingen enhet. Skriv en enhet, eller ”alla” under roll gäller om rollen gäller alla enheter.")
    return [fault(row, "roll", told)]


def asked_roles(row: Row) -> list[str]:
    """The roles that a row asks for, as they are written."""
    return [part.strip() for part in row.get("roll").replace(";", ",").split(",") if part.strip()]


@functools.cache
def role_names() -> Mapping[str, Role]:
    """Roles by what they are called, in either language and in the code."""
    named = {role.value: role for role in Role}
    for language in ("sv", "en"):
        with override(language):
            named |= {str(words.ROLES[role.value]).casefold(): role for role in Role}
    return named


def branch(row: Row, known: Known, made: Plan, faults: list[Fault], *, by: Doer | None, now: datetime) -> Unit | None:
    """The unit that a row names, made where it is new; faults are added where it cannot be."""
    board = grow_board(row.get("nämnd"), known, made, by=by, now=now)
    department = None
    if row.get("förvaltning"):
        department = known.departments.get(row.get("förvaltning").casefold())
        if department is None and board is None:
            faults.append(fault(row, "nämnd", _("Förvaltningen är ny. Skriv vilken nämnd den hör till.")))
            return None
        if department is not None and board is not None and department.board.name != board.name:
            told = _("Förvaltningen hör redan till %(board)s. Rätta nämnden, eller flytta förvaltningen först.")
            faults.append(fault(row, "nämnd", told % {"board": department.board.name}))
            return None
        if department is None and board is not None:
            department = grow_department(row.get("förvaltning"), board, known, made, by=by, now=now)
    if not row.get("enhet"):
        return None
    return find_unit(row, department, known, made, faults, by=by, now=now)


def grow_board(name: str, known: Known, made: Plan, *, by: Doer | None, now: datetime) -> Board | None:
    """The board of a name, made where it is new."""
    if not name:
        return None
    if name.casefold() not in known.boards:
        known.boards[name.casefold()] = tree.add_board(name=name, by=by, now=now) if by else Board(name=name)
        made.branches.append(name)
    return known.boards[name.casefold()]


def grow_department(name: str, board: Board, known: Known, made: Plan, *, by: Doer | None, now: datetime) -> Department:
    """A new department under a board."""
    department = (
        tree.add_department(name=name, board=board, by=by, now=now) if by else Department(name=name, board=board)
    )
    known.departments[name.casefold()] = department
    made.branches.append(f"{board.name} › {name}")
    return department


def find_unit(
    row: Row,
    department: Department | None,
    known: Known,
    made: Plan,
    faults: list[Fault],
    *,
    by: Doer | None,
    now: datetime,
) -> Unit | None:
    """The unit of a name in a department; without one, the only unit of that name."""
    name = row.get("enhet")
    if department is None:
        found = [unit for (_department, unit_name), unit in known.units.items() if unit_name == name.casefold()]
        if len(found) != 1:
            told = (
                _("Flera förvaltningar har en enhet med det namnet. Skriv förvaltningen också.")
                if found
                else _("Enheten är ny. Skriv vilken förvaltning den hör till.")
            )
            faults.append(fault(row, "enhet", told))
            return None
        return found[0]
    key = (department.name.casefold(), name.casefold())
    if key not in known.units:
        known.units[key] = (
            tree.add_unit(name=name, department=department, by=by, now=now)
            if by
            else Unit(name=name, department=department)
        )
        made.branches.append(f"{department.board.name} › {department.name} › {name}")
    return known.units[key]


def person(row: Row, unit: Unit | None, known: Known, *, by: Doer | None, now: datetime) -> Change:
    """Take in or change the person of a row."""
    email = row.get("e-post").lower()
    held = known.people.get(email)
    given = {"name": row.get("namn"), "title": row.get("titel"), "phone": row.get("telefon"), "unit": unit}
    if held is None:
        if by:
            held = actions.add_person(
                email=email, name=row.get("namn"), title=row.get("titel"), unit=unit, by=by, now=now
            )
            known.people[email] = held
            if row.get("telefon"):
                actions.change_person(held, by=by, now=now, phone=row.get("telefon"))
        what = give(row, unit, held, known, by=by, now=now)
        return Change(row.number, row.get("namn"), "new", (*([str(unit)] if unit else []), *what))
    fields = {name: value for name, value in given.items() if value and differs(held, name, value)}
    what = [f"{label(name)}: {getattr(held, name) or '–'} → {value}" for name, value in fields.items()]
    if fields and by:
        actions.change_person(held, by=by, now=now, **fields)
    what += give(row, unit or held.unit, held, known, by=by, now=now)
    return Change(row.number, row.get("namn") or held.name, "changed" if what else "same", tuple(what))


def differs(held: Person, name: str, value: Any) -> bool:
    """Whether a field is not yet what the sheet says. A unit that is only planned has no key, and is another."""
    now = getattr(held, name)
    return now is None or now.pk != value.pk if name == "unit" else now != value


def label(name: str) -> str:
    """A field's name for people."""
    return {"name": _("namn"), "title": _("titel"), "phone": _("telefon"), "unit": _("enhet")}[name]


def give(
    row: Row, unit: Unit | None, held: Person | None, known: Known, *, by: Doer | None, now: datetime
) -> list[str]:
    """Give the roles that a row asks for and the person lacks; returns them in words."""
    names, given = role_names(), []
    # A role without a place holds on the person's own unit; for all units it must be said.
    everywhere = row.get("roll gäller").casefold() in EVERYWHERE or unit is None
    where = None if everywhere else unit
    has = known.roles.get(held.pk, set()) if held is not None else set()
    for asked in asked_roles(row):
        role = names[asked.casefold()]
        if (role.value, None) in has or (where is not None and (role.value, where.pk) in has):
            continue
        if by and held is not None:
            actions.give_role(person=held, role=role, unit=where, by=by, now=now)
        given.append(_("roll: %(role)s") % {"role": words.role(role.value)})
    return given


def missing(known: Known) -> list[Person]:
    """Active people of the units that the sheet's people belong to, who are not in the sheet."""
    units = {row.unit_id for row in known.people.values() if row.unit_id}
    rows = Person.objects.filter(unit__in=units, is_active=True).exclude(email__in=list(known.seen))
    return list(rows.order_by("name")[:50])
