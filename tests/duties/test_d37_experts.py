"""D37, D38: while a question is with an expert: reminded in time, asked back, handed on, given a new link."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

import factories
from inbox.support import logged_in, published
from uppsikt.channels.models import Channel
from uppsikt.inbox import answers, experts, forwards
from uppsikt.inbox.models import Case, Clarification, Forward
from uppsikt.kernel import trail
from uppsikt.notices.models import Letter, Notice
from uppsikt.organisation.models import Person

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def thursday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def channel() -> Channel:
    return factories.channel()


@pytest.fixture
def officer(channel: Channel) -> Person:
    return factories.officer(channel, name="Eva Ek")


@pytest.fixture
def case(channel: Channel) -> Case:
    return factories.case(channel, text="När öppnar ni på söndag?")


def asked(case: Case, officer: Person, **more: object) -> tuple[Forward, str]:
    to = {"email": "anna@foretag.example", "name": "Anna Ek", **more}
    row, link = forwards.forward(case, question="Vet du?", by=officer, now=NOW, **to)  # type: ignore[arg-type]
    return row, path(link)


def path(link: str) -> str:
    return "/svara/" + link.split("/svara/")[1].split(maxsplit=1)[0].rstrip("/") + "/"


def newest_letter(to: str = "anna@foretag.example") -> str:
    return Letter.objects.filter(to=to).latest("pk").text


def test_d37_an_expert_is_reminded_when_the_question_has_waited_and_before_its_time_is_up(
    case: Case, officer: Person
) -> None:
    row, _path = asked(case, officer)
    done = [(hours, experts.remind(now=NOW + hours * HOUR)) for hours in (1, 3, 5, 6, 20, 23, 23.5, 30)]
    # Four hours of opening time after the question; then an hour and a half before the deadline, Friday at ten.
    assert [hours for hours, count in done if count] == [5, 23]
    row.refresh_from_db()
    assert (row.reminders, [step.name for step in trail.steps_of(row)]) == (2, ["send", "remind", "remind"])
    # The reminder's link opens the question, and so does the first one.
    assert Client().get(path(newest_letter())).status_code == 200


def test_d37_those_who_wait_longer_keep_nobody_from_being_reminded(
    case: Case, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(experts, "AT_ONCE", 2)
    rows = [asked(case, officer, email=f"sakkunnig{number}@foretag.example")[0] for number in range(6)]
    # Three have been reminded and wait on; two were asked lately; the last one is due.
    Forward.objects.filter(pk__in=[row.pk for row in rows[:3]]).update(reminders=experts.WAITS)
    Forward.objects.filter(pk__in=[row.pk for row in rows[3:5]]).update(sent_at=NOW + 4 * HOUR)
    assert experts.remind(now=NOW + 5 * HOUR) == 1
    rows[5].refresh_from_db()
    assert rows[5].reminders == experts.WAITS


def test_d37_whoever_was_asked_at_the_last_moment_is_not_reminded_at_once(case: Case, officer: Person) -> None:
    Case.objects.filter(pk=case.pk).update(due_at=NOW + HOUR)
    asked(Case.objects.get(pk=case.pk), officer)
    assert experts.remind(now=NOW + timedelta(minutes=5)) == 0


def test_d37_the_expert_asks_back_and_is_answered_in_between(case: Case, officer: Person) -> None:
    row, link = asked(case, officer)
    Client().post(f"{link}undrar/", {"text": "Vilket bibliotek gäller det?"})
    assert Notice.objects.get(person=officer).words == "Anna Ek behöver veta mer för att kunna svara."
    desk = logged_in(officer)
    page = desk.get(f"/inkorg/{case.pk}/").content.decode()
    assert "Vilket bibliotek gäller det?" in page
    desk.post(f"/inkorg/{case.pk}/vidare/{row.pk}/forklara/", {"text": "Älvsta"})
    assert Clarification.objects.count() == 2
    row.refresh_from_db()
    assert row.state == "sent"
    shown = Client().get(path(newest_letter())).content.decode()
    for words in ("Vilket bibliotek gäller det?", "Älvsta", "Eva Ek"):
        assert words in shown


def test_d37_the_expert_hands_on_to_somebody_who_knows_more(case: Case, officer: Person) -> None:
    row, link = asked(case, officer)
    knower = factories.person(name="Siv Lund", title="bibliotekschef")
    done = Client().post(f"{link}vidare/", {"email": knower.email.upper(), "question": "Du vet ju det här."})
    assert "lämnad vidare" in done.content.decode()
    row.refresh_from_db()
    made = Forward.objects.get(handed_on_from=row)
    assert (row.state, made.person, made.title, made.sent_by) == ("handed_on", knower, "bibliotekschef", officer)
    assert Client().get(link).status_code == 404
    shown = Client().get(path(newest_letter(knower.email))).content.decode()
    assert "Du vet ju det här." in shown
    assert Notice.objects.get(person=officer).words == "Anna Ek lämnade frågan vidare till Siv Lund."


def test_d37_a_question_does_not_go_round_for_ever(case: Case, officer: Person) -> None:
    _row, link = asked(case, officer)
    for number in range(experts.MOST_HANDS + 2):
        address = f"nummer{number}@foretag.example"
        if Client().post(f"{link}vidare/", {"email": address}).status_code == 409:
            break
        link = path(newest_letter(address))
    assert Forward.objects.filter(state="handed_on").count() == experts.MOST_HANDS - 1
    assert Client().post(f"{link}vidare/", {"email": "inte-en-adress"}).status_code == 422


def test_d37_a_link_that_is_too_old_offers_a_new_one_by_email_to_the_same_address(
    case: Case, officer: Person, thursday: time_machine.Traveller
) -> None:
    row, link = asked(case, officer)
    thursday.move_to(row.expires_at + HOUR)
    dead = Client().get(link)
    assert dead.status_code == 404
    assert "Mejla en ny länk" in dead.content.decode()
    before = Letter.objects.count()
    for _ in range(3):
        renewed = Client().post(f"{link}ny-lank/")
        assert "En ny länk är skickad" in renewed.content.decode()
    assert Letter.objects.count() == before + 1, "asking again at once sends nothing"
    assert Client().get(path(newest_letter())).status_code == 200
    assert Client().get(link).status_code == 404, "the old link stays dead"


@pytest.mark.parametrize("gone", ["unknown", "withdrawn", "closed"])
def test_d37_where_there_is_nothing_to_open_no_new_link_is_offered(gone: str, case: Case, officer: Person) -> None:
    row, link = asked(case, officer)
    Forward.objects.filter(pk=row.pk).update(expires_at=NOW)
    if gone == "unknown":
        link = "/svara/enheltokandnyckel/"
    elif gone == "withdrawn":
        forwards.withdraw(Forward.objects.get(pk=row.pk), by=officer, now=NOW)
    else:
        Case.objects.filter(pk=case.pk).update(state="closed", closed_at=NOW, outcome="answered", answered_at=NOW)
    before = Letter.objects.count()
    assert "Mejla en ny länk" not in Client().get(link).content.decode()
    assert Client().post(f"{link}ny-lank/").status_code == 404
    assert Letter.objects.count() == before


def test_d38_the_expert_sees_what_the_citizen_has_been_promised(case: Case, officer: Person) -> None:
    published(answers.hold(case, "Vi återkommer på tisdag", publisher=officer, now=NOW))
    _row, link = asked(Case.objects.get(pk=case.pk), officer)
    shown = Client().get(link).content.decode()
    assert "Vi återkommer på tisdag" in shown
    assert "Vi har lovat ett svar senast" in shown


def test_d37_the_letter_and_the_page_speak_the_language_that_was_chosen(case: Case, officer: Person) -> None:
    _row, link = asked(case, officer, language="en")
    assert "Hello!" in newest_letter()
    assert "A question for you" in Client().get(link).content.decode()
