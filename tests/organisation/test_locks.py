"""Many wrong passwords lock an account for a while; nobody learns who works here, and nobody is locked out for good."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from uppsikt.kernel import trail
from uppsikt.notices import actions as notices
from uppsikt.notices.models import Notice
from uppsikt.organisation import actions, locks
from uppsikt.organisation.models import LoginTries, Person

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
RIGHT = "plogbilen kommer klockan sex"


@pytest.fixture
def person() -> Person:
    """Somebody with a password."""
    made = factories.person()
    actions.set_password(made, RIGHT, now=NOW)
    return made


def log_in(email: str, password: str) -> str:
    """The page that answers a try to log in."""
    return Client().post(reverse("account_login"), {"login": email, "password": password}, follow=True).content.decode()


def steps(person: Person) -> list[str]:
    return list(trail.steps_of(person).values_list("name", flat=True))


def test_the_fifth_wrong_password_locks_and_the_right_one_does_not_open(person: Person) -> None:
    for _try in range(locks.MOST - 1):
        assert "är låst till" not in log_in(person.email, "fel lösenord alltid")
    log_in(person.email.upper(), "fel lösenord alltid")
    assert "är låst till" in log_in(person.email, RIGHT)
    assert steps(person)[-1] == "lock_login"


def test_an_address_that_nobody_has_is_answered_the_same(person: Person) -> None:
    def told(email: str) -> list[bool]:
        return ["är låst till" in log_in(email, "fel lösenord alltid") for _try in range(locks.MOST + 1)]

    assert told(person.email) == told("ingen@alvsta.example")
    assert "ingen@" not in str(list(LoginTries.objects.values()))


def test_a_link_by_e_mail_opens_all_the_same_and_wipes_the_slate(person: Person) -> None:
    for _try in range(locks.MOST):
        locks.failed(person.email, now=timezone.now())
    token = actions.make_login_link(person, minutes=5, by=factories.TESTER, now=timezone.now())
    client = Client()
    client.post(reverse("login_link_use", args=[token]))
    assert client.get("/").status_code == 200
    assert locks.locked_until(person.email, now=timezone.now()) is None


def test_each_lock_of_a_day_is_longer_than_the_one_before(person: Person) -> None:
    at, lengths = NOW, []
    for _time in range(4):
        until = None
        while until is None:
            until = locks.failed(person.email, now=at)
        lengths.append(until - at)
        at = until + timedelta(seconds=1)
    assert lengths == [*locks.LOCKED_FOR, locks.LOCKED_FOR[-1]]
    later = at + locks.FORGOTTEN_AFTER + timedelta(hours=1)
    tries = [locks.failed(person.email, now=later) for _try in range(locks.MOST)]
    assert tries[-1] == later + locks.LOCKED_FOR[0]


def test_slow_tries_do_not_lock(person: Person) -> None:
    for number in range(20):
        assert locks.failed(person.email, now=NOW + number * timedelta(minutes=16)) is None


@pytest.mark.django_db(transaction=True)
def test_tries_at_once_are_each_counted() -> None:
    def tried() -> None:
        locks.failed("x@alvsta.example", now=NOW)
        connection.close()

    threads = [threading.Thread(target=tried) for _number in range(locks.MOST)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert locks.locked_until("x@alvsta.example", now=NOW) is not None


def test_the_one_whose_account_it_is_gets_to_know(person: Person) -> None:
    notices.tell_of_lock(person, NOW + timedelta(minutes=15), now=NOW)
    told = Notice.objects.get(person=person)
    assert told.urgent
    assert "10.15" in told.words


def test_an_administrator_opens_a_lock_and_it_is_written_down(person: Person) -> None:
    for _try in range(locks.MOST):
        locks.failed(person.email, now=timezone.now())
    client = Client()
    client.force_login(factories.person(factories.Role.ADMINISTRATOR))
    page = client.get(reverse("web:person", args=[person.pk])).content.decode()
    assert "Inloggning med lösenord är låst" in page
    client.post(reverse("security_unlock", args=[person.pk]))
    assert locks.locked_until(person.email, now=timezone.now()) is None
    assert steps(person)[-1] == "unlock_login"


def test_what_no_longer_counts_is_let_go() -> None:
    locks.failed("x@alvsta.example", now=NOW)
    locks.tidy(now=NOW + timedelta(days=3))
    assert not LoginTries.objects.exists()
