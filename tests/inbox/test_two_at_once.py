"""Two people at once, with real transactions: one of them answers, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

import factories
from inbox.support import NOW, published
from uppsikt.channels.models import Channel
from uppsikt.inbox import actions, answers, forwards, handed_over, outcomes
from uppsikt.inbox.answers import Author
from uppsikt.inbox.models import Answer, Case, CaseItem
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Intent
from uppsikt.organisation.models import Person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Let all begin at the same moment; how each ended: "done", or the code of the refusal."""
    barrier = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        barrier.wait(timeout=30)
        try:
            deed()
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))


def two_officers() -> tuple[Case, Person, Person]:
    """A case, and two who may answer it."""
    channel = factories.channel()
    return factories.case(channel), factories.officer(channel), factories.officer(channel)


def test_two_answer_at_once_and_one_does() -> None:
    case, one, other = two_officers()
    ended = at_once(
        *(
            lambda who=who: answers.answer(case, f"Svar från {who}", author=Author.of(who), publisher=who, now=NOW)
            for who in (one, other) * 4
        )
    )
    assert ended.count("done") == 1
    assert set(ended) == {"done", "on_its_way"}
    assert (Answer.objects.count(), Intent.objects.count()) == (1, 1)


def test_two_claim_at_once_and_one_does() -> None:
    case, one, other = two_officers()
    ended = at_once(lambda: actions.claim(case, one, now=NOW), lambda: actions.claim(case, other, now=NOW))
    assert ended == ["claimed", "done"]


def test_one_answers_while_the_other_closes() -> None:
    case, one, other = two_officers()
    ended = at_once(
        lambda: answers.answer(case, "Ja", author=Author.of(one), publisher=one, now=NOW),
        lambda: actions.no_answer(case, "Tack", by=other, now=NOW),
    )
    assert ended in (["done", "on_its_way"], ["closed", "done"])


def test_the_citizen_writes_again_at_the_moment_of_closing() -> None:
    case, one, _other = two_officers()
    more = factories.item(case.channel, thread=case.thread.native_id)
    seen = actions.mark(case)
    at_once(lambda: actions.no_answer(case, "Tack", by=one, now=NOW, seen=seen), lambda: actions.receive(more, now=NOW))
    case.refresh_from_db()
    # Whoever came first, the question stands open.
    assert case.state == "open"


def test_news_heard_by_two_workers_at_once_opens_one_case() -> None:
    channel = factories.channel()
    items = factories.items(channel, [factories.captured(thread="comment/1") for _ in range(3)])
    channel_lock_held = [lambda item=item: actions.receive(item, now=NOW) for item in items]
    actions.receive(items[0], now=NOW)
    at_once(*channel_lock_held, *channel_lock_held)
    assert (Case.objects.count(), CaseItem.objects.count()) == (1, 3)


def test_d37_an_expert_sends_twice_at_once_and_is_heard_once() -> None:
    case, one, _other = two_officers()
    row, _link = forwards.forward(case, question="", by=one, now=NOW, email="a@foretag.example", name="Anna")
    ended = at_once(
        *(lambda: forwards.answer(row, text="Ja", name="Anna", title="Vd", unit="Företaget", now=NOW) for _ in range(4))
    )
    assert ended == ["done", "wrong_state", "wrong_state", "wrong_state"]


def test_publishing_is_heard_of_twice_at_once_and_counts_once() -> None:
    case, one, _other = two_officers()
    answer = published(answers.answer(case, "Ja", author=Author.of(one), publisher=one, now=NOW))
    at_once(*(lambda: outcomes.sent(answer.intent, now=NOW) for _ in range(3)))
    case.refresh_from_db()
    assert case.state == "closed"


def test_d60_two_first_questions_are_handed_over_at_once_into_one_channel() -> None:
    people = [factories.person() for _ in range(4)]
    question = handed_over.Question("När öppnar simhallen?", NOW, "messenger")
    ended = at_once(*(lambda who=who: handed_over.hand_over(question, by=who, now=NOW) for who in people))
    assert ended == ["done"] * 4
    assert (Channel.objects.filter(network=handed_over.NETWORK).count(), Case.objects.count()) == (1, 4)
