"""What changes the tree of boards, departments and units."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.organisation.models import Board, Department, Unit

Branch = Board | Department | Unit


def taken() -> Refused:
    """There is one of that name already."""
    return Refused("name_taken", _("Det namnet finns redan. Välj ett annat, eller ändra den som finns."))


def keep(branch: Branch, step: str, *, by: Doer, now: datetime, was: str = "") -> None:
    """Save, with a step. Raises Refused where the name is taken."""
    try:
        with transaction.atomic():
            branch.save()
            trail.note(step, branch, by=by, at=now, also={"name": branch.name, "was": was})
    except IntegrityError as error:
        raise taken() from error


def add_board(*, name: str, by: Doer, now: datetime) -> Board:
    """A new board. Raises Refused where the name is taken."""
    board = Board(name=name)
    keep(board, "add", by=by, now=now)
    return board


def add_department(*, name: str, board: Board, by: Doer, now: datetime) -> Department:
    """A new department under a board. Raises Refused where the name is taken."""
    department = Department(name=name, board=board)
    keep(department, "add", by=by, now=now)
    return department


def add_unit(*, name: str, department: Department, by: Doer, now: datetime) -> Unit:
    """A new unit under a department. Raises Refused where the department has one of that name."""
    unit = Unit(name=name, department=department)
    keep(unit, "add", by=by, now=now)
    return unit


def rename(branch: Branch, name: str, *, by: Doer, now: datetime) -> None:
    """Give it another name; the trail keeps the old one. Raises Refused where the name is taken."""
    was, branch.name = branch.name, name
    keep(branch, "rename", by=by, now=now, was=was)
