"""Logging in by a one-time link, and by password (D21: who did it must be known)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

import factories
from uppsikt.notices.models import Letter
from uppsikt.organisation import actions
from uppsikt.organisation.models import LoginLink, Person
from uppsikt.web import login_links

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    return factories.person(name="Åsa Öberg")


def link_to(person: Person, *, minutes: int = 30) -> str:
    """The page of a fresh link."""
    token = actions.make_login_link(person, minutes=minutes, by=factories.TESTER, now=timezone.now())
    return reverse("login_link_use", args=[token])


def test_the_answer_is_the_same_whether_anybody_has_the_address(person: Person) -> None:
    pages = []
    for email in (person.email, "xxxxxxx@alvsta.example"):
        answer = Client().post(reverse("login_link"), {"email": email})
        assert answer.status_code == 200
        pages.append(answer.content.decode().replace(email, "").partition("<main")[2])
        job = ProcrastinateJob.objects.latest("id")
        assert (job.task_name, job.args) == ("web.send_login_link", {"email": email})
    assert pages[0] == pages[1]
    assert Letter.objects.count() == 0


def test_the_letter_holds_a_link_that_logs_in_once(person: Person) -> None:
    letter = login_links.send(person.email.upper(), now=timezone.now())
    assert letter is not None
    assert letter.to == person.email
    url = next(line for line in letter.text.splitlines() if "/logga-in/lank/" in line).partition("//")[2].partition("/")
    path = f"/{url[2]}"
    client = Client()
    for _look in range(2):  # a program that scans e-mail looks, too
        assert "Logga in som Åsa Öberg" in client.get(path).content.decode()
    assert client.post(path)["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Client().post(path).status_code == 410
    assert "gäller inte längre" in Client().get(path).content.decode()
    token = path.rstrip("/").rpartition("/")[2]
    assert not LoginLink.objects.filter(digest=token).exists()


def test_nobody_and_somebody_who_has_left_get_no_letter(person: Person) -> None:
    actions.change_person(person, by=factories.TESTER, now=timezone.now(), is_active=False)
    assert login_links.send(person.email, now=timezone.now()) is None
    assert login_links.send("ingen@alvsta.example", now=timezone.now()) is None
    assert Letter.objects.count() == 0


def test_a_link_that_is_too_old_or_of_somebody_who_has_left_is_dead(person: Person) -> None:
    url = link_to(person)
    LoginLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().post(url).status_code == 410
    fresh = link_to(person)
    actions.change_person(person, by=factories.TESTER, now=timezone.now(), is_active=False)
    assert Client().post(fresh).status_code == 410


def test_the_token_does_not_travel_on(person: Person) -> None:
    answer = Client().get(link_to(person))
    # The last that a browser knows holds: the origin may be told, the address with its token may not.
    assert answer["Referrer-Policy"].endswith("strict-origin")
    assert "no-store" in answer["Cache-Control"]


def test_asking_over_and_over_is_stopped_for_one_address(person: Person) -> None:
    answers = [Client().post(reverse("login_link"), {"email": person.email}).status_code for _try in range(5)]
    assert answers == [200, 200, 200, 429, 429]


def test_asking_for_many_addresses_is_stopped_for_one_place() -> None:
    answers = [
        Client().post(reverse("login_link"), {"email": f"p{number}@alvsta.example"}).status_code for number in range(22)
    ]
    assert answers[-1] == 429


def test_a_password_of_ones_own_opens_too_and_pages_speak_ones_language(person: Person) -> None:
    client = Client()
    client.force_login(person)
    me = reverse("organisation:me")
    client.post(me, {"form": "me", "language": "en", "phone": ""})
    short = client.post(me, {"form": "password", "new": "kort"})
    assert short.status_code == 200
    assert client.post(me, {"form": "password", "new": "plogbilen kommer klockan sex"}).status_code == 302
    assert client.get(me).status_code == 200
    again = client.post(me, {"form": "password", "old": "fel", "new": "en helt annan mening"})
    assert again.status_code == 200
    other = Client()
    answer = other.post(reverse("account_login"), {"login": person.email, "password": "plogbilen kommer klockan sex"})
    assert answer.status_code == 302
    assert other.cookies["django_language"].value == "en"
    assert other.get("/").wsgi_request.user == person
    assert other.post(reverse("account_logout")).status_code == 302
    assert other.get("/").status_code == 302
