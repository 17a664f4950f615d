"""What the inbox's tests share: somebody at the keyboard on a Thursday at ten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from procrastinate.tasks import Task

import factories
from uppsikt.channels import sending
from uppsikt.connectors.base import Sent, Trouble
from uppsikt.inbox import outcomes
from uppsikt.inbox.models import Answer, Case
from uppsikt.kernel import intents
from uppsikt.organisation.models import Person

NOW = factories.THURSDAY


@pytest.fixture
def thursday() -> Iterator[time_machine.Traveller]:
    """The clock stands at Thursday ten o'clock, and goes on from there."""
    with time_machine.travel(NOW) as traveller:
        yield traveller


def logged_in(person: Person) -> Client:
    """A browser in which the person is logged in."""
    client = Client()
    client.force_login(person)
    return client


def page(client: Client, case: Case, query: str = "") -> str:
    """A case's page as text."""
    answer = client.get(reverse("inbox:case", args=[case.pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def published(answer: Answer, *, now: datetime = NOW, native_id: str = "") -> Answer:
    """The answer has reached the network, and the inbox has heard of it."""
    intent = answer.intent
    intents.start(intent, by=sending.PUBLISHER, now=now)
    native_id = native_id or f"comment/svar{answer.pk}"
    sending.succeed(intent, answer.case.channel, Sent(native_id, f"https://natet.example/{native_id}"), now=now)
    intent.refresh_from_db()
    outcomes.sent(intent, now=now)
    answer.refresh_from_db()
    return answer


def refused(answer: Answer, trouble: Trouble, *, now: datetime = NOW) -> Answer:
    """The network did not take the answer, or nobody can tell; the inbox has heard of it."""
    intent = intents.start(answer.intent, by=sending.PUBLISHER, now=now)
    sending.failed(intent, answer.case.channel, trouble, now=now)
    intent.refresh_from_db()
    outcomes.not_sent(intent, now=now)
    answer.refresh_from_db()
    return answer


def run(task: Task[Any, Any, Any], **facts: object) -> None:
    """What a job does, inside the test's transaction: the wrapping that looks after connections would end that."""
    task.func.__wrapped__(**facts)  # type: ignore[attr-defined]  # functools.wraps sets it
