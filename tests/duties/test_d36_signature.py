"""D36: an answer is signed with name, title and unit of the one whose answer it is, not of the one who publishes."""

from __future__ import annotations

import pytest

import factories
from uppsikt.inbox import answers, forwards
from uppsikt.inbox.answers import Author
from uppsikt.inbox.models import Answer, Case
from uppsikt.inbox.rules import signature, signed
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused

NOW = factories.THURSDAY


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        (("Anna Ek", "bibliotekarie", "Biblioteket"), "Anna Ek, bibliotekarie, Biblioteket"),
        (("Anna Ek", "", "Biblioteket"), "Anna Ek, Biblioteket"),
        ((" Anna Ek ", " ", " Biblioteket"), "Anna Ek, Biblioteket"),
    ],
)
def test_d36_the_signature_is_name_title_and_unit(parts: tuple[str, str, str], line: str) -> None:
    assert signature(*parts) == line


def test_d36_the_text_goes_out_with_the_signature_once() -> None:
    once = signed("Vi öppnar tolv.\n", "Anna Ek", "bibliotekarie", "Biblioteket")
    assert once == "Vi öppnar tolv.\n\nAnna Ek, bibliotekarie, Biblioteket"
    assert signed(once, "Anna Ek", "bibliotekarie", "Biblioteket") == once


@pytest.fixture
def case(db: None) -> Case:
    return factories.case(factories.channel())


def test_d36_one_who_answers_in_own_name_is_author_and_publisher(case: Case) -> None:
    who = factories.officer(case.channel, name="Eva Ek")
    answer = answers.answer(case, "Ja.", author=Author.of(who), publisher=who, now=NOW)
    assert answer.out == "Ja.\n\nEva Ek, handläggare, Kultur och fritid"
    assert answer.intent.payload["text"] == answer.out
    assert (answer.author, answer.publisher) == (who, who)


def test_d36_a_colleagues_answer_is_signed_by_the_colleague_and_published_by_another(case: Case) -> None:
    expert, publisher = factories.person(name="Anna Ek", title="bibliotekarie"), factories.officer(case.channel)
    row, _link = forwards.forward(case, question="", by=publisher, now=NOW, person=expert)
    forwards.answer(row, text="Klockan tolv.", name="Anna Ek", title="bibliotekarie", unit="Biblioteket", now=NOW)
    row.refresh_from_db()
    answer = answers.answer(case, row.text, author=Author.of_forward(row), publisher=publisher, now=NOW)
    assert answer.out == "Klockan tolv.\n\nAnna Ek, bibliotekarie, Biblioteket"
    assert publisher.name not in answer.out
    assert (answer.author, answer.publisher, answer.forward) == (expert, publisher, row)
    step = trail.steps_of(answer).get()
    assert (step.by_name, step.facts["author"]) == (publisher.name, "Anna Ek")
    assert answer.intent.by == publisher.doer.key


@pytest.mark.parametrize("author", [Author("", "vd", "Biblioteket"), Author("Anna Ek", "vd", " ")])
def test_d36_an_unsigned_answer_is_refused(author: Author, case: Case) -> None:
    publisher = factories.officer(case.channel)
    with pytest.raises(Refused) as refusal:
        answers.answer(case, "Ja.", author=author, publisher=publisher, now=NOW)
    assert refusal.value.code == "unsigned"
    assert not Answer.objects.exists()
