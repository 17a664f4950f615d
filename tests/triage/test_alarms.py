"""Personal data, secrets and what may be a crime are told of at once, once for each item, without the matter (D20)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

import factories
from factories import THURSDAY
from triage.making import NOW, NUMBER, PLAIN, URGENT, item, taken
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Direction, Visibility
from uppsikt.kernel.models import Step
from uppsikt.notices.models import Delivery, Notice
from uppsikt.notices.rules import Way
from uppsikt.organisation import absences
from uppsikt.organisation.rules import Role
from uppsikt.records import intake, secrecy
from uppsikt.text.kinds import KINDS
from uppsikt.triage import alarms, jobs, rules, taking
from uppsikt.triage.models import Alarm, HistoryTold

pytestmark = pytest.mark.django_db


def told(kind: str = "triage.urgent") -> list[Notice]:
    """The notices of a kind, oldest first."""
    return list(Notice.objects.filter(kind=kind).order_by("id"))


def queued(name: str) -> list[dict[str, object]]:
    """The jobs of a name that wait, by what they were given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s ORDER BY id", [name])
        return [json.loads(args) for (args,) in cursor.fetchall()]


def test_d20_those_who_act_on_the_channel_are_told_at_once_and_once() -> None:
    """By page and e-mail, urgent, with the record's address; a second reading or a new wording tells nobody again."""
    channel = factories.channel(name="Vattnet")
    officer, other = factories.officer(channel), factories.officer(factories.channel())
    remover = factories.person(Role.OFFICER)
    factories.mandate(remover, channel, Act.REMOVE)
    first = factories.captured("comment/1", text=URGENT)
    [urgent] = factories.items(channel, [first])
    taken(urgent)
    assert {notice.person for notice in told()} == {officer, remover}
    assert other.pk not in Alarm.objects.get(item=urgent).told
    for notice in told():
        assert notice.urgent
        assert notice.on_page
        assert notice.url == f"/handlingar/{urgent.pk}/"
        assert "Vattnet" in notice.words
        ways = set(Delivery.objects.filter(notice=notice).values_list("way", flat=True))
        assert Way.EMAIL in ways
    intake.take_in(channel, [replace(first, text=f"{URGENT} genast")], now=NOW)
    urgent.refresh_from_db()
    taken(urgent)
    assert len(told()) == 2
    assert Step.objects.filter(name="raise_alarm", thing_id=urgent.pk).count() == 1


@pytest.mark.parametrize("words", [URGENT, "Ring 070-174 06 05 så svarar Sten", "Jag ska döda dig, jag vet var du bor"])
def test_d20_a_notice_says_nothing_of_the_matter(words: str) -> None:
    """Neither the text, nor its author, nor what was found stands in what leaves by e-mail."""
    channel = factories.channel(name="Vattnet")
    factories.officer(channel)
    taken(item(channel, words, author="Maria L."))
    assert told()
    for notice in told():
        assert not [word for word in words.split() if len(word) > 3 and word in notice.words]
        assert "Maria" not in notice.words
        assert "nummer" not in notice.words
        assert NUMBER not in notice.words + notice.url


def test_d20_every_guarded_kind_is_urgent_and_a_crime_from_the_score_that_the_policy_says() -> None:
    """The levels as data, for each kind that there is."""
    for kind, known in KINDS.items():
        if known.group in rules.GUARDED:
            assert rules.level(kind, 0.1, sure=0.8) == rules.URGENT
        elif known.group == "unlawful":
            assert rules.level(kind, 0.8, sure=0.8) == rules.URGENT
            assert rules.level(kind, 0.79, sure=0.8) == rules.FIRST
        else:
            assert rules.level(kind, 1.0, sure=0.8) < rules.FIRST


def test_a_long_history_tells_of_what_is_young_and_of_the_rest_in_one_notice() -> None:
    """The first pull of a channel floods nobody; when all is read, one notice leads to the list."""
    channel = factories.channel(name="Vattnet", now=THURSDAY)
    officer = factories.officer(channel)
    old = [item(channel, URGENT, at=THURSDAY - timedelta(days=400, seconds=n)) for n in range(30)]
    young = item(channel, URGENT, at=THURSDAY - timedelta(days=2))
    jobs.taken_in.func.__wrapped__(channel.pk, [row.pk for row in [*old, young]], first=True)
    assert [notice.url for notice in told()] == [f"/handlingar/{young.pk}/"]
    assert alarms.tell_of_histories(now=THURSDAY + timedelta(hours=1)) == 1
    assert alarms.tell_of_histories(now=THURSDAY + timedelta(hours=2)) == 0
    [notice] = told("triage.history")
    assert (notice.person, "30" in notice.words) == (officer, True)
    assert notice.url == f"/forgranskning/genast/?kanal={channel.pk}"
    assert HistoryTold.objects.get(channel=channel).count == 30


