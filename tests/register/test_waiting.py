"""D71: what waits for somebody around the accounts stands on their start page, and on nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import factories
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import guideline
from uppsikt.register import closing, deviations, loans, ordering, waiting
from uppsikt.register.discover_models import Find
from uppsikt.register.order_models import Order

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
DAY = timedelta(days=1)


@pytest.fixture
def channel() -> Channel:
    return factories.channel()


@pytest.fixture
def manager(channel: Channel) -> Person:
    return factories.person(Role.MANAGER, unit=channel.unit)


@pytest.fixture
def communications() -> Person:
    return factories.person(Role.COMMUNICATIONS)


def told(person: Person) -> list[str]:
    return [one.what for one in waiting.for_person(Person.objects.get(pk=person.pk), now=NOW)]


def whole_order(channel: Channel, by: Person) -> Order:
    order = ordering.begin(
        by=by,
        now=NOW,
        unit=channel.unit,
        network="instagram",
        name="Parkerna",
        subject="streets",
        purpose="Visa vad som växer i parkerna",
        goals="Fler förslag till skötselplanen",
        audience="Barnfamiljer",
        languages=["sv"],
        why_not_central="Den centrala kanalen har inte plats",
        second=factories.person(Role.OFFICER, unit=channel.unit),
        hours_a_week=Decimal("2.0"),
        upkeep="Varje fredag",
        contact_email="park@alvsta.example",
        terms_read=True,
    )
    return ordering.send(order, by=by, now=NOW)


def test_d71_an_order_waits_for_one_after_the_other(channel: Channel, manager: Person, communications: Person) -> None:
    officer = factories.person(Role.OFFICER, unit=channel.unit)
    order = whole_order(channel, officer)
    assert (told(manager), told(communications), told(officer)) == (["Besluta om ett nytt konto"], [], [])
    order = ordering.ask(order, reason="Vem svarar på helger?", by=manager, now=NOW)
    assert (told(manager), told(communications), told(officer)) == ([], [], ["Komplettera beställningen"])
    order = ordering.send(order, by=officer, now=NOW)
    order = ordering.approve(order, reason="Behövs", by=manager, now=NOW)
    views = ["Säg kommunikationsenhetens syn på ett nytt konto"]
    assert (told(manager), told(communications), told(officer)) == ([], views, [])
    ordering.agree(order, reason="Bra", by=communications, now=NOW)
    assert (told(manager), told(communications), told(officer)) == ([], [], ["Öppna kontot"])


def test_d31_a_loan_waits_for_the_communications_unit_then_for_those_who_borrow(
    channel: Channel, manager: Person, communications: Person
) -> None:
    borrower = factories.person(Role.OFFICER)
    loan = loans.ask(
        channel=channel,
        people=[borrower],
        acts=[Act.ANSWER],
        since=NOW,
        until=NOW + 5 * DAY,
        purpose="Kulturveckan",
        by=manager,
        now=NOW,
    )
    assert (told(communications), told(borrower)) == (["Säg om kontot kan lånas ut"], [])
    loan = loans.agree(loan, words="Går bra", by=communications, now=NOW)
    assert (told(communications), told(borrower)) == ([], ["Läs lånets villkor och kvittera"])
    edition = guideline.newest()
    assert edition
    guideline.acknowledge(borrower, number=edition.number, now=NOW)
    loans.acknowledge(loan, person=borrower, now=NOW)
    assert told(borrower) == []


def test_d52_a_closing_waits_for_the_view_and_then_for_the_decision(
    channel: Channel, manager: Person, communications: Person
) -> None:
    row = closing.ask(channel, reason="Ingen sköter det", by=manager, now=NOW)
    assert told(communications) == ["Säg kommunikationsenhetens syn på att avsluta ett konto"]
    assert told(manager) == []
    closing.view(row, agrees=True, text="Vi håller med", by=communications, now=NOW)
    assert (told(communications), told(manager)) == ([], ["Besluta om att avsluta ett konto"])


def deviation(channel: Channel, owner: Person, days: int, mark: str = "") -> None:
    deviations.found(
        "profile.contact",
        channel=channel,
        owner=owner,
        by=factories.TESTER,
        now=NOW,
        mark=mark,
        due_on=(NOW + days * DAY).date(),
    )


@pytest.mark.parametrize(
    ("days", "said", "tone"),
    [
        ([30], [], ""),
        ([7], ["Rätta till en avvikelse"], "warning"),
        ([2, 5, 30], ["Rätta till 2 avvikelser"], "warning"),
        ([-1, 5], ["Rätta till 2 avvikelser"], "danger"),
    ],
)
def test_d71_deviations_are_one_line_and_only_when_their_day_is_near(
    channel: Channel, days: list[int], said: list[str], tone: str
) -> None:
    owner = factories.person(Role.OFFICER)
    for number, each in enumerate(days):
        deviation(channel, owner, each, mark=str(number))
    found = list(waiting.for_person(owner, now=NOW))
    assert [one.what for one in found] == said
    assert [one.tone for one in found] == [tone] * len(said)
    assert told(channel.responsible) == []


def test_d12_accounts_that_were_found_wait_for_the_communications_unit(communications: Person) -> None:
    for number in range(3):
        Find.objects.create(
            network="instagram", address=f"https://instagram.example/{number}", first_seen_at=NOW, last_seen_at=NOW
        )
    assert told(communications) == ["Bedöm 3 hittade konton"]
    assert told(factories.person(Role.OFFICER)) == []


def test_one_question_however_much_there_is(
    channel: Channel, manager: Person, communications: Person, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _number in range(3):
        whole_order(channel, factories.person(Role.OFFICER, unit=channel.unit))
    for role in Role:
        if role not in manager.roles:
            factories.organisation_actions.give_role(
                person=manager, role=role, unit=None, by=factories.TESTER, now=NOW - DAY
            )
    busiest = Person.objects.get(pk=manager.pk)
    assert busiest.roles
    with django_assert_num_queries(1):
        assert list(waiting.for_person(busiest, now=NOW))
