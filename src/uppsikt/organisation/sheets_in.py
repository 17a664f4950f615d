"""A spreadsheet on its way in, of people or of what a room above knows: handed in, begun, ended, let go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.kernel import sheets, trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.queue import defer
from uppsikt.kernel.trail import Doer
from uppsikt.organisation import taking_in
from uppsikt.organisation.models import Person, SheetIn

TIDIER = Doer.system("tidy")
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of spreadsheet: its columns with the headings that they may bear, what a file would do (`plan`, which
    changes nothing), doing it (`take_in`, all or nothing), and the job that does it."""

    code: str
    columns: Mapping[str, Sequence[str]]
    plan: Callable[..., taking_in.Plan]
    take_in: Callable[..., taking_in.Plan]
    job: str


PEOPLE = Sort("people", taking_in.COLUMNS, taking_in.plan, taking_in.take_in, "organisation.take_in")


def hand_in(name: str, body: bytes, *, by: Person, now: datetime, sort: Sort = PEOPLE) -> SheetIn:
    """Keep a file that can be read, to be looked through. Raises Refused."""
    sort.plan(sheets.read(body, sort.columns), now=now)
    sheet = SheetIn(name=name.replace("\0", "")[-200:], body=body, by=by, at=now, sort=sort.code)
    return trail.begin(sheet, by=by.doer, at=now, step="hand_in")


def plan_of(sheet: SheetIn, *, now: datetime, sort: Sort = PEOPLE) -> taking_in.Plan:
    """What the file would do, as things stand now. Raises Refused."""
    return sort.plan(sheets.read(bytes(sheet.body), sort.columns), now=now)


def start(sheet: SheetIn, *, by: Person, now: datetime, sort: Sort = PEOPLE) -> None:
    """Begin to take it in, by a job. Raises Refused where there are faults, or where somebody has begun."""
    if plan_of(sheet, now=now, sort=sort).faults:
        raise Refused("faults", _("Det finns fel i filen. Rätta dem och ladda upp den på nytt."))
    with transaction.atomic():
        trail.take("start", sheet, by=by.doer, at=now)
        defer(sort.job, sheet_id=sheet.pk)


def run(sheet: SheetIn, *, now: datetime, sort: Sort = PEOPLE) -> None:
    """Take it in, all or nothing; how it went stays on it."""
    if sheet.state != "running":
        return
    by = sheet.by.doer
    try:
        # As one with what it holds: killed in between, the next try would say that nothing was new.
        with transaction.atomic(), translation.override(sheet.by.language):
            done = sort.take_in(sheets.read(bytes(sheet.body), sort.columns), by=by, now=now)
            counts = {one: done.count(one) for one in ("new", "changed", "same")} | {"branches": len(done.branches)}
            trail.take("done", sheet, by=by, at=now, ended_at=now, outcome=counts)
            let_go(sheet)
    except Refused as refused:
        trail.take("fail", sheet, by=by, at=now, ended_at=now, outcome={"words": refused.words})


def tidy(*, now: datetime) -> None:
    """Let go of the bytes of files that nobody took in, or whose job never came to an end."""
    for sheet in SheetIn.objects.filter(state__in=["waiting", "running", "failed"], at__lt=now - KEPT):
        with transaction.atomic():
            trail.take("drop", sheet, by=TIDIER, at=now)
            let_go(sheet)


def let_go(sheet: SheetIn) -> None:
    """The bytes go: they are personal data that has served its purpose."""
    SheetIn.objects.filter(pk=sheet.pk).update(body=b"")
