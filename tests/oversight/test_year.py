"""A year of oversight, day by day, against the real database (D25-D27; 1998:112 § 4).

Three channels and a fourth from September, two who are on duty and one who sweeps all; holidays, a bridge day, a
vacation with a cover, a paused channel, a worker that is down for three days, removals, an order, a storm of comments.
What goes wrong stands in lists written by hand, and so does what is expected: nothing here asks the rules it tries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial

import pytest
import time_machine
from django.db import connection

import factories
from oversight import support
from oversight.support import local
from uppsikt.channels import actions as channel_actions
from uppsikt.channels import mandates
from uppsikt.channels.models import Channel, Mandate
from uppsikt.kernel import trail
from uppsikt.kernel.hours import ZONE
from uppsikt.kernel.models import Step
from uppsikt.notices.models import Notice
from uppsikt.organisation import absences
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import dues, figures, heightening, holes, rota, storms
from uppsikt.oversight.figures import Scope
from uppsikt.oversight.models import Due, Heightened, Hole, Round, Shown
from uppsikt.oversight.rota import Days
from uppsikt.oversight.rules import Kind
from uppsikt.policy import actions as policy_actions
from uppsikt.records.models import Item, Thread, Version

DAY = timedelta(days=1)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)

# The calendar for 2026, by hand: what falls on a weekday and is no working day.
HOLIDAYS = {
    "2026-01-01", "2026-01-06", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-06-19", "2026-12-24",
    "2026-12-25", "2026-12-31",
}  # fmt: skip
BRIDGE = "2026-05-15"

# Rounds that nobody made: the channel, the kind, the day; whom it was told before somebody looked.
ALL_LEVELS = ("cover", "manager", "communications")
FAULTS = {
    ("A", "daily", "2026-02-10"): ALL_LEVELS,
    # Forgotten at 16 on a Saturday, made at 19.
    ("A", "heightened", "2026-03-07"): ("cover", "manager"),
    ("B", "daily", "2026-06-18"): ALL_LEVELS,
    ("C", "daily", "2026-07-14"): ALL_LEVELS,
    ("C", "daily", "2026-07-15"): ALL_LEVELS,
    ("B", "daily", "2026-08-03"): ALL_LEVELS,
    ("B", "daily", "2026-08-04"): ALL_LEVELS,
    ("B", "daily", "2026-08-05"): ALL_LEVELS,
    ("B", "daily", "2026-08-06"): ALL_LEVELS,
    ("B", "daily", "2026-08-07"): ALL_LEVELS,
    ("B", "weekly", "2026-08-09"): ("cover",),
    # Signed at 17.10, after closing.
    ("C", "daily", "2026-10-14"): ("cover",),
    # While the worker was down.
    ("A", "daily", "2026-11-10"): ALL_LEVELS,
    ("A", "daily", "2026-11-11"): ALL_LEVELS,
    ("C", "daily", "2026-12-23"): ALL_LEVELS,
    ("D", "daily", "2026-12-23"): ALL_LEVELS,
    ("D", "daily", "2026-12-28"): ALL_LEVELS,
}
# The morning round of a day is left out for a channel, or made at another time.
PAUSED = ("07", "08", "09", "10", "13", "14", "15", "16")
SKIPPED = {(channel, day) for channel, kind, day in FAULTS if kind == "daily"} | {
    ("C", f"2026-04-{day}") for day in PAUSED
}
INSTEAD = {("C", "2026-10-14"): "17.10", ("A", "2026-11-12"): "15.30"}
DOWN = (local("2026-11-09 10.00"), local("2026-11-12 14.00"))

# Heightened times: the channel, from, to, how many rounds they asked for.
TIMES = [
    ("A", "2026-03-06 15.10", "2026-03-11 12.00", 28),
    ("C", "2026-05-28 09.01", "2026-05-30 20.00", 15),
    ("B", "2026-09-14 12.05", "2026-09-16 00.05", 9),
]
WHOLE_DAY = ("06.55", "09.55", "12.55", "15.55", "18.55", "21.55")
# When somebody looks then, besides the morning round; 15.55 on 7 March is forgotten.
LOOKS = {
    "A": {
        "2026-03-06": ("18.00", "21.00"),
        "2026-03-07": ("06.55", "09.55", "12.55", "18.55", "21.55"),
        "2026-03-08": WHOLE_DAY,
        "2026-03-09": WHOLE_DAY,
        "2026-03-10": WHOLE_DAY,
        "2026-03-11": ("06.55", "09.55"),
    },
    "C": {
        "2026-05-28": ("11.55", "14.55", "17.55", "20.55"),
        "2026-05-29": WHOLE_DAY,
        "2026-05-30": ("06.55", "09.55", "12.55", "15.55", "18.55"),
    },
    "B": {"2026-09-14": ("15.00", "18.00", "21.00"), "2026-09-15": WHOLE_DAY},
}


def works(day: date) -> bool:
    return day.weekday() < 5 and day.isoformat() not in HOLIDAYS | {BRIDGE}


def days(first: date = FIRST, last: date = LAST) -> Iterator[date]:
    return (first + number * DAY for number in range((last - first).days + 1))


@dataclass
class Town:
    """The channels and people of the year."""

    channels: dict[str, Channel]
    people: dict[str, Person]
    agenda: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)

    def at(self, clock: str, what: Callable[[datetime], object]) -> None:
        self.agenda.append((local(clock), len(self.agenda), what))

    def live(self) -> None:
        for at, _number, what in sorted(self.agenda, key=lambda each: each[:2]):
            with time_machine.travel(at, tick=False):
                what(at)


def build() -> Town:
    """Two units, eight people, three channels; all of it is laid in on the last day of the year before."""
    start = local("2025-12-31 10.00")
    library, streets = factories.municipality("Bibliotek").unit, factories.municipality("Gata").unit
    people = {name: support.looker(name=name, now=start) for name in ("Siv", "Anna", "Bo", "Cia", "Dan")}
    for name, role, unit in (
        ("Chef bibliotek", Role.MANAGER, library),
        ("Chef gata", Role.MANAGER, streets),
        ("Kommunikation", Role.COMMUNICATIONS, None),
    ):
        people[name] = factories.person(name=name, now=start)
        organisation.give_role(person=people[name], role=role, unit=unit, by=factories.TESTER, now=start)
    for person in people.values():
        person.__dict__.pop("grants_now", None)
        person.__dict__.pop("roles", None)
    channels = {
        name: factories.channel(name=name, unit=unit, now=start, responsible=people[who])
        for name, unit, who in (
            ("A", library, "Anna"),
            ("B", library, "Anna"),
            ("C", streets, "Bo"),
        )
    }
    town = Town(channels, people)
    for name in ("Siv", "Anna", "Bo", "Cia", "Dan"):
        factories.mandate(people[name], None, since=start, given_by=people["Chef gata"])
    with time_machine.travel(start, tick=False):
        rota.put_on_duty(
            person=people["Anna"], cover=people["Cia"], unit=library, days=Days(since=FIRST),
            by=people["Chef bibliotek"], now=start, minutes=20,
        )  # fmt: skip
        rota.put_on_duty(
            person=people["Bo"], cover=people["Dan"], unit=streets, days=Days(since=FIRST), by=people["Chef gata"],
            now=start, minutes=30,
        )  # fmt: skip
        dues.walk(now=start)
    return town


def renew(town: Town, now: datetime) -> None:
    """Mandates end with the year unless a manager renews them, and then nobody would be there (D21)."""
    for mandate in Mandate.objects.in_force(now):
        mandates.renew(mandate, until=None, by=town.people["Chef gata"], reason="Ett år till", now=now)


def plan(town: Town) -> None:
    """Put the year on the agenda."""
    town.at("2026-04-01 09.30", lambda now: policy_actions.add_local_day(
        day=date.fromisoformat(BRIDGE), spans=(), why="Klämdag", by=factories.TESTER, now=now))  # fmt: skip
    town.at("2026-04-07 13.00", lambda now: channel_actions.pause(
        town.channels["C"], reason="Byter leverantör", by=town.people["Bo"].doer, now=now))  # fmt: skip
    town.at("2026-04-16 10.00", lambda now: channel_actions.resume(
        town.channels["C"], by=town.people["Bo"].doer, now=now))  # fmt: skip
    town.at("2026-06-01 10.00", lambda now: absences.note(
        person=town.people["Bo"], cover=town.people["Cia"], since=local("2026-07-06 00.00"),
        until=local("2026-08-03 00.00"), by=town.people["Bo"], now=now))  # fmt: skip
    town.at("2026-09-01 12.00", lambda now: join(town, now))
    town.at("2026-03-06 15.10", lambda now: heightening.after_removal(town.channels["A"], 1, now=now))
    town.at("2026-03-08 12.00", lambda now: heightening.after_removal(town.channels["A"], 2, now=now))
    town.at("2026-05-28 09.01", lambda now: heightening.order(
        town.channels["C"], until=local("2026-05-30 20.00"), reason="Invigning", by=town.people["Bo"],
        now=now))  # fmt: skip
    town.at("2026-09-14 11.00", lambda now: storm(town.channels["B"], now))
    town.at("2026-11-12 14.35", lambda now: dues.walk(now=now))
    town.at("2026-12-01 09.30", lambda now: renew(town, now))
    for day in days():
        each_day(town, day)
        if day.day == 1:
            town.at(f"{day} 00.01", take_stock)
    for (name, words), clock in INSTEAD.items():
        town.at(f"{words} {clock}", partial(look, town, name))
    for name, each in LOOKS.items():
        for words, clocks in each.items():
            for clock in clocks:
                town.at(f"{words} {clock}", partial(look, town, name))


def take_stock(now: datetime) -> None:
    """Let the database count what was written: the year is one transaction, and to autovacuum it is nothing."""
    with connection.cursor() as cursor:
        for model in (Due, Round, Shown, Item, Version, Thread, Step, Notice):
            cursor.execute(f"ANALYZE {model._meta.db_table}")


def each_day(town: Town, day: date) -> None:
    """What happens by itself, and what staff do each morning. The worker knows nothing of what goes wrong."""
    words = day.isoformat()
    walks = {"16.35", "19.35"} if works(day) else set[str]()
    if day.weekday() == 0:
        walks |= {"00.05", "07.35"}
    if any(words in each for each in LOOKS.values()):
        walks |= {f"{hour:02}.05" for hour in range(7, 23)}
    for clock in sorted(walks):
        if not DOWN[0] <= local(f"{words} {clock}") < DOWN[1]:
            town.at(f"{words} {clock}", lambda now: dues.walk(now=now))
    for clock in ("00.05", "12.05"):
        town.at(f"{words} {clock}", lambda now: storms.look(now=now))
    if works(day):
        town.at(f"{words} 08.30", partial(arrive, town))
        town.at(f"{words} 09.00", partial(morning, town))


def look(town: Town, name: str, now: datetime) -> None:
    """Whoever looks after a channel looks at it."""
    support.look(town.people["Anna" if name in "AB" else "Bo"], [town.channels[name]], now)


def join(town: Town, now: datetime) -> None:
    """The fourth channel is connected."""
    town.channels["D"] = factories.channel(
        name="D", unit=town.channels["C"].unit, now=now, responsible=town.people["Bo"]
    )


def arrive(town: Town, now: datetime) -> None:
    """Something is said somewhere, an hour before it is looked at."""
    names = sorted(town.channels)
    name = names[now.toordinal() % len(names)]
    factories.item(town.channels[name], now=now, at=now - timedelta(minutes=30), fetched=now)


def storm(channel: Channel, now: datetime) -> None:
    """Forty comments under one post."""
    readings = [factories.captured(post="post/1", thread="post/1", at=now, fetched=now) for _ in range(40)]
    factories.items(channel, readings, now=now)


def morning(town: Town, now: datetime) -> None:
    """The round of the day: the customer centre looks over all channels in one sweep."""
    words = now.astimezone(ZONE).date().isoformat()
    mine = [
        channel
        for name, channel in town.channels.items()
        if (name, words) not in SKIPPED and (name, words) not in INSTEAD
    ]
    if mine:
        support.look(town.people["Siv"], mine, now)


@pytest.mark.slow
@pytest.mark.django_db
def test_d25_a_year_is_watched_day_by_day() -> None:
    town = build()
    plan(town)
    town.live()
    names = {channel.pk: name for name, channel in town.channels.items()}
    every_missed_round_is_found_on_its_day_and_no_other(names)
    each_is_told_of_once_step_by_step(town, names)
    heightened_times_begin_and_end_right(names)
    the_auditors_report_adds_up(town)
    assert not Hole.objects.exists()
    with time_machine.travel(local("2026-12-31 20.00"), tick=False):
        assert holes.look(now=local("2026-12-31 20.00")) == []


def every_missed_round_is_found_on_its_day_and_no_other(names: dict[int, str]) -> None:
    missed = {(names[due.channel_id], due.kind, due.day.isoformat()): due for due in Due.objects.filter(state="missed")}
    assert set(missed) == set(FAULTS)
    for (name, kind, day), due in missed.items():
        assert due.found_at is not None
        found = due.found_at.astimezone(ZONE)
        if DOWN[0] <= due.until < DOWN[1]:
            assert found == local("2026-11-12 14.35")
        elif kind == "weekly":
            assert found == local("2026-08-10 00.05"), "the first minutes after the week"
        else:
            assert found.date().isoformat() == day, (name, kind, day)
    lapsed = {(names[due.channel_id], due.kind, due.day.isoformat()) for due in Due.objects.filter(state="lapsed")}
    assert lapsed == {("C", "daily", "2026-04-07"), ("C", "weekly", "2026-04-12")}


def each_is_told_of_once_step_by_step(town: Town, names: dict[int, str]) -> None:
    for due in Due.objects.filter(state="missed"):
        steps = [step for step in trail.steps_of(due) if step.name.startswith("tell_")]
        fault = (names[due.channel_id], due.kind, due.day.isoformat())
        assert tuple(step.name.removeprefix("tell_") for step in steps) == FAULTS[fault], fault
        assert [step.at for step in steps] == sorted(step.at for step in steps)
        for step in steps:
            unit = "bibliotek" if fault[0] in "AB" else "gata"
            expected = {
                "tell_cover": "Cia" if unit == "bibliotek" else "Dan",
                "tell_manager": f"Chef {unit}",
                "tell_communications": "Kommunikation",
            }[step.name]
            assert step.facts["told"] == [town.people[expected].pk], (fault, step.name)
    told = Notice.objects.filter(kind="round_missed")
    # One a level; C and D were missed on the same day, and are told of together.
    assert told.count() == sum(len(levels) for levels in FAULTS.values()) - 3
    assert not Notice.objects.filter(kind="rota_hole").exists()
    assert Notice.objects.filter(kind="heightened").count() == len(TIMES) - 1, "who ordered it knows"


def heightened_times_begin_and_end_right(names: dict[int, str]) -> None:
    found = [
        (names[row.channel_id], *(at.astimezone(ZONE).strftime("%Y-%m-%d %H.%M") for at in (row.since, row.until)),
         row.dues.count())
        for row in Heightened.objects.order_by("since")
    ]  # fmt: skip
    assert found == TIMES
    assert all(row.ended_at == row.until and row.state == "ended" for row in Heightened.objects.all())


def the_auditors_report_adds_up(town: Town) -> None:
    keys = {name: channel.pk for name, channel in town.channels.items()}
    report = figures.report(keys.values(), FIRST, LAST)
    whole = report[Scope()]
    working = [day for day in days() if works(day)]
    assert len(working) == 250
    assert sum(1 for day in days() if day.weekday() < 5 and day.isoformat() not in HOLIDAYS) == 251
    # By hand: C stood still for seven mornings; D came on the first of September, and was expected from the second.
    daily = {"A": 250, "B": 250, "C": 243, "D": sum(1 for day in working if day > date(2026, 9, 1))}
    weekly = {"A": 51, "B": 51, "C": 50, "D": 16}
    for name, pk in keys.items():
        mine = report[Scope(channel=pk)]
        missed = [fault for fault in FAULTS if fault[0] == name]
        assert mine.kinds[Kind.DAILY].expected == daily[name], name
        assert mine.kinds[Kind.WEEKLY].expected - mine.kinds[Kind.WEEKLY].waiting == weekly[name], name
        for kind in Kind:
            assert mine.kinds[kind].missed == sum(1 for fault in missed if fault[1] == kind), (name, kind)
        assert mine.heightened == sum(1 for each in TIMES if each[0] == name)
    for kind in Kind:
        tally = whole.kinds[kind]
        assert tally.expected == tally.met + tally.missed + tally.lapsed + tally.waiting
    for get in (
        lambda each: each.rounds, lambda each: each.wordings, lambda each: each.looked_at, lambda each: each.heightened,
        lambda each: each.total.expected, lambda each: each.total.met, lambda each: each.total.missed,
    ):  # fmt: skip
        total = get(whole)
        for scopes in (
            [scope for scope in report if scope.channel and not scope.month],
            [scope for scope in report if scope.unit and not scope.month],
            [scope for scope in report if scope.month and not scope.unit and not scope.channel],
            [scope for scope in report if scope.month and scope.channel],
            [scope for scope in report if scope.month and scope.unit],
        ):
            assert sum(get(report[scope]) for scope in scopes) == total
    assert whole.median == 3420, "said at 8.00, looked at from 8.57"
    assert whole.looked_at == len(working) + 40
