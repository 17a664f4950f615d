"""The rota: who looks when, who takes over, and the days two weeks ahead on which nobody is there (D25, D27)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.channels.models import Channel
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.hours import DAY
from uppsikt.kernel.working import is_working_day
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import READERS, STAFF, Role
from uppsikt.oversight import calendars, holes, queries, rota_forms, tabs
from uppsikt.oversight import rota as rotas
from uppsikt.oversight.calendar_views import SHOWN_ONCE
from uppsikt.oversight.models import Duty
from uppsikt.oversight.pace import Paces
from uppsikt.oversight.rules import local_day
from uppsikt.policy import queries as policy
from uppsikt.ui import feedback
from uppsikt.ui.access import may

KEEPERS = (*STAFF, Role.MANAGER)
AHEAD = 14
# A grid of more channels than this is read by nobody: then one unit is chosen.
MOST = 40
WEEKS = (slice(0, 8), slice(8, AHEAD + 1))


@dataclass(slots=True)
class Cell:
    """A channel's day: who is there, for whom, or why nobody is. `free` is a day on which no round is owed."""

    day: date
    person: Person | None = None
    stands_in_for: Person | None = None
    hole: str = ""
    free: bool = False


@dataclass(slots=True)
class Row:
    """A channel with its coming days."""

    channel: Channel
    cells: list[Cell] = field(default_factory=list)


def grid(channels: list[Channel], first: date, last: date) -> list[Row]:
    """Who is there for each channel on each day, absence and cover counted in; the questions do not grow with them."""
    there = {
        (each.channel.pk, each.day): (each.person, key)
        for each, key in calendars.there(rotas.days(channels, first, last))
    }
    gaps = {(gap.channel.pk, gap.day): gap.code for gap in holes.gaps(channels, first, last)}
    keys = {key for pair in there.values() for key in pair}
    people = {row.pk: row for row in Person.objects.filter(pk__in=keys)}
    paces, rows = Paces(), list[Row]()
    for channel in channels:
        row, hours = Row(channel), paces.hours(channel)
        for ahead in range((last - first).days + 1):
            day = first + ahead * DAY
            own, now_there = there.get((channel.pk, day), (None, None))
            row.cells.append(
                Cell(
                    day,
                    people.get(now_there) if now_there else None,
                    people.get(own) if own and own != now_there else None,
                    gaps.get((channel.pk, day), ""),
                    free=not is_working_day(day, hours),
                )
            )
        rows.append(row)
    return rows


def gaps_of(row: Row) -> list[tuple[Channel, str, list[date]]]:
    """The channel's days with nobody, by why: one line says it for all of them."""
    by_code = defaultdict[str, list[date]](list)
    for cell in row.cells:
        if cell.hole:
            by_code[cell.hole].append(cell.day)
    return [(row.channel, code, days) for code, days in by_code.items()]


def kept(who: Person) -> tuple[list[Unit], list[Channel]]:
    """The units and channels whose rota the person keeps."""
    channels = list(Channel.objects.to_look_at().select_related("unit").order_by("name", "pk"))
    mine = [channel for channel in channels if rotas.keeps(who, channel=channel)]
    units = sorted(
        {channel.unit for channel in channels if rotas.keeps(who, unit=channel.unit)}, key=lambda u: (u.name, u.pk)
    )
    return units, mine


@may(*READERS)
@require_GET
def rota(request: HttpRequest) -> HttpResponse:
    """Two weeks ahead, the duties behind them, and one's own calendar."""
    who, now = person(request), timezone.now()
    today = local_day(now)
    # Of an account that is not open yet no round is owed, and a day with nobody there is no hole.
    seen = queries.overseen(who, at=now).exclude(state__in=("opening", "closed")).select_related("unit")
    units = sorted({row.unit for row in seen}, key=lambda unit: (unit.name, unit.pk))
    chosen = next((unit for unit in units if str(unit.pk) == request.GET.get("enhet")), None)
    rows = seen.filter(unit=chosen) if chosen else seen
    listed = list(rows.order_by("unit__name", "name", "pk")[: MOST + 1])
    shown = grid(listed[:MOST], today, today + AHEAD * DAY)
    days = [today + number * DAY for number in range(AHEAD + 1)]
    context = {
        "tabs": tabs.of(who, "rota"),
        "rows": shown,
        # A week at a time: more days abreast are cut off at the edge of the screen.
        "weeks": [(days[part], [(row.channel, row.cells[part]) for row in shown]) for part in WEEKS],
        "cut": len(listed) > MOST,
        "units": units if len(units) > 1 else [],
        "chosen": chosen,
        "holes": [gap for row in shown for gap in gaps_of(row)],
        "duties": [
            (row, rotas.keeps(who, channel=row.channel, unit=row.unit))
            for row in rotas.duties(channels=rows, since=today)
        ],
        "plans": [(row, rotas.keeps(who, channel=row.channel, unit=row.unit)) for row in rotas.plans(rows)],
        "least": policy.number("oversight.rounds_a_day"),
        "may_keep": any(kept(who)) if set(KEEPERS) & who.roles else False,
        "link": request.session.pop(SHOWN_ONCE, ""),
        "may_subscribe": bool(set(KEEPERS) & who.roles),
        "has_link": calendars.link_of(who),
        "own_days": calendars.own_days(who, today, today + timedelta(days=AHEAD)) if set(STAFF) & who.roles else {},
    }
    return render(request, "oversight/rota.html", context)


@may(*KEEPERS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Put somebody on duty."""
    who, now = person(request), timezone.now()
    units, channels = kept(who)
    beforehand: dict[str, Any] = {
        "since": local_day(now),
        "weekdays": [str(day) for day in range(5)],
        "where": request.GET.get("var", ""),
        "when": "always",
    }
    form = rota_forms.DutyForm(request.POST or None, units, channels, initial=beforehand)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            rotas.put_on_duty(
                person=data["person"], cover=data["cover"], days=form.days, minutes=data["minutes"], by=who, now=now,
                **form.place,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            holes.look(now=now)
            feedback.done(request, _("%(name)s står på schemat.") % {"name": data["person"].name})
            return redirect("oversight:rota")
    people = able_people(channels, now)
    return render(request, "oversight/new_duty.html", {"form": form, "none": not form.places, "people": people})


def able_people(channels: list[Channel], now: datetime) -> QuerySet[Person]:
    """Whom to suggest: those who may look after at least one of these channels."""
    able = queries.able(channels, at=now)
    return (
        Person.objects.filter(pk__in={key for keys in able.values() for key in keys})
        .select_related("unit")
        .order_by("name")
    )


@may(*KEEPERS)
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a duty end with today, or be struck where it has not begun."""
    who, now = person(request), timezone.now()
    row = get_object_or_404(Duty, pk=pk, state="in_force")
    try:
        rotas.take_off_duty(row, last=local_day(now), by=who, now=now)
    except Refused as refused:
        feedback.failed(request, refused.words)
    else:
        holes.look(now=now)
        feedback.done(request, _("Raden gäller till och med i dag. Se efter att ingen dag blev tom."))
    return redirect(reverse("oversight:rota"))
