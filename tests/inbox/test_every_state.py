"""What may be done with a case in each of its states, by whom, as a table written by hand (D21, D35, D38)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

import factories
from inbox.support import NOW, published
from uppsikt.channels.models import Channel
from uppsikt.inbox import actions, answers, forwards, handing, joining, outcomes
from uppsikt.inbox.answers import Author
from uppsikt.inbox.models import Answer, Case
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Intent, Step
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import Role

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LATER = NOW + MINUTE


@dataclass
class Scene:
    """A case of two items, another beside it, two who may answer, and a unit where one of them sits."""

    channel: Channel
    case: Case
    other: Case
    me: Person
    colleague: Person
    unit: Unit
    second: int


VERBS: dict[str, Callable[[Scene, Person], Any]] = {
    "take": lambda at, by: actions.take(at.case, by, now=LATER),
    "claim": lambda at, by: actions.claim(at.case, by, now=LATER),
    "assign": lambda at, by: actions.assign(at.case, at.colleague, by=by, now=LATER),
    "release": lambda at, by: actions.release(at.case, by=by, now=LATER),
    "note": lambda at, by: actions.add_note(at.case, "Ring driften", by=by, now=LATER),
    "snooze": lambda at, by: handing.snooze(at.case, until=NOW + 5 * MINUTE, reason="Väntar", by=by, now=LATER),
    "to_unit": lambda at, by: handing.to_unit(at.case, at.unit, by=by, now=LATER),
    "merge": lambda at, by: joining.merge(at.case, at.other, by=by, now=LATER),
    "lead": lambda at, by: joining.merge(at.other, at.case, by=by, now=LATER),
    "part": lambda at, by: joining.part(at.case, by=by, now=LATER),
    "split": lambda at, by: joining.split(at.case, {at.second}, by=by, now=LATER),
    "forward": lambda at, by: forwards.forward(at.case, question="?", by=by, now=LATER, email="ute@alvsta.example"),
    "hold": lambda at, by: answers.hold(at.case, "Vi återkommer", publisher=by, now=LATER),
    "answer": lambda at, by: answers.answer(at.case, "Ja.", author=Author.of(by), publisher=by, now=LATER),
    "by_hand": lambda at, by: answers.by_hand(at.case, "Ja.", author=Author.of(by), publisher=by, now=LATER),
    "no_answer": lambda at, by: actions.no_answer(at.case, "Ett tack", by=by, now=LATER),
    "pass_on": lambda at, by: actions.pass_on(at.case, "Överklagande", by=by, now=LATER),
    "reopen": lambda at, by: actions.reopen(at.case, reason="Fel", by=by, now=LATER),
}
OPEN = set(VERBS) - {"part", "reopen"}
MAY = {
    "open": OPEN,
    "promised": OPEN,
    # Its leader is answered for it; by itself it is taken out again, noted on, or found to need no answer.
    "merged": {"part", "note", "no_answer", "pass_on"},
    "closed": {"reopen", "note"},
}


def scene(state: str) -> Scene:
    """The case in a state, by the way that leads there."""
    channel = factories.channel()
    me, colleague = factories.officer(channel), factories.officer(channel)
    unit = factories.municipality("Teknik").unit
    factories.mandate(factories.person(Role.OFFICER, unit=unit), channel)
    case, other = factories.case(channel), factories.case(channel)
    again = factories.item(channel, thread=case.thread.native_id, at=NOW - MINUTE)
    actions.receive(again, now=NOW)
    case.refresh_from_db()
    if state == "promised":
        published(answers.hold(case, "Vi återkommer", publisher=me, now=NOW))
    elif state == "merged":
        joining.merge(case, factories.case(channel), by=me, now=NOW)
    elif state == "closed":
        actions.no_answer(case, "Ett tack", by=me, now=NOW)
    case.refresh_from_db()
    assert case.state == state
    return Scene(channel, case, other, me, colleague, unit, again.pk)


def outcome(at: Scene, verb: str, by: Person) -> str:
    """What the verb says, undone afterwards: "" where it is done, else the code of a refusal, which changes nothing."""
    with transaction.atomic():
        at.case.refresh_from_db()
        at.other.refresh_from_db()
        before = Step.objects.count(), Intent.objects.count()
        try:
            VERBS[verb](at, by)
            said = ""
            assert Step.objects.count() > before[0] or verb in {"claim", "note"}, f"{verb} left no trace"
        except Refused as refused:
            said = refused.code
            assert (Step.objects.count(), Intent.objects.count()) == before, f"{verb} was refused and changed something"
            assert refused.words.strip(), f"{verb} is refused without a word"
        transaction.set_rollback(True)
    return said


@pytest.mark.parametrize("state", MAY)
def test_d35_each_state_lets_through_what_the_table_says_and_refuses_the_rest_in_words(state: str) -> None:
    at = scene(state)
    said = {verb: outcome(at, verb, at.me) for verb in VERBS}
    assert {verb for verb, code in said.items() if not code} == MAY[state], said


@pytest.mark.parametrize("state", MAY)
def test_d21_without_a_mandate_on_the_channel_nothing_can_be_done_in_any_state(state: str) -> None:
    at = scene(state)
    elsewhere = factories.officer(factories.channel(name="Skolan"))
    for stranger in (elsewhere, factories.person(Role.MANAGER), factories.person(Role.AUDITOR)):
        said = {verb: outcome(at, verb, stranger) for verb in VERBS}
        assert all(said.values()), f"{stranger}: {said}"


ANSWER_VERBS: dict[str, Callable[[Answer, Person], Any]] = {
    "again": lambda row, by: outcomes.try_again(row, by=by, now=LATER),
    "give_up": lambda row, by: outcomes.give_up(row, by=by, now=LATER),
    "regret": lambda row, by: outcomes.regret(row, by=by, now=LATER),
}


def test_d36_an_answer_that_is_out_is_neither_sent_again_nor_taken_back() -> None:
    at = scene("open")
    row = published(answers.answer(at.case, "Ja.", author=Author.of(at.me), publisher=at.me, now=NOW))
    for verb, act in ANSWER_VERBS.items():
        with pytest.raises(Refused), transaction.atomic():
            act(Answer.objects.get(pk=row.pk), at.me)
        row.refresh_from_db()
        assert row.state == "published", verb


def test_d36_only_the_one_who_sent_an_answer_takes_it_back() -> None:
    at = scene("open")
    row = answers.answer(at.case, "Ja.", author=Author.of(at.me), publisher=at.me, now=NOW, wait=timedelta(seconds=30))
    with pytest.raises(Refused, match="Bara den"):
        outcomes.regret(row, by=at.colleague, now=NOW)
    outcomes.regret(row, by=at.me, now=NOW)
    row.refresh_from_db()
    assert row.state == "dropped"
