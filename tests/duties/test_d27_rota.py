"""D25, D27: who is on duty, who covers, holes two weeks ahead, and whom a missed round is told. D24: promised time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

import factories
from oversight import support
from oversight.support import local
from uppsikt.channels import actions as channel_actions
from uppsikt.channels import restored as channels_restored
from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.notices.models import Notice
from uppsikt.organisation import absences
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import dues, figures, holes, queries, rota
from uppsikt.oversight.models import Due, Duty, Hole, Watch
from uppsikt.oversight.rota import Days
from uppsikt.web import restored

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
TODAY = date(2026, 11, 12)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def thursday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def boss() -> Person:
    person = factories.person(name="Chefen")
    organisation.give_role(
        person=person, role=Role.MANAGER, unit=factories.municipality().unit, by=factories.TESTER, now=NOW - 9 * DAY
    )
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def channel() -> Channel:
    return factories.channel(now=NOW - 9 * DAY)


@pytest.fixture
def anna(channel: Channel) -> Person:
    return support.looker(channel, name="Anna")


@pytest.fixture
def cia(channel: Channel) -> Person:
    return support.looker(channel, name="Cia")


def put(person: Person, cover: Person, boss: Person, **fields: object) -> Duty:
    days = fields.pop("days", Days(since=TODAY, weekdays=frozenset(range(5))))
    where = {"channel": fields.pop("channel")} if "channel" in fields else {"unit": boss.unit}
    return rota.put_on_duty(person=person, cover=cover, days=days, by=boss, now=NOW, **where, **fields)  # type: ignore[arg-type]


def test_d25_a_duty_needs_a_cover_a_mandate_and_somebody_who_may_give_it(
    channel: Channel, anna: Person, cia: Person, boss: Person
) -> None:
    stranger = factories.person(Role.OFFICER, name="Utan uppdrag")
    past = Days(since=TODAY - 5 * DAY, until=TODAY - DAY)
    for person, cover, by, days, code in (
        (anna, anna, boss, Days(since=TODAY), "no_cover"),
        (anna, stranger, boss, Days(since=TODAY), "no_mandate"),
        (anna, cia, stranger, Days(since=TODAY), "not_yours"),
        (anna, cia, boss, Days(since=TODAY, weekdays=frozenset()), "no_days"),
        (anna, cia, boss, past, "past"),
    ):
        with pytest.raises(Refused) as refusal:
            rota.put_on_duty(person=person, cover=cover, unit=channel.unit, days=days, by=by, now=NOW)
        assert refusal.value.code == code
    row = put(anna, cia, boss)
    assert [step.name for step in trail.steps_of(row)] == ["put_on_duty"]
    for change in ({"cover": anna.pk}, {"unit": None}, {"weekdays": []}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Duty.objects.filter(pk=row.pk).update(**change)


def test_d25_the_rota_says_who_is_on_duty_each_day(channel: Channel, anna: Person, cia: Person, boss: Person) -> None:
    assert [day.person for day in rota.days([channel], TODAY, TODAY)] == [channel.responsible_id]
    row = put(anna, cia, boss)
    friday = TODAY + DAY
    put(cia, anna, boss, channel=channel, days=Days(since=friday, until=friday, dated=True))
    found = {day.day: day.person for day in rota.days([channel], TODAY, TODAY + 4 * DAY)}
    assert found == {TODAY: anna.pk, friday: cia.pk, TODAY + 4 * DAY: anna.pk}, "the weekend is a hole"
    rota.take_off_duty(row, last=TODAY, by=boss, now=NOW)
    assert [day.person for day in rota.days([channel], TODAY + 4 * DAY, TODAY + 4 * DAY)] == []


@pytest.mark.parametrize("why", ["nobody", "left", "away", "no_mandate"])
def test_d27_a_hole_shows_two_weeks_ahead_and_tells_the_manager_once(
    why: str, channel: Channel, anna: Person, cia: Person, boss: Person
) -> None:
    until = local("2026-11-24 00.00")
    row = put(anna, cia, boss, days=Days(since=TODAY, until=date(2026, 11, 23) if why == "nobody" else None))
    if why == "left":
        Person.objects.filter(pk=anna.pk).update(is_active=False)
    elif why == "away":
        absences.note(person=anna, cover=cia, since=until, until=until + DAY, by=anna, now=NOW)
        Person.objects.filter(pk=cia.pk).update(is_active=False)
    elif why == "no_mandate":
        stranger = factories.person(Role.OFFICER)
        absences.note(person=anna, cover=stranger, since=until, until=until + DAY, by=anna, now=NOW)
    expected = {
        "nobody": ["2026-11-24", "2026-11-25", "2026-11-26"],
        "left": [f"2026-11-{day}" for day in (12, 13, 16, 17, 18, 19, 20, 23, 24, 25, 26)],
        "away": ["2026-11-24"],
        "no_mandate": ["2026-11-24"],
    }[why]
    found = holes.look(now=NOW)
    assert [hole.day.isoformat() for hole in found] == expected
    assert {hole.code for hole in found} == {"left" if why == "away" else why}
    assert holes.look(now=NOW + timedelta(hours=1)) == []
    told = Notice.objects.filter(kind="rota_hole")
    assert told.count() == len(expected)
    assert {notice.person for notice in told} == {boss}
    assert channel.name in told[0].words
    if why == "nobody":
        Duty.objects.filter(pk=row.pk).update(until=None)
        holes.look(now=NOW + timedelta(hours=2))
        assert set(Hole.objects.values_list("state", flat=True)) == {"mended"}


def test_d27_a_cover_with_a_mandate_leaves_no_hole(channel: Channel, anna: Person, cia: Person, boss: Person) -> None:
    put(anna, cia, boss)
    absences.note(person=anna, cover=cia, since=NOW + 3 * DAY, until=NOW + 9 * DAY, by=anna, now=NOW)
    assert holes.look(now=NOW) == []


def missed(channel: Channel, at: datetime) -> list[tuple[str, list[str]]]:
    """The steps that told of the channel's missed daily round, and whom."""
    dues.walk(now=at)
    names = dict(Person.objects.values_list("pk", "name"))
    due = Due.objects.get(channel=channel, kind="daily", day=TODAY + DAY)
    steps = [step for step in trail.steps_of(due) if step.name.startswith(("tell_", "remind"))]
    return [(step.name, sorted(names[pk] for pk in step.facts["told"])) for step in steps]


