"""D24, D21: mandate holders know the guideline and the network, anew when it changes; mandates are renewed yearly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

import factories
from uppsikt.channels import actions as channels
from uppsikt.channels import mandates
from uppsikt.channels import queries as channel_queries
from uppsikt.channels.models import Channel, Mandate
from uppsikt.channels.rules import Act
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.notices.models import Notice
from uppsikt.organisation import actions as organisation
from uppsikt.organisation import politicians
from uppsikt.organisation.models import Person, RoleGrant
from uppsikt.organisation.rules import Role
from uppsikt.policy import actions as policy
from uppsikt.policy import courses, guideline
from uppsikt.policy.networks import NETWORKS
from uppsikt.register import administrators, people_load
from uppsikt.register.checks import people as checks
from uppsikt.register.checks.base import Subject
from uppsikt.register.models import Entry

NOW = factories.THURSDAY
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


@contextmanager
def planted() -> Iterator[None]:
    """What is planted while it lasts is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def publish(days: int) -> guideline.Edition:
    """A new edition."""
    return guideline.publish(text="Uppdrag\n- Nytt", changes="En punkt", days=days, by=factories.TESTER, now=NOW)


def may(person: Person, channel: Channel, at: datetime) -> bool:
    """Whether the person may answer there."""
    return channel_queries.mandate(person, channel, Act.ANSWER, at=at) is not None


def test_d24_a_changed_guideline_stops_nobody_in_a_minute_and_everybody_after_the_day() -> None:
    channel = factories.channel()
    reads, waits = factories.officer(channel), factories.officer(channel)
    edition = publish(days=14)
    guideline.acknowledge(reads, number=edition.number, now=NOW + DAY)
    assert [may(who, channel, NOW + 13 * DAY) for who in (reads, waits)] == [True, True]
    assert [may(who, channel, NOW + 14 * DAY) for who in (reads, waits)] == [True, False]
    with pytest.raises(Refused) as refused:
        channels.check_may(channel, Act.ANSWER, waits, now=NOW + 14 * DAY)
    assert refused.value.code == "unacknowledged"
    guideline.acknowledge(waits, number=edition.number, now=NOW + 14 * DAY)
    assert may(waits, channel, NOW + 14 * DAY)


def test_d24_until_it_is_acknowledged_one_reads_on_and_does_nothing() -> None:
    channel = factories.channel()
    who = factories.officer(channel)
    publish(days=0)
    assert channel_queries.held_by(who, at=NOW) == [(channel.pk, [])]


def test_d24_only_the_newest_edition_is_acknowledged_and_once_is_enough() -> None:
    who = factories.person(Role.OFFICER)
    first = guideline.newest()
    assert first
    second = publish(days=14)
    with pytest.raises(Refused):
        guideline.acknowledge(who, number=first.number, now=NOW)
    one = guideline.acknowledge(who, number=second.number, now=NOW)
    assert guideline.acknowledge(who, number=second.number, now=NOW + DAY) == one
    assert trail.steps_of(second).filter(name="acknowledge").count() == 1


def test_d24_an_edition_is_published_once_however_often_it_is_pressed() -> None:
    client, first = Client(), guideline.newest()
    assert first
    client.force_login(factories.person(Role.COMMUNICATIONS))
    page = client.get(reverse("policy:new_edition"))
    sent = {"text": "Uppdrag\n- Nytt", "changes": "Allt", "days": 14, "after": page.context["form"]["after"].value()}
    said = [client.post(reverse("policy:new_edition"), sent) for _press in range(2)]
    assert [one.status_code for one in said] == [302, 200]
    assert "ny utgåva sedan du började" in said[1].content.decode()
    last = guideline.newest()
    assert last
    assert last.number == first.number + 1


@pytest.mark.parametrize("fields", [{"text": " \n"}, {"changes": " "}])
def test_d24_an_edition_that_says_nothing_is_not_published(fields: dict[str, str]) -> None:
    before = guideline.newest()
    with pytest.raises(Refused):
        guideline.publish(
            **{"text": "Uppdrag\n- Nytt", "changes": "x", **fields},
            by=factories.TESTER,
            now=NOW,  # type: ignore[arg-type]
        )
    assert guideline.newest() == before


