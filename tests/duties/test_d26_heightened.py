"""D26: several times a day, outside office hours too, when something draws many comments or was just removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob

import factories
from oversight import support
from oversight.support import local
from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.moderation import news
from uppsikt.notices import actions as notices
from uppsikt.notices.models import Address, Delivery, Notice
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.oversight import dues, heightening, jobs, queries, storms
from uppsikt.oversight.models import Due, Heightened, HeightenedCause

pytestmark = pytest.mark.django_db
# A Friday evening, when the office is closed.
NOW = local("2026-11-13 20.00")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def friday_evening() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def channel() -> Channel:
    return factories.channel(now=NOW - 40 * 24 * HOUR)


@pytest.fixture
def anna(channel: Channel) -> Person:
    person = support.looker(channel, name="Anna", now=NOW - 24 * HOUR)
    Channel.objects.filter(pk=channel.pk).update(responsible=person)
    channel.refresh_from_db()
    return person


def test_d26_a_removal_is_heard_of_and_heightens_oversight_once(channel: Channel, anna: Person) -> None:
    item = factories.item(channel)
    news.REMOVED.tell(channel_id=channel.pk, item_id=item.pk, removal_id=7)
    (heard,) = ProcrastinateJob.objects.filter(task_name="oversight.hears.moderation.removed")
    for _twice in range(2):
        jobs.removed.func.__wrapped__(**heard.args)  # type: ignore[attr-defined]  # functools.wraps sets it
    (row,) = Heightened.objects.all()
    assert (row.cause, row.since, row.until) == ("removal", NOW, NOW + 72 * HOUR)
    assert HeightenedCause.objects.get().removal_id == 7
    assert [step.name for step in trail.steps_of(row)] == ["heighten"]


def test_d26_its_notices_reach_people_out_of_hours(channel: Channel, anna: Person) -> None:
    notices.keep_habits(anna, quiet_from=local("2026-11-13 17.00").time(), quiet_until=local("2026-11-13 07.00").time(),
                        quiet_free_days=True)  # fmt: skip
    Address.objects.create(person=anna, way="sms", target="+46701740605", made_at=NOW, confirmed_at=NOW)
    heightening.after_removal(channel, 1, now=NOW)
    notice = Notice.objects.get(kind="heightened")
    assert notice.person == anna
    assert notice.urgent
    assert "något har tagits bort" in notice.words
    sent = {(row.way, row.not_before) for row in Delivery.objects.filter(notice=notice)}
    assert sent == {("email", NOW), ("sms", NOW)}, "at once, through the quiet hours"


def test_d26_it_asks_for_several_looks_a_day_on_a_free_day_and_ends_by_itself(channel: Channel, anna: Person) -> None:
    dues.walk(now=NOW - HOUR)
    heightening.after_removal(channel, 1, now=NOW)
    for hours in (1, 12, 13, 40, 71, 73):
        dues.walk(now=NOW + hours * HOUR)
    row = Heightened.objects.get()
    assert (row.state, row.ended_at) == ("ended", NOW + 72 * HOUR)
    saturday = Due.objects.filter(kind="heightened", day="2026-11-14").order_by("until")
    assert [support.clock(due.until) for due in saturday] == ["07.00", "10.00", "13.00", "16.00", "19.00", "22.00"]
    assert not Due.objects.filter(kind="daily", day="2026-11-14").exists()
    assert not Due.objects.filter(kind="heightened", until__gt=NOW + 72 * HOUR).exists()


def test_d26_a_second_cause_lets_it_last_longer_and_never_shorter(channel: Channel, anna: Person) -> None:
    row = heightening.after_removal(channel, 1, now=NOW)
    heightening.order(channel, until=NOW + 2 * HOUR, reason="Debatt i kväll", by=anna, now=NOW)
    heightening.after_removal(channel, 2, now=NOW + 10 * HOUR)
    row.refresh_from_db()
    assert row.until == NOW + 82 * HOUR
    assert [cause.cause for cause in row.causes.order_by("pk")] == ["removal", "order", "removal"]
    assert [step.name for step in trail.steps_of(row)] == ["heighten", "extend", "extend"]


def test_d26_it_begins_anew_when_the_last_one_is_over_and_nobody_has_noticed(channel: Channel, anna: Person) -> None:
    heightening.after_removal(channel, 1, now=NOW)
    heightening.after_removal(channel, 2, now=NOW + 100 * HOUR)
    first, second = Heightened.objects.order_by("pk")
    assert (first.state, first.ended_at) == ("ended", NOW + 72 * HOUR)
    assert (second.state, second.since) == ("running", NOW + 100 * HOUR)


def test_d26_it_is_ordered_by_those_who_look_or_their_manager_with_a_reason(channel: Channel, anna: Person) -> None:
    boss, other = factories.person(), factories.person()
    organisation.give_role(person=boss, role=Role.MANAGER, unit=channel.unit, by=factories.TESTER, now=NOW - HOUR)
    boss = Person.objects.get(pk=boss.pk)
    for by, until, reason, code in (
        (other, NOW + HOUR, "Debatt", "not_yours"),
        (boss, NOW + HOUR, " ", "no_reason"),
        (boss, NOW, "Debatt", "past"),
        (boss, NOW + 61 * 24 * HOUR, "Debatt", "too_long"),
    ):
        with pytest.raises(Refused) as refusal:
            heightening.order(channel, until=until, reason=reason, by=by, now=NOW)
        assert refusal.value.code == code
    row = heightening.order(channel, until=NOW + 24 * HOUR, reason="Debatt", by=boss, now=NOW)
    assert queries.heightened([channel.pk]).get() == row
    assert Notice.objects.filter(kind="heightened").values_list("person", flat=True).get() == anna.pk


def test_d26_ended_before_its_time_it_asks_for_no_more_rounds(channel: Channel, anna: Person) -> None:
    dues.walk(now=NOW - HOUR)
    row = heightening.after_removal(channel, 1, now=NOW)
    dues.walk(now=NOW + HOUR)
    heightening.stop(row, reason="Lugnt", by=anna, now=NOW + 2 * HOUR)
    dues.walk(now=NOW + 20 * HOUR)
    assert set(Due.objects.filter(kind="heightened").values_list("state", flat=True)) == {"lapsed"}
    assert not Notice.objects.filter(kind="round_missed").exists()


def comments(channel: Channel, post: str, count: int, days_ago: float = 0.0) -> None:
    at = NOW - timedelta(days=days_ago) - HOUR
    readings = [factories.captured(post=post, thread=f"{post}/{n}", at=at, fetched=at) for n in range(count)]
    factories.items(channel, readings, now=at)


@pytest.mark.parametrize(("usual", "today", "storm"), [(3, 29, False), (3, 30, True), (40, 44, False), (40, 46, True)])
def test_d26_many_comments_are_many_for_this_channel(
    usual: int, today: int, storm: bool, channel: Channel, anna: Person
) -> None:
    for number in range(9):
        comments(channel, f"post/{number}", usual, days_ago=20 + number)
    comments(channel, "post/now", today)
    assert bool(storms.look(now=NOW)) == storm
    if storm:
        cause = HeightenedCause.objects.get()
        assert (cause.comments, cause.usual) == (today, 30 if usual == 3 else 45)


def test_d26_a_storm_that_goes_on_is_followed_and_one_that_is_over_is_let_go(channel: Channel, anna: Person) -> None:
    comments(channel, "post/now", 50)
    for hours in (0, 1, 2, 22.5, 23.5, 30, 47):
        storms.look(now=NOW + hours * HOUR)
        dues.walk(now=NOW + hours * HOUR)
    row = Heightened.objects.get()
    assert row.until == NOW + 46.5 * HOUR
    assert row.state == "ended"


def test_d26_a_history_that_is_read_is_no_storm(channel: Channel, anna: Person) -> None:
    at = NOW - 300 * 24 * HOUR
    factories.items(channel, [factories.captured(post="post/old", at=at, fetched=NOW) for _ in range(200)], now=NOW)
    assert storms.look(now=NOW) == []
