"""D38: no answer in time: say within a working day that somebody will come back, and hold to the promise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

import factories
from uppsikt.channels import sending
from uppsikt.connectors.base import Sent
from uppsikt.inbox import answers, forwards, outcomes, reminders
from uppsikt.inbox.models import Answer, Case
from uppsikt.kernel import intents
from uppsikt.notices.models import Notice
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY


@pytest.fixture(autouse=True)
def thursday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def case() -> Case:
    return factories.case(factories.channel(), text="När öppnar ni på söndag?")


@pytest.fixture
def officer(case: Case) -> Person:
    return factories.officer(case.channel, name="Eva Ek")


@pytest.fixture
def client(officer: Person) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def out(answer: Answer) -> None:
    """The answer is on the network."""
    intent = intents.start(answer.intent, by=sending.PUBLISHER, now=NOW)
    sending.succeed(intent, answer.case.channel, Sent(f"comment/svar{answer.pk}", ""), now=NOW)
    intent.refresh_from_db()
    outcomes.sent(intent, now=NOW)


def test_d38_a_holding_answer_is_one_action_and_its_promise_the_second_deadline(case: Case, client: Client) -> None:
    page = client.get(reverse("inbox:case", args=[case.pk]))
    form = page.context["forms"]["hold"]
    promised = policy.due(NOW, days=policy.number("answer.promise_working_days")).at
    assert policy.due_words(promised, now=NOW) in form["text"].value()
    client.post(reverse("inbox:hold", args=[case.pk]), {"text": form["text"].value(), "seen": form["seen"].value()})
    answer = Answer.objects.get()
    assert (answer.sort, answer.promise_due_at) == ("holding", promised)
    assert answer.out.endswith("\n\nEva Ek, handläggare, Kultur och fritid")
    case.refresh_from_db()
    assert case.state == "open", "nothing is promised before it is out"
    out(answer)
    case.refresh_from_db()
    assert (case.state, case.due_at, case.answered_at) == ("promised", promised, NOW)
    assert "Utlovat svar" in client.get(reverse("inbox:case", args=[case.pk])).content.decode()


def test_d38_the_text_names_the_one_who_will_come_back(case: Case, client: Client, officer: Person) -> None:
    expert = factories.person(name="Siv Lund", title="trädgårdsmästare")
    forwards.forward(case, question="", by=officer, now=NOW, person=expert)
    page = client.get(reverse("inbox:case", args=[case.pk]))
    assert "Siv Lund, trädgårdsmästare, som återkommer" in page.context["forms"]["hold"]["text"].value()


def test_d38_the_citizen_is_written_to_in_swedish_whatever_language_the_page_has(case: Case, client: Client) -> None:
    client.cookies["django_language"] = "en"
    page = client.get(reverse("inbox:case", args=[case.pk]), headers={"Accept-Language": "en"})
    assert "How the deadline was counted" in page.content.decode()
    assert page.context["forms"]["hold"]["text"].value().startswith("Hej! Tack för att du hör av dig.")
    client.post(reverse("inbox:no_answer", args=[case.pk]), {"reason": "tack"}, headers={"Accept-Language": "en"})
    case.refresh_from_db()
    assert case.outcome_reason == "Tack eller beröm"


def test_d38_the_promise_has_reminders_of_its_own(case: Case, officer: Person) -> None:
    answer = answers.hold(case, "Vi återkommer", publisher=officer, now=NOW)
    assert reminders.remind(now=case.due_at + timedelta(minutes=1)) == 1
    out(answer)
    case.refresh_from_db()
    Notice.objects.all().delete()
    assert reminders.remind(now=case.due_at - timedelta(minutes=5)) == 1
    assert reminders.remind(now=case.due_at - timedelta(minutes=4)) == 0
    assert reminders.remind(now=case.due_at + timedelta(minutes=1)) == 1
    assert set(Notice.objects.values_list("person__name", "kind")) >= {("Eva Ek", "due_soon"), ("Eva Ek", "late")}


def test_d38_how_the_promise_was_counted_is_told(case: Case, client: Client, officer: Person) -> None:
    out(answers.hold(case, "Vi återkommer", publisher=officer, now=NOW))
    page = client.get(reverse("inbox:case", args=[case.pk]))
    assert page.context["counted"]
    case.refresh_from_db()
    assert policy.due_words(case.due_at, now=NOW).split(" ", 1)[0] in page.context["counted"][-1]


def test_d38_the_full_answer_ends_what_was_promised(case: Case, client: Client, officer: Person) -> None:
    out(answers.hold(case, "Vi återkommer", publisher=officer, now=NOW))
    page = client.get(reverse("inbox:case", args=[case.pk]))
    seen = page.context["forms"]["answer"]["seen"].value()
    client.post(reverse("inbox:answer", args=[case.pk]), {"text": "Klockan tolv.", "seen": seen})
    out(Answer.objects.get(sort="full"))
    case.refresh_from_db()
    assert (case.state, case.outcome, case.answered_at) == ("closed", "answered", NOW)