def test_d24_what_was_acknowledged_is_never_changed_nor_taken_back() -> None:
    guideline.acknowledge(factories.person(), number=1, now=NOW)
    for table in ("policy_acknowledgement", "policy_edition"):
        for sql in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):  # noqa: S608  # our own names
            with pytest.raises(Exception, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


def test_d24_every_network_where_something_is_done_has_a_course_that_can_be_read() -> None:
    for code in NETWORKS:
        course = courses.of(code)
        assert code == "handed_over" or (course and course.sections and course.minutes >= 1), code
    assert courses.of("a-network-of-tomorrow") == courses.COURSES["other"]


@time_machine.travel(NOW)
def test_d24_the_start_page_asks_until_it_is_done() -> None:
    channel = factories.channel()
    who = factories.person(Role.OFFICER)
    channels.give_mandate(
        person=who, channel=channel, acts=[Act.ANSWER], since=NOW, until=None, given_by=factories.person(Role.MANAGER),
        reason="x", now=NOW,
    )  # fmt: skip
    client = Client()
    client.force_login(who)
    page = client.get("/").content.decode()
    assert "Läs och kvittera riktlinjen" in page
    assert "korta kursen om Övningsnätet" in page
    client.post(reverse("policy:guideline"), {"number": "1"})
    client.post(reverse("policy:course", args=["practice"]))
    page = client.get("/").content.decode()
    assert "kvittera riktlinjen" not in page
    assert "korta kursen" not in page


def test_d21_a_mandate_without_an_end_is_given_one_and_no_longer_than_the_policy_lets() -> None:
    channel, who, boss = factories.channel(), factories.person(Role.OFFICER), factories.person(Role.MANAGER)
    asked = {"person": who, "channel": channel, "acts": [Act.ANSWER], "since": NOW, "given_by": boss, "reason": "x"}
    row = channels.give_mandate(**asked, until=None, now=NOW)  # type: ignore[arg-type]
    assert row.until == NOW + 366 * DAY
    with pytest.raises(Refused) as refused:
        channels.give_mandate(**asked, until=NOW + 400 * DAY, now=NOW)  # type: ignore[arg-type]
    assert refused.value.code == "too_long"
    for odd in (datetime(9999, 12, 30, tzinfo=UTC), datetime(2, 1, 1, tzinfo=UTC)):  # a slip of the pen in a date field
        with pytest.raises(Refused) as refused:
            channels.give_mandate(**{**asked, "since": odd}, until=None, now=NOW)  # type: ignore[arg-type]
        assert refused.value.code == "too_far"
    policy.change_rule(key="mandate.most_days", value=500, by=factories.TESTER, now=NOW, reason="x")
    channels.give_mandate(**asked, until=NOW + 400 * DAY, now=NOW)  # type: ignore[arg-type]


def test_d21_it_is_renewed_while_it_holds_and_ends_by_itself() -> None:
    channel, boss = factories.channel(), factories.person(Role.MANAGER)
    who = factories.person(Role.OFFICER)
    row = factories.mandate(who, channel, until=NOW + 40 * DAY, since=NOW - 60 * DAY)
    mandates.renew(row, until=None, by=boss, reason="Fortsätter", now=NOW)
    row.refresh_from_db()
    assert row.until == NOW + 366 * DAY
    with pytest.raises(Refused) as refused:
        mandates.renew(row, until=NOW + DAY, by=boss, reason="x", now=NOW)
    assert refused.value.code == "not_longer"
    over = NOW + 366 * DAY
    assert may(who, channel, over - DAY)
    assert not may(who, channel, over)
    with pytest.raises(Refused) as refused:
        channels.check_may(channel, Act.ANSWER, who, now=over)
    assert "tog slut" in str(refused.value)
    mandates.keep(now=over)
    row.refresh_from_db()
    assert (row.state, [step.name for step in trail.steps_of(row)]) == ("ended", ["give", "renew", "lapse"])
    with pytest.raises(Refused) as refused:
        mandates.renew(row, until=None, by=boss, reason="x", now=over)
    assert refused.value.code == "lapsed"


def test_d21_the_manager_is_reminded_once_thirty_days_before() -> None:
    channel, who = factories.channel(), factories.person(Role.OFFICER)
    boss = factories.person(Role.MANAGER, name="Maj Månsson")
    factories.mandate(who, channel, until=NOW + 100 * DAY, since=NOW - DAY, given_by=boss)
    factories.mandate(who, channel, until=NOW + 20 * DAY, since=NOW - DAY, given_by=boss)  # too short to be told of
    told = {at: mandates.remind(now=NOW + at * DAY) for at in (69, 71, 72)}
    assert told == {69: 0, 71: 1, 72: 0}
    assert {row.person for row in Notice.objects.filter(kind="mandate")} == {boss, who}
    # Let be, it ends; those who were told that it would are told that it has.
    assert mandates.lapse(now=NOW + 100 * DAY) == 2
    assert sorted(row.person.name for row in Notice.objects.filter(words__contains="tagit slut")) == sorted(
        [boss.name, who.name]
    )


def test_d21_mandates_from_before_get_an_end_but_not_at_once() -> None:
    row = factories.mandate(factories.person(Role.OFFICER), factories.channel(), since=NOW - 900 * DAY)
    Mandate.objects.filter(pk=row.pk).update(until=None)
    assert mandates.limit(now=NOW) == 1
    row.refresh_from_db()
    assert row.until == NOW + 60 * DAY
    assert mandates.limit(now=NOW) == 0


def test_d21_who_leaves_holds_nothing_and_the_manager_answers_for_the_channel() -> None:
    boss = factories.person(Role.MANAGER, name="Maj Månsson")
    channel = factories.channel()
    who = channel.responsible
    factories.mandate(who, channel)
    assert mandates.let_go(who, now=NOW) == 0  # shut and let in again before the job came round
    assert may(who, channel, NOW)
    organisation.change_person(who, by=factories.TESTER, now=NOW, is_active=False)
    assert not may(who, channel, NOW)
    assert mandates.let_go(who, now=NOW) == 1
    channel.refresh_from_db()
    assert channel.responsible == boss
    assert not Mandate.objects.filter(person=who, state="in_force").exists()


def test_d34_somebody_elected_keeps_no_role_but_the_auditors_and_gets_no_other() -> None:
    who = factories.person(*Role)
    factories.person(Role.ADMINISTRATOR)
    politicians.elect(who, post="Ledamot i nämnden", by=factories.TESTER, now=NOW)
    who = Person.objects.get(pk=who.pk)
    with time_machine.travel(NOW):
        assert who.roles == {Role.AUDITOR}
    with pytest.raises(Refused):
        organisation.give_role(person=who, role=Role.OFFICER, unit=None, by=factories.TESTER, now=NOW)
    channel = factories.channel()
    with pytest.raises(Refused):
        channels.change(
            channel, name="x", unit=channel.unit, responsible=who, central=False, by=factories.TESTER, now=NOW
        )
    with pytest.raises(Refused):
        administrators.add(channel, who, by=factories.TESTER, now=NOW)
    with pytest.raises(Refused):
        politicians.elect(who, post="Igen", by=factories.TESTER, now=NOW)
    politicians.unelect(who, by=factories.TESTER, now=NOW)
    assert RoleGrant.objects.in_force(NOW).filter(person=who).count() == len(Role)


def test_d34_the_last_administrator_is_not_shut_out() -> None:
    who = factories.person(Role.ADMINISTRATOR)
    for post, code in ((" ", "no_post"), ("Ledamot", "last_administrator")):
        with pytest.raises(Refused) as refused:
            politicians.elect(who, post=post, by=factories.TESTER, now=NOW)
        assert refused.value.code == code


def test_d24_promised_hours_and_real_load_are_weighed() -> None:
    # 8 answers and 4 posts in four weeks are (80 + 120) / 4 minutes a week, and five rounds of ten minutes.
    load = people_load.weigh(received=20, answers=8, posts=4, weeks=Decimal(4))
    assert load.hours == Decimal("1.7")
    assert not people_load.too_much(load, None)
    assert not people_load.too_much(load, Decimal("1.5"))
    assert people_load.too_much(load, Decimal(1))


def test_d11_each_check_of_the_people_finds_its_fault_and_nothing_else() -> None:
    """A clean account has no fault; each fault that is planted is found by its check, and by no other."""
    unit = factories.municipality().unit
    channel = factories.channel(network="facebook", unit=unit)
    entry = Entry.objects.get_or_create(channel=channel)[0]
    comms = factories.person(Role.COMMUNICATIONS, unit=factories.municipality("Ledning").unit)
    crew = [factories.officer(channel, name=name) for name in ("Åsa Öberg", "Bo Berg")]
    for one in (*crew, comms):
        administrators.add(channel, one, by=factories.TESTER, now=NOW)
    organisation.add_contact(
        department=unit.department, person=crew[0], matter="", rank=1, by=factories.TESTER, now=NOW
    )

    def found(**profile: str) -> dict[str, list[str]]:
        channel.refresh_from_db()
        entry.refresh_from_db()
        subject = Subject(channel=channel, entry=entry, profile={"name": "Badhuset", **profile}, at=NOW)
        faults = {check.code: [fault.mark for fault in check.look(subject)] for check in checks.CHECKS}
        return {code: marks for code, marks in faults.items() if marks}

    assert found() == {}
    assert found(name=" åsa öberg ") == {"people.personal_account": [""]}
    with planted():
        Mandate.objects.filter(person=crew[1]).update(until=NOW - DAY)
        assert found() == {"people.mandate_lapsed": [f"person:{crew[1].pk}"]}
    with planted():
        Mandate.objects.update(state="ended")
        assert set(found()) == {"people.nobody", "people.mandate_lapsed"}
    with planted():
        administrators.end(administrators.of(channel).get(person=comms), by=factories.TESTER, now=NOW)
        assert set(found()) == {"people.communications_missing"}
    with planted():
        administrators.end(administrators.of(channel).get(person=crew[1]), by=factories.TESTER, now=NOW)
        assert set(found()) == {"people.administrators"}
    with planted():
        publish(days=0)
        assert found() == {"people.unacknowledged": [f"person:{one.pk}" for one in crew]}
    with planted():
        Person.objects.filter(pk=channel.responsible_id).update(politician=True)
        assert found() == {"people.politician": [f"person:{channel.responsible_id}"]}
    with planted():
        Person.objects.filter(pk=channel.responsible_id).update(is_active=False)
        assert set(found()) == {"people.responsible"}
    with planted():
        organisation.drop_contact(unit.department.contacts.get(), by=factories.TESTER, now=NOW)
        assert set(found()) == {"people.contact_gap"}
    with planted():
        entry.hours_a_week = Decimal("0.5")
        entry.save()
        assert set(found()) == {"people.overloaded"}