def test_d25_a_missed_round_goes_to_cover_then_manager_then_communications_each_once(
    channel: Channel, anna: Person, cia: Person, boss: Person
) -> None:
    factories.person(Role.COMMUNICATIONS, name="Kommunikation")
    put(anna, cia, boss)
    dues.walk(now=NOW)
    clock = "2026-11-13 {}".format
    assert missed(channel, local(clock("14.00"))) == []
    assert missed(channel, local(clock("14.35"))) == [("remind", ["Anna"])]
    assert missed(channel, local(clock("16.31"))) == [("remind", ["Anna"])], "two minutes' grace"
    told = [("remind", ["Anna"]), ("tell_cover", ["Cia"])]
    assert missed(channel, local(clock("16.35"))) == told
    assert missed(channel, local(clock("17.25"))) == told
    told.append(("tell_manager", ["Chefen"]))
    assert missed(channel, local(clock("17.35"))) == told
    assert missed(channel, local(clock("19.35"))) == [*told, ("tell_communications", ["Kommunikation"])]
    assert len(missed(channel, local(clock("23.00")))) == 4
    assert [notice.words.split(". ")[-1] for notice in Notice.objects.filter(kind="round_missed").order_by("pk")] == [
        "Du är ersättare: gör rundan nu.",
        "Se till att någon gör den.",
        "Gör rundan, eller se till att någon gör den.",
    ]


def test_d27_whoever_stands_in_is_reminded_and_nobody_hears_of_what_was_made_good(
    channel: Channel, anna: Person, cia: Person, boss: Person
) -> None:
    dan = support.looker(channel, name="Dan")
    put(anna, cia, boss)
    absences.note(person=anna, cover=dan, since=NOW, until=NOW + 5 * DAY, by=anna, now=NOW)
    dues.walk(now=NOW)
    assert missed(channel, local("2026-11-13 16.40")) == [("tell_cover", ["Cia"])]
    support.look(cia, [channel], local("2026-11-13 17.00"))
    assert len(missed(channel, local("2026-11-13 23.00"))) == 1
    due = Due.objects.get(channel=channel, kind="daily")
    assert due.made_good_by is not None
    assert due.holder == anna
    dues.walk(now=local("2026-11-16 14.35"))
    assert Notice.objects.filter(kind="round_due").values_list("person__name", flat=True).get() == "Dan"


def test_d25_a_worker_that_was_down_finds_everything_in_order_once(
    channel: Channel, anna: Person, cia: Person, boss: Person
) -> None:
    put(anna, cia, boss)
    dues.walk(now=NOW)
    support.look(anna, [channel], local("2026-11-16 10.00"))
    for _again in range(3):
        dues.walk(now=local("2026-11-18 12.00"))
    found = [(due.day.isoformat(), due.kind, due.state) for due in Due.objects.order_by("pk")]
    assert found == [
        ("2026-11-13", "daily", "missed"),
        ("2026-11-16", "daily", "met"),
        ("2026-11-22", "weekly", "met"),
        ("2026-11-17", "daily", "missed"),
        ("2026-11-18", "daily", "waiting"),
    ]
    told = [
        step.at for due in Due.objects.filter(state="missed") for step in trail.steps_of(due) if "tell_" in step.name
    ]
    assert len(told) == 3, "the first was made good before anybody was told"


