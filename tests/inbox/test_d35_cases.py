"""Cases open, are joined and open again, each with its deadline (D35); hearing of the same twice changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import factories
from inbox.support import NOW, published, run
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Direction
from uppsikt.inbox import actions, answers, jobs
from uppsikt.inbox.answers import Author
from uppsikt.inbox.models import Case, CaseItem
from uppsikt.kernel import trail
from uppsikt.organisation.models import Person
from uppsikt.records.models import Item

pytestmark = pytest.mark.django_db
FRIDAY = NOW + timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def channel() -> Channel:
    return factories.channel()


@pytest.fixture
def officer(channel: Channel) -> Person:
    return factories.officer(channel)


def steps(case: Case) -> list[str]:
    """The names of the case's steps."""
    return [step.name for step in trail.steps_of(case)]


def said(channel: Channel, at: datetime, **fields: Any) -> Item:
    """Something in the conversation comment/1."""
    return factories.item(channel, thread="comment/1", at=at, **fields)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (datetime(2026, 11, 12, 9, 0, tzinfo=UTC), datetime(2026, 11, 13, 9, 0, tzinfo=UTC)),
        # Friday 16.45 counts from Monday 8.00; the next working day at opening is written as Monday's closing.
        (datetime(2026, 11, 13, 15, 45, tzinfo=UTC), datetime(2026, 11, 16, 15, 30, tzinfo=UTC)),
    ],
)
def test_d35_what_is_received_opens_a_case_with_its_deadline(
    received: datetime, due: datetime, channel: Channel
) -> None:
    case = actions.receive(said(channel, received), now=received + MINUTE)
    assert (case.state, case.received_at, case.due_at) == ("open", received, due)
    assert steps(case) == ["open"]


def test_d35_more_in_the_conversation_joins_and_what_waits_longest_sets_the_deadline(channel: Channel) -> None:
    case = actions.receive(said(channel, NOW), now=NOW)
    due = case.due_at
    later = said(channel, NOW + timedelta(hours=3))
    actions.receive(later, now=NOW)
    case.refresh_from_db()
    assert (case.due_at, case.last_item) == (due, later)
    earlier = said(channel, NOW - timedelta(hours=1))
    actions.receive(earlier, now=NOW)
    case.refresh_from_db()
    assert case.due_at == due - timedelta(hours=1)
    assert (case.last_item, case.waiting_item) == (later, earlier)
    assert Case.objects.count() == 1


def test_d35_a_deadline_that_moves_forward_is_warned_of_afresh(channel: Channel) -> None:
    case = actions.receive(said(channel, NOW), now=NOW)
    Case.objects.filter(pk=case.pk).update(warned_for=case.due_at - timedelta(seconds=1))
    case = actions.receive(said(channel, NOW - timedelta(days=1)), now=NOW)
    assert case.warned_for is None


def test_d40_news_heard_twice_changes_nothing_the_second_time(channel: Channel) -> None:
    first, second = said(channel, NOW), said(channel, NOW + MINUTE)
    for _ in range(3):
        run(jobs.taken_in, channel_id=channel.pk, item_ids=[first.pk, second.pk], first=False)
    assert (Case.objects.count(), CaseItem.objects.count()) == (1, 2)
    assert steps(Case.objects.get()) == ["open", "join"]


def test_d35_a_closed_case_reopens_when_the_citizen_writes_again(channel: Channel, officer: Person) -> None:
    case = actions.receive(said(channel, NOW), now=NOW)
    actions.no_answer(case, "Tack", by=officer, now=NOW)
    again = said(channel, FRIDAY)
    case = actions.receive(again, now=FRIDAY)
    assert (case.state, case.outcome, case.times_opened, case.waiting_item) == ("open", "", 2, again)
    assert case.due_at == FRIDAY + timedelta(days=3)


def test_d35_an_answer_does_not_cover_what_was_written_while_it_was_on_its_way(
    channel: Channel, officer: Person
) -> None:
    case = actions.receive(said(channel, NOW), now=NOW)
    answer = answers.answer(case, "Ja", author=Author.of(officer), publisher=officer, now=NOW + MINUTE)
    more = said(channel, NOW + 2 * MINUTE)
    actions.receive(more, now=NOW + 2 * MINUTE)
    published(answer, now=NOW + 3 * MINUTE)
    case.refresh_from_db()
    assert (case.state, case.waiting_item, case.received_at) == ("open", more, more.at)
    assert case.due_at == more.at + timedelta(days=1)
    assert case.answered_at == NOW + 3 * MINUTE
    assert "answered_but_more" in steps(case)


def test_d38_a_promise_that_was_kept_is_over_though_more_was_asked(channel: Channel, officer: Person) -> None:
    case = actions.receive(said(channel, NOW), now=NOW)
    published(answers.hold(case, "Vi återkommer", publisher=officer, now=NOW))
    answer = answers.answer(case, "Ja", author=Author.of(officer), publisher=officer, now=FRIDAY)
    actions.receive(said(channel, FRIDAY), now=FRIDAY)
    published(answer, now=FRIDAY)
    case.refresh_from_db()
    assert (case.state, case.due_at) == ("open", FRIDAY + timedelta(days=3))


def test_an_answer_given_on_the_network_itself_ends_the_case(channel: Channel) -> None:
    case = actions.receive(said(channel, NOW), now=NOW)
    ours = said(channel, NOW + MINUTE, direction=Direction.DRAWN_UP)
    run(jobs.taken_in, channel_id=channel.pk, item_ids=[ours.pk], first=False)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.outcome_reason) == ("closed", "answered", "Besvarat direkt på nätet.")


@pytest.mark.parametrize("pull_first", [True, False])
def test_d38_our_own_holding_answer_come_back_does_not_end_the_case(
    pull_first: bool, channel: Channel, officer: Person
) -> None:
    case = actions.receive(said(channel, NOW), now=NOW)
    answer = answers.hold(case, "Vi återkommer", publisher=officer, now=NOW)

    def come_back() -> Item:
        ours = said(channel, NOW + MINUTE, native_id="comment/9", text=answer.out, direction=Direction.DRAWN_UP)
        run(jobs.taken_in, channel_id=channel.pk, item_ids=[ours.pk], first=False)
        return ours

    if pull_first:
        ours = come_back()
        published(answer, native_id="comment/9")
    else:
        published(answer, native_id="comment/9")
        ours = come_back()
    run(jobs.taken_in, channel_id=channel.pk, item_ids=[ours.pk], first=False)
    case.refresh_from_db()
    answer.refresh_from_db()
    assert (case.state, answer.item) == ("promised", ours)


def test_history_before_the_connection_becomes_records_and_no_cases(channel: Channel) -> None:
    old, new = said(channel, NOW - timedelta(days=400)), factories.item(channel, at=NOW - timedelta(hours=1))
    run(jobs.taken_in, channel_id=channel.pk, item_ids=[old.pk, new.pk], first=True)
    assert [case.last_item for case in Case.objects.all()] == [new]
