"""Taking people in: two who take in the same person at once get one person, and one of them a word."""

import threading

import pytest
from django.db import connection

import factories
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation import actions
from uppsikt.organisation.models import Person


@pytest.mark.django_db(transaction=True)
def test_the_same_address_taken_in_twice_at_once_is_one_person() -> None:
    unit = factories.municipality().unit
    outcomes: list[str] = []
    gate = threading.Barrier(4)

    def take_in() -> None:
        gate.wait()
        try:
            actions.add_person(
                email="Eva@alvsta.example", name="Eva", title="", unit=unit, by=factories.TESTER, now=factories.THURSDAY
            )
            outcomes.append("added")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["added", *["email_taken"] * 3]
    assert trail.steps_of(Person.objects.get(email="eva@alvsta.example")).count() == 1