def test_d25_a_channel_that_stands_still_owes_nothing(channel: Channel, anna: Person) -> None:
    dues.walk(now=NOW)
    channel_actions.pause(channel, reason="Byte", by=anna.doer, now=local("2026-11-13 10.00"))
    dues.walk(now=local("2026-11-16 18.00"))
    assert list(Due.objects.values_list("state", flat=True)) == ["lapsed"]
    channel_actions.resume(channel, by=anna.doer, now=local("2026-11-17 10.00"))
    dues.walk(now=local("2026-11-18 07.00"))
    assert list(Due.objects.filter(state="waiting").values_list("day", flat=True)) == [date(2026, 11, 18)]


def test_d25_a_restored_copy_hurries_nobody(channel: Channel, anna: Person) -> None:
    dues.walk(now=NOW)
    later = local("2026-11-25 09.00")
    with time_machine.travel(later, tick=False):
        restored.hold("kopia")
        restored.hold("kopia")
        dues.walk(now=later)
        holes.look(now=later)
        channel_actions.resume(channel, by=anna.doer, now=later + DAY)
        dues.walk(now=local("2026-11-27 12.00"))
    assert set(Due.objects.exclude(state="waiting").values_list("state", flat=True)) <= {"lapsed"}
    assert not Notice.objects.filter(kind__in=["round_missed", "rota_hole"]).exists()
    assert channels_restored.held().count() == 0


def test_d25_a_plan_of_ones_own_changes_hours_and_rounds(channel: Channel, anna: Person, boss: Person) -> None:
    week = ["10.00–18.00"] * 5 + ["10.00–14.00", ""]
    rota.set_plan(channel=channel, rounds=2, week=week, reason="Biblioteket", by=boss, now=NOW)
    dues.walk(now=NOW)
    dues.walk(now=local("2026-11-13 23.00"))
    found = [
        (due.kind, support.clock(due.until)) for due in Due.objects.filter(day=TODAY + DAY).order_by("until", "pk")
    ]
    assert found == [("traffic", "14.00"), ("daily", "18.00"), ("traffic", "18.00")]
    with pytest.raises(Refused) as refusal:
        rota.set_plan(channel=channel, rounds=0, week=[], reason="", by=boss, now=NOW)
    assert refusal.value.code == "too_few"
    with pytest.raises(Refused) as refusal:
        rota.set_plan(channel=channel, rounds=1, week=["8-9"] * 7, reason="", by=boss, now=NOW)
    assert refusal.value.code == "bad_hours"


def test_d66_much_traffic_asks_for_more_rounds(channel: Channel, anna: Person) -> None:
    Watch.objects.create(channel=channel, since=NOW - 9 * DAY, counted_until=NOW - 9 * DAY, history_from=NOW - 9 * DAY)
    for day in (2, 3, 6, 7, 8, 9):
        at = NOW - day * DAY
        factories.items(channel, [factories.captured(at=at, fetched=at) for _ in range(151)], now=at)
    dues.walk(now=NOW - 12 * timedelta(hours=1))
    assert Watch.objects.get().rounds == 2


def test_d24_workload_shows_what_was_done_and_what_was_promised(
    channel: Channel, anna: Person, cia: Person, boss: Person
) -> None:
    put(anna, cia, boss, minutes=25)
    factories.item(channel)
    support.look(anna, [channel], NOW + timedelta(hours=1))
    found = {each.person: each for each in figures.workload([channel.pk], TODAY, TODAY + 4 * DAY)}
    mine = found[anna]
    assert (mine.rounds, mine.sweeps, mine.wordings, mine.seconds) == (1, 1, 1, 300)
    assert (mine.days, mine.promised) == (3, 75)


def test_d25_how_channels_stand_is_asked_in_few_questions(channel: Channel, anna: Person, cia: Person) -> None:
    factories.item(channel)
    dues.walk(now=NOW)
    dues.walk(now=local("2026-11-13 07.00"))
    (standing,) = queries.standings(queries.looked_after(anna, at=NOW), now=local("2026-11-13 07.00"))
    assert standing.fresh.wordings == 1
    assert standing.due is not None
    assert standing.due.kind == "daily"
    assert standing.missed is None
    stranger = factories.person(Role.OFFICER)
    assert queries.looked_after(stranger, at=NOW) == frozenset()