def test_what_comes_in_later_is_told_of_however_old_it_says_it_is() -> None:
    """A comment that the network dates to last year, met today for the first time, is on the network today."""
    channel = factories.channel()
    factories.officer(channel)
    late = item(channel, URGENT, at=THURSDAY - timedelta(days=400))
    jobs.taken_in.func.__wrapped__(channel.pk, [late.pk], first=False)
    assert len(told()) == 1


def test_nobody_is_told_of_what_is_gone_and_everybody_of_what_is_held() -> None:
    """What waits for approval holds a person's number all the same."""
    channel = factories.channel()
    factories.officer(channel)
    held = item(channel, URGENT, visibility=Visibility.HELD)
    gone = item(channel, URGENT, at=THURSDAY + timedelta(minutes=1))
    type(gone).objects.filter(pk=gone.pk).update(state="gone")
    taken(held, gone)
    assert list(Alarm.objects.values_list("item_id", flat=True)) == [held.pk]


def test_d27_who_is_away_is_told_through_the_cover_and_where_nobody_is_there_those_above_are() -> None:
    """A mandate's holder on leave, a channel without any."""
    channel = factories.channel()
    officer, cover = factories.officer(channel), factories.person(Role.OFFICER)
    boss = factories.person(Role.MANAGER)
    absences.note(
        person=officer, cover=cover, since=NOW - timedelta(days=1), until=NOW + timedelta(days=1), by=officer,
        now=NOW - timedelta(days=1),
    )  # fmt: skip
    assert alarms.who(channel, now=NOW) == [cover]
    lonely = factories.channel()
    assert boss in alarms.who(lonely, now=NOW)


def test_d20_of_what_is_secret_only_those_are_told_who_may_read_it() -> None:
    """A cover without a mandate is told of open things, and not of secret ones."""
    channel = factories.channel()
    officer, cover = factories.officer(channel), factories.person(Role.OFFICER)
    urgent = item(channel, URGENT)
    secrecy.mark(urgent, ground="osl-21-1", reason="Hälsa", by=officer, now=NOW)
    absences.note(
        person=officer, cover=cover, since=NOW - timedelta(days=1), until=NOW + timedelta(days=1), by=officer,
        now=NOW - timedelta(days=1),
    )  # fmt: skip
    taken(urgent)
    assert Alarm.objects.get(item=urgent).told == []


def test_upstairs_is_told_with_the_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    """News of what is urgent, in the transaction that found it."""
    heard: list[dict[str, object]] = []
    monkeypatch.setattr(alarms.news.URGENT, "tell", lambda **facts: heard.append(facts))
    channel = factories.channel()
    urgent = item(channel, URGENT, direction=Direction.DRAWN_UP)
    taken(urgent)
    assert heard == [
        {"channel_id": channel.pk, "item_id": urgent.pk, "finding_ids": Alarm.objects.get(item=urgent).findings}
    ]


def test_a_job_that_is_broken_off_has_told_nobody_and_the_next_one_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found and whom it was told to are one transaction."""
    channel = factories.channel()
    factories.officer(channel)
    urgent = item(channel, URGENT)

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(alarms.notices, "tell", broken)
        with pytest.raises(RuntimeError), transaction.atomic():
            taken(urgent)
    assert not Alarm.objects.exists()
    assert taking.take([urgent.version_id], after=None, now=NOW)
    assert len(told()) == 1


def test_the_news_of_what_comes_in_is_heard_by_triage() -> None:
    """Taking in defers the reading in the same transaction."""
    channel = factories.channel()
    row = item(channel, PLAIN)
    [job] = queued("triage.hears.records.taken_in")
    assert job == {"channel_id": channel.pk, "item_ids": [row.pk], "first": False}


def test_an_alarm_is_kept() -> None:
    """No statement makes an alarm undone."""
    channel = factories.channel()
    taken(item(channel, URGENT))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM triage_alarm")
