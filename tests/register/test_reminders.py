"""D6, D31, D52: what waits around the accounts is said again when nothing happens, and from the second time elsewhere.

Thursday at ten is when all begins; five working days are over on the Thursday after.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories
from register import ordering_support as support
from uppsikt.channels.rules import Act
from uppsikt.kernel import trail
from uppsikt.notices.models import Notice
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import actions as policy
from uppsikt.register import closing, loans, opening, order_telling, ordering, reminders, transfer, waiting
from uppsikt.register.models import Opening, Order
from uppsikt.register.order_states import UNDER_WAY

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
DAY = timedelta(days=1)
WEEK = timedelta(days=7, hours=8)


@pytest.fixture
def made() -> support.House:
    return support.house()


def reminded(now: datetime) -> dict[str, str]:
    """Who is told of what by the reminders of a moment."""
    before = set(Notice.objects.values_list("pk", flat=True))
    reminders.remind(now=now)
    rows = Notice.objects.exclude(pk__in=before).select_related("person")
    for row in rows:
        # Whom it waits for is said in two places, by the thing and by the person: they must agree (D71).
        theirs = {one.url for one in waiting.for_person(row.person, now=now)}
        assert row.url in theirs or Role.COMMUNICATIONS in row.person.roles, row.words
    return {row.person.name: row.words for row in rows}


def test_d6_an_order_that_nobody_decides_about_is_said_again_and_then_to_the_communications_unit(
    made: support.House,
) -> None:
    order = support.at(made, "sent")
    assert reminded(NOW + 6 * DAY) == {}
    first = reminded(NOW + WEEK)
    assert list(first) == ["Maj Chef"]
    assert first["Maj Chef"] == (
        f"Påminnelse: Biblioteken i Älvsta kommun har väntat sedan {NOW.date()}. Besluta om ett nytt konto."
    )
    # Not every morning, and never twice for the same days.
    assert reminded(NOW + WEEK) == {}
    assert reminded(NOW + WEEK + 3 * DAY) == {}
    assert set(reminded(NOW + 3 * WEEK)) == {"Maj Chef", "Karin Kommunikation"}
    steps = list(trail.steps_of(order).filter(name="remind").order_by("id"))
    assert [step.by for step in steps] == ["system:reminders"] * 2
    assert steps[0].facts == {"people": [made.manager.pk], "since": NOW.date().isoformat()}
    # What happens begins the time anew, and the first to hear are again those for whom it waits.
    ordering.approve(order, reason="", by=made.manager, now=NOW + 3 * WEEK)
    assert reminded(NOW + 3 * WEEK + DAY) == {}
    assert list(reminded(NOW + 4 * WEEK + DAY)) == ["Karin Kommunikation"]


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_d6_each_state_that_waits_is_said_again_to_those_it_waits_for(made: support.House, state: str) -> None:
    order = support.at(made, state)
    expected = order_telling.concerned(order, reminders.ORDER_WAITS[state], now=NOW)
    said = reminded(NOW + WEEK)
    assert set(said) == {one.name for one in expected}
    assert str(waiting.ORDERS[state][0]) in next(iter(said.values()))


@pytest.mark.parametrize("state", ["withdrawn", "refused", "central"])
def test_d6_what_has_ended_is_not_said_again(made: support.House, state: str) -> None:
    support.at(made, state)
    assert reminded(NOW + 10 * WEEK) == {}


def test_d10_an_own_draft_is_ones_own_and_one_from_outside_is_not_forgotten(made: support.House) -> None:
    order = support.draft(made)
    assert reminded(NOW + WEEK) == {}
    Order.objects.filter(pk=order.pk).update(by=None, source="oep", outside_number="7")
    assert list(reminded(NOW + WEEK)) == ["Karin Kommunikation"]


def test_d11_what_is_done_to_the_opening_counts_as_done_to_the_order(made: support.House) -> None:
    order = support.at(made, "approved")
    row = Opening.objects.select_related("order__unit", "order__responsible").get(order=order)
    opening.name_account(
        row, address="https://blogg.alvsta.example/", handle="biblioteken", by=made.officer, now=NOW + 6 * DAY
    )
    assert reminded(NOW + WEEK) == {}
    assert list(reminded(NOW + WEEK + 6 * DAY)) == ["Olle Officer"]


def test_d6_where_nobody_is_left_to_tell_the_communications_unit_is(made: support.House) -> None:
    support.at(made, "asked")
    Person.objects.filter(pk=made.officer.pk).update(is_active=False)
    assert list(reminded(NOW + WEEK)) == ["Karin Kommunikation"]


def test_d31_a_loan_is_said_again_to_those_it_waits_for_until_it_is_handed_back() -> None:
    channel, boss = factories.channel(name="Badhuset"), factories.person(Role.MANAGER, name="Maj")
    unit, asa, bo = (
        factories.person(Role.COMMUNICATIONS, name="Kim"),
        factories.person(Role.OFFICER, name="Åsa"),
        factories.person(Role.OFFICER, name="Bo"),
    )
    loan = loans.ask(
        channel=channel, people=[asa, bo], acts=[Act.ANSWER], since=NOW + DAY, until=NOW + 60 * DAY, purpose="Lovet",
        by=boss, now=NOW,
    )  # fmt: skip
    assert reminded(NOW + WEEK) == {
        "Kim": f"Påminnelse: Badhuset har väntat sedan {NOW.date()}. Säg om kontot kan lånas ut."
    }
    for one in (asa, bo):
        factories.informed(one, None, at=NOW)
    loan = loans.agree(loan, words="Överens", by=unit, now=NOW + WEEK)
    loans.acknowledge(loan, person=asa, now=NOW + WEEK)
    assert list(reminded(NOW + 2 * WEEK)) == ["Bo"]
    loans.acknowledge(loan, person=bo, now=NOW + 2 * WEEK)
    loans.keep(now=NOW + 2 * WEEK)
    # A loan that simply runs waits for nobody.
    assert reminded(NOW + 5 * WEEK) == {}
    loans.keep(now=NOW + 61 * DAY)
    assert set(reminded(NOW + 61 * DAY + WEEK)) == {"Åsa", "Bo"}


def test_d52_a_closing_is_said_again_to_the_unit_that_is_heard_then_to_who_decides_then_to_who_does_it() -> None:
    channel, boss, unit = (
        factories.channel(),
        factories.person(Role.MANAGER, name="Chef"),
        factories.person(Role.COMMUNICATIONS, name="Kim"),
    )
    row = closing.ask(channel, reason="Används inte", by=channel.responsible, now=NOW)
    assert list(reminded(NOW + WEEK)) == ["Kim"]
    row = closing.view(row, agrees=True, text="", by=unit, now=NOW + WEEK)
    assert list(reminded(NOW + 2 * WEEK)) == ["Chef"]
    closing.approve(row, text="", by=boss, now=NOW + 2 * WEEK)
    assert list(reminded(NOW + 3 * WEEK)) == [channel.responsible.name]


def test_d53_a_transfer_that_lies_is_said_again() -> None:
    channel, unit = factories.channel(name="Badhuset"), factories.person(Role.COMMUNICATIONS, name="Kim")
    transfer.begin(channel, owner="Badhuset AB", contact="vd@badhuset.example", reason="KF:s beslut", by=unit, now=NOW)
    assert list(reminded(NOW + WEEK)) == ["Kim"]


def test_how_long_is_the_policys_to_say(made: support.House) -> None:
    support.at(made, "sent")
    policy.change_rule(key=reminders.RULE, value=20, by=factories.TESTER, now=NOW, reason="KS 2026/9")
    assert reminded(NOW + 2 * WEEK) == {}
    assert list(reminded(NOW + 4 * WEEK)) == ["Maj Chef"]


def test_the_number_of_questions_does_not_grow_with_what_waits_in_peace(made: support.House) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            reminders.remind(now=NOW + DAY)
        return len(questions)

    support.at(made, "sent")
    reminders.remind(now=NOW)  # reads the policy, which is kept
    few = asked()
    for number in range(6):
        support.at(made, "sent", name=f"Konto {number}")
    assert asked() == few


def test_they_are_told_in_their_own_language(made: support.House) -> None:
    Person.objects.filter(pk=made.manager.pk).update(language="en")
    support.at(made, "sent")
    assert reminded(NOW + WEEK)["Maj Chef"].startswith("Reminder: ")
