"""Cases merged and split (D35, D36, D37; ADR 0007): each citizen is answered, nothing is lost, all can be undone."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import factories
from inbox.support import NOW, published, refused
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Direction, Permanent
from uppsikt.inbox import actions, answers, joining, together
from uppsikt.inbox.answers import Author
from uppsikt.inbox.models import Answer, Case, CaseItem
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.records.models import Item
from uppsikt.web import record_page

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def channel() -> Channel:
    return factories.channel()


@pytest.fixture
def officer(channel: Channel) -> Person:
    return factories.officer(None)


def two(channel: Channel) -> tuple[Case, Case]:
    """Two citizens ask the same; the second two hours later."""
    return factories.case(channel, at=NOW - 2 * HOUR), factories.case(factories.channel(), at=NOW)


def steps(case: Case) -> list[str]:
    return [step.name for step in trail.steps_of(case)]


def answered(case: Case, by: Person, text: str = "Ja", now: datetime = NOW, **more: object) -> Answer:
    return answers.answer(case, text, author=Author.of(by), publisher=by, now=now, **more)  # type: ignore[arg-type]


def test_d35_the_earliest_deadline_holds_for_cases_that_are_answered_together(
    channel: Channel, officer: Person
) -> None:
    first, second = two(channel)
    own = second.due_at
    joining.merge(first, second, by=officer, now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.merged_into) == ("merged", second)
    assert (second.due_at, second.own_due_at) == (first.due_at, own)
    assert steps(first)[-1] == "merge"
    assert steps(second)[-1] == "lead"
    joining.part(first, by=officer, now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.merged_into, second.due_at, second.own_due_at) == ("open", None, own, None)
    assert (steps(first)[-1], steps(second)[-1]) == ("part", "let_go")


def test_d36_one_text_goes_out_in_each_conversation_signed_and_each_case_ends_with_its_own(
    channel: Channel, officer: Person
) -> None:
    first, second = two(channel)
    joining.merge(second, first, by=officer, now=NOW)
    answered(first, officer, "Vi öppnar klockan tolv.")
    sent = {row.case_id: row for row in Answer.objects.select_related("intent", "case__channel")}
    assert set(sent) == {first.pk, second.pk}
    assert {row.intent.payload["to"] for row in sent.values()} == {
        first.last_item.native_id,
        second.last_item.native_id,
    }
    assert all(
        row.out == f"Vi öppnar klockan tolv.\n\n{officer.name}, handläggare, Kultur och fritid" for row in sent.values()
    )
    published(sent[first.pk])
    # The other's answer can fail without anybody's being forgotten.
    refused(sent[second.pk], Permanent("rejected"))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.merged_into) == ("closed", "open", None)
    assert second.due_at == actions.deadline(second.received_at).at


def test_d36_the_other_conversation_can_be_pointed_to_the_answer_instead(channel: Channel, officer: Person) -> None:
    first, second = two(channel)
    joining.merge(second, first, by=officer, now=NOW)
    answered(first, officer, "Klockan tolv.", elsewhere={second.pk: "Svaret finns här: https://natet.example/1"})
    texts = dict(Answer.objects.values_list("case_id", "text"))
    assert texts == {first.pk: "Klockan tolv.", second.pk: "Svaret finns här: https://natet.example/1"}


def test_d36_an_answer_published_by_hand_answers_its_own_conversation_alone(channel: Channel, officer: Person) -> None:
    first, second = two(channel)
    joining.merge(second, first, by=officer, now=NOW)
    Item.objects.filter(pk=first.last_item_id).update(can=[])
    led = Case.objects.get(pk=first.pk)
    answers.by_hand(led, "Klockan tolv.", author=Author.of(officer), publisher=officer, now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.merged_into) == ("closed", "open", None)
    assert list(Answer.objects.values_list("case_id", "state")) == [(first.pk, "published")]
    answered(Case.objects.get(pk=second.pk), officer)


def test_d38_a_holding_answer_is_told_to_each_and_they_stay_together(channel: Channel, officer: Person) -> None:
    first, second = two(channel)
    joining.merge(second, first, by=officer, now=NOW)
    answers.hold(first, "Vi återkommer", publisher=officer, now=NOW)
    for row in Answer.objects.all():
        published(row)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("promised", "merged")
    assert first.due_at == second.due_at == Answer.objects.get(case=first).promise_due_at
    joining.part(second, by=officer, now=NOW)
    second.refresh_from_db()
    assert (second.state, second.due_at) == ("promised", first.due_at)


def test_d38_whom_the_holding_answer_did_not_reach_keeps_the_first_deadline(channel: Channel, officer: Person) -> None:
    first, second = two(channel)
    due = second.due_at
    joining.merge(second, first, by=officer, now=NOW)
    answers.hold(first, "Vi återkommer", publisher=officer, now=NOW)
    published(Answer.objects.get(case=first))
    refused(Answer.objects.get(case=second), Permanent("rejected"))
    first.refresh_from_db()
    assert (first.state, first.due_at) == ("promised", due)


def test_d35_what_comes_meanwhile_is_seen_in_the_case_that_leads(channel: Channel, officer: Person) -> None:
    first, second = two(channel)
    joining.merge(second, first, by=officer, now=NOW)
    seen = actions.mark(Case.objects.get(pk=first.pk))
    more = factories.item(second.channel, thread=second.thread.native_id, at=NOW + HOUR)
    assert actions.receive(more, now=NOW + HOUR).pk == second.pk
    assert steps(first)[-1] == "join"
    with pytest.raises(Refused) as moved:
        answered(first, officer, seen=seen)
    assert moved.value.code == "moved_on"


def test_d35_somebody_answers_one_of_them_on_the_network_itself_and_the_other_is_still_open(
    channel: Channel, officer: Person
) -> None:
    first, second = two(channel)
    joining.merge(second, first, by=officer, now=NOW)
    ours = factories.item(channel, thread=first.thread.native_id, at=NOW, direction=Direction.DRAWN_UP)
    actions.answered_elsewhere(ours, now=NOW)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.merged_into) == ("closed", "open", None)


def test_what_needs_no_answer_needs_none_in_any_of_them(channel: Channel, officer: Person) -> None:
    first, second = two(channel)
    joining.merge(second, first, by=officer, now=NOW)
    actions.no_answer(Case.objects.get(pk=first.pk), "Tack", by=officer, now=NOW)
    second.refresh_from_db()
    assert (second.state, second.outcome, second.outcome_reason) == ("closed", "no_answer", "Tack")


def test_a_case_that_others_follow_takes_them_along(channel: Channel, officer: Person) -> None:
    first, second = two(channel)
    third = factories.case(channel)
    joining.merge(second, first, by=officer, now=NOW)
    joining.merge(first, third, by=officer, now=NOW)
    assert set(together.members_of(third.pk).values_list("pk", flat=True)) == {first.pk, second.pk}
    third.refresh_from_db()
    assert third.due_at == actions.deadline(first.received_at).at


@pytest.mark.parametrize("wrong", ["itself", "closed", "on_its_way", "no_mandate"])
def test_what_cannot_be_merged_is_told(wrong: str, channel: Channel, officer: Person) -> None:
    first, second = two(channel)
    by, into = officer, second
    if wrong == "itself":
        into = first
    elif wrong == "closed":
        actions.no_answer(second, "Tack", by=officer, now=NOW)
    elif wrong == "on_its_way":
        answered(first, officer)
    else:
        by = factories.officer(channel)
    with pytest.raises(Refused) as refusal:
        joining.merge(first, into, by=by, now=NOW)
    assert refusal.value.code == {"closed": "not_open"}.get(wrong, wrong)


def conversation(channel: Channel, count: int = 3) -> Case:
    """One citizen asks several things in one conversation."""
    for number in range(count):
        case = actions.receive(
            factories.item(channel, native_id=f"comment/{number + 1}", thread="comment/1", at=NOW + number * HOUR),
            now=NOW + number * HOUR,
        )
    return case


def keys(case: Case) -> list[int]:
    return list(CaseItem.objects.filter(case=case).order_by("item__at").values_list("item_id", flat=True))


def test_d37_part_of_a_conversation_becomes_a_case_of_its_own(channel: Channel, officer: Person) -> None:
    case = conversation(channel)
    one, other, last = keys(case)
    made = joining.split(case, {other}, by=officer, now=NOW, reason="Handlar om bygglov")
    case.refresh_from_db()
    assert (keys(case), keys(made)) == ([one, last], [other])
    assert (made.split_from, made.thread_id, made.waiting_item_id) == (case, case.thread_id, other)
    assert made.due_at == actions.deadline(NOW + HOUR).at
    assert (case.due_at, case.waiting_item_id, case.last_item_id) == (actions.deadline(NOW).at, one, last)
    assert steps(case)[-1] == "split"
    found = {pk: record_page.case_of(Item.objects.get(pk=pk), officer, now=NOW) for pk in (one, other, last)}
    assert found == {one: case, other: made, last: case}, "the record's page leads to the case that holds it"
    # What replies to it goes where it went; all else stays with the conversation.
    reply = factories.item(channel, thread="comment/1", parent="comment/2", at=NOW + 5 * HOUR)
    assert actions.receive(reply, now=NOW + 5 * HOUR) == made
    loose = factories.item(channel, thread="comment/1", parent="comment/1", at=NOW + 6 * HOUR)
    assert actions.receive(loose, now=NOW + 6 * HOUR) == case


def test_d38_what_was_promised_for_the_whole_is_promised_for_the_part(channel: Channel, officer: Person) -> None:
    case = conversation(channel)
    published(answers.hold(case, "Vi återkommer", publisher=officer, now=NOW + 3 * HOUR), now=NOW + 3 * HOUR)
    case.refresh_from_db()
    made = joining.split(case, set(keys(case)[:1]), by=officer, now=NOW + 4 * HOUR)
    assert (made.state, made.due_at) == ("promised", case.due_at)


def test_a_split_is_undone_by_merging_and_one_answer_ends_both(channel: Channel, officer: Person) -> None:
    case = conversation(channel)
    made = joining.split(case, set(keys(case)[1:2]), by=officer, now=NOW)
    joining.merge(made, case, by=officer, now=NOW)
    sent = answered(Case.objects.get(pk=case.pk), officer)
    assert Answer.objects.count() == 1, "one conversation is not answered twice"
    published(sent)
    made.refresh_from_db()
    assert (made.state, made.outcome, made.outcome_reason) == ("closed", "answered", f"Besvarat i ärende {case.pk}.")


def test_d35_what_is_split_off_a_case_that_was_opened_again_by_hand_is_not_late_at_birth(
    channel: Channel, officer: Person
) -> None:
    case = conversation(channel)
    later = NOW + timedelta(days=21)
    actions.no_answer(case, "Tack", by=officer, now=NOW + 3 * HOUR)
    actions.reopen(Case.objects.get(pk=case.pk), reason="Fel", by=officer, now=later)
    made = joining.split(Case.objects.get(pk=case.pk), set(keys(case)[:1]), by=officer, now=later + HOUR)
    assert (made.received_at, made.due_at) == (later, actions.deadline(later).at)


@pytest.mark.parametrize("chosen", ["none", "all"])
def test_something_must_be_left_of_a_case_that_is_split(chosen: str, channel: Channel, officer: Person) -> None:
    case = conversation(channel)
    with pytest.raises(Refused) as refusal:
        joining.split(case, set(keys(case)) if chosen == "all" else set(), by=officer, now=NOW)
    assert refusal.value.code == "nothing_left"
