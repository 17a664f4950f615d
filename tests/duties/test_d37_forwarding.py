"""D37: whoever knows most answers, through a link, without rights on the network and without logging in."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

import factories
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import Visibility
from uppsikt.inbox import actions, forwards
from uppsikt.inbox.models import Answer, Case, Forward
from uppsikt.kernel.errors import Refused
from uppsikt.notices.models import Letter, Notice
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY
SIGNED = {"who": "Anna Ek", "title": "bibliotekarie", "unit": "Biblioteket"}


@pytest.fixture(autouse=True)
def thursday() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def channel() -> Channel:
    return factories.channel(name="Älvsta bibliotek")


@pytest.fixture
def officer(channel: Channel) -> Person:
    return factories.officer(channel, name="Eva Ek")


@pytest.fixture
def client(officer: Person) -> Client:
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def case(channel: Channel) -> Case:
    return factories.case(channel, text="När öppnar ni på söndag?")


def asked(case: Case, officer: Person, **to: object) -> tuple[Forward, str]:
    """A question on its way, and the path of its link."""
    to = to or {"email": "anna.ek@foretag.example", "name": "Anna Ek"}
    row, link = forwards.forward(case, question="Vet du?", by=officer, now=NOW, **to)  # type: ignore[arg-type]
    return row, "/" + link.split("/", 3)[3]


def test_d37_from_question_to_published_answer_in_the_experts_name(case: Case, client: Client, officer: Person) -> None:
    sent = client.post(
        reverse("inbox:forward", args=[case.pk]),
        {"email": "anna.ek@foretag.example", "to_name": "Anna Ek", "question": "Gäller det även i jul?"},
    )
    assert sent.status_code == 302
    letter = Letter.objects.get(to="anna.ek@foretag.example")
    assert "När öppnar ni" not in letter.text, "what the citizen wrote stays behind the link"
    path = "/" + letter.text.split("/svara/")[1].split()[0]

    stranger = Client()
    page = stranger.get(f"/svara{path}").content.decode()
    for words in ("När öppnar ni på söndag?", "Gäller det även i jul?", "Svara i morgon före 10.00", "Eva Ek"):
        assert words in page
    answered = stranger.post(f"/svara{path}svar/", {"text": "Klockan tolv, även i jul.", **SIGNED}, follow=True)
    assert "Tack för hjälpen" in answered.content.decode()

    assert Notice.objects.get(person=officer, kind="expert_answered").words == "Anna Ek har svarat på din fråga."
    shown = client.get(reverse("inbox:case", args=[case.pk]))
    assert "Anna Ek har svarat" in shown.content.decode()
    taken_up = client.get(shown.context["experts"][0].use_url.partition("#")[0])
    assert "Undertecknas:" in taken_up.content.decode()
    form = taken_up.context["forms"]["answer"]
    data = {name: form[name].value() for name in ("text", "seen", "forward")}
    assert data["text"] == "Klockan tolv, även i jul."
    assert client.post(reverse("inbox:answer", args=[case.pk]), data).status_code == 302
    answer = Answer.objects.get()
    assert answer.out == "Klockan tolv, även i jul.\n\nAnna Ek, bibliotekarie, Biblioteket"
    assert (answer.publisher, answer.author_name, answer.forward) == (officer, "Anna Ek", Forward.objects.get())


def test_d37_the_expert_sees_what_is_said_now_and_not_what_was_taken_back(
    case: Case, client: Client, channel: Channel, officer: Person
) -> None:
    _row, path = asked(case, officer)
    factories.item(channel, native_id=case.last_item.native_id, text="När öppnar ni i jul?")
    shown = Client().get(path).content.decode()
    assert "När öppnar ni i jul?" in shown
    assert "söndag" not in shown
    ours = client.get(reverse("inbox:case", args=[case.pk])).content.decode()
    assert "Ändrad 1 gång" in ours
    assert "När öppnar ni på söndag?" in ours


def test_d4_contact_persons_are_offered_those_of_the_own_department_first(
    case: Case, client: Client, channel: Channel
) -> None:
    own, other = channel.unit.department, factories.municipality("Teknik").department
    for department, name in ((other, "Teo Teknik"), (own, "Kim Kultur")):
        organisation.add_contact(
            department=department, person=factories.person(name=name), matter="", rank=1, by=factories.TESTER, now=NOW
        )
    page = client.get(reverse("inbox:case", args=[case.pk])).content.decode()
    assert page.index("Kim Kultur") < page.index("Teo Teknik")


def test_d37_anybody_in_the_organisation_is_found_by_name_title_or_unit(case: Case, client: Client) -> None:
    gardener = factories.person(name="Siv Lund", title="stadsträdgårdsmästare")
    address = reverse("inbox:forward", args=[case.pk])
    found = client.post(address, {"leta": "1", "sok": "trädgård", "question": "Vem klipper häcken?"})
    assert "Siv Lund" in found.content.decode()
    assert "Vem klipper häcken?" in found.content.decode()
    assert not Forward.objects.exists()
    client.post(address, {"person": gardener.pk, "question": "Vem klipper häcken?"})
    row = Forward.objects.get()
    assert (row.person, row.email, row.name, row.title) == (gardener, gardener.email, "Siv Lund", gardener.title)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Välj vem frågan ska till"),
        ({"email": "anna"}, "Skriv en fullständig e-postadress"),
        ({"email": "a@b.example", "person": "me"}, "inte båda"),
        ({"person": "999999"}, "Personen finns inte längre"),
    ],
)
def test_d37_a_question_without_one_receiver_is_told_in_the_form(
    data: dict[str, str], words: str, case: Case, client: Client, officer: Person
) -> None:
    data = {name: str(officer.pk) if value == "me" else value for name, value in data.items()}
    refusal = client.post(reverse("inbox:forward", args=[case.pk]), {**data, "question": "Vet du när vi öppnar?"})
    assert refusal.status_code == 422
    assert words in refusal.content.decode()
    assert "Vet du när vi öppnar?" in refusal.content.decode()


def test_d37_the_expert_sees_that_conversation_alone(case: Case, channel: Channel, officer: Person) -> None:
    thread = case.thread.native_id
    factories.item(channel, thread=thread, text="Mer i samma konversation")
    factories.item(channel, thread=thread, text="Elakt och dolt", visibility=Visibility.HIDDEN)
    factories.case(channel, text="En annan konversation")
    actions.add_note(case, "Intern anteckning", by=officer, now=NOW)
    _row, path = asked(case, officer)
    page = Client().get(path).content.decode()
    assert "Mer i samma konversation" in page
    for words in ("Elakt och dolt", "En annan konversation", "Intern anteckning"):
        assert words not in page


def test_d37_the_link_answers_once(case: Case, officer: Person) -> None:
    row, path = asked(case, officer)
    for text in ("Första svaret", "Andra svaret"):
        shown = Client().post(f"{path}svar/", {"text": text, **SIGNED}, follow=True).content.decode()
        assert "Första svaret" in shown
    row.refresh_from_db()
    assert (row.state, row.text) == ("answered", "Första svaret")
    assert "Det går inte att svara en gång till med samma länk" in Client().get(path).content.decode()


def test_d37_a_known_persons_name_title_and_unit_are_filled_in(case: Case, officer: Person) -> None:
    expert = factories.person(name="Siv Lund", title="trädgårdsmästare")
    _row, path = asked(case, officer, person=expert)
    page = Client().get(path).content.decode()
    for words in ("Siv Lund", "trädgårdsmästare", "Kultur och fritid"):
        assert f'value="{words}"' in page


@pytest.mark.parametrize("left_out", ["text", "who", "title", "unit"])
def test_d36_an_expert_signs_with_name_title_and_unit_and_loses_no_text(
    left_out: str, case: Case, officer: Person
) -> None:
    row, path = asked(case, officer)
    data = {"text": "Klockan tolv, även i jul.", **SIGNED, left_out: ""}
    answer = Client().post(f"{path}svar/", data)
    assert answer.status_code == 422
    assert left_out == "text" or "Klockan tolv, även i jul." in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "sent"


def test_d37_a_question_that_is_somebody_elses_is_handed_back_with_a_reason(
    case: Case, client: Client, officer: Person
) -> None:
    _row, path = asked(case, officer)
    assert Client().post(f"{path}tillbaka/", {"reason": " "}).status_code == 422
    Client().post(f"{path}tillbaka/", {"reason": "Fråga gatukontoret."})
    page = client.get(reverse("inbox:case", args=[case.pk])).content.decode()
    assert "Anna Ek lämnade tillbaka frågan" in page
    assert "Fråga gatukontoret." in page
    assert "letar vidare" in Client().get(path).content.decode()


def test_d37_a_question_can_be_taken_back_and_the_link_dies(case: Case, client: Client, officer: Person) -> None:
    row, path = asked(case, officer)
    client.post(reverse("inbox:withdraw", args=[case.pk, row.pk]))
    dead = Client().get(path)
    assert dead.status_code == 404
    assert "Länken gäller inte" in dead.content.decode()
    assert Client().post(f"{path}svar/", {"text": "Ja", **SIGNED}).status_code == 404


def test_d37_a_link_is_too_old_after_the_policys_days(
    case: Case, officer: Person, thursday: time_machine.Traveller
) -> None:
    row, path = asked(case, officer)
    thursday.move_to(row.expires_at - timedelta(seconds=1))
    assert Client().get(path).status_code == 200
    thursday.move_to(row.expires_at)
    assert Client().get(path).status_code == 404


def test_d37_a_mail_scanner_that_opens_the_link_changes_nothing_that_matters(case: Case, officer: Person) -> None:
    row, path = asked(case, officer)
    for ending in ("", "svar/", "tillbaka/"):
        for method in ("get", "head"):
            assert getattr(Client(), method)(path + ending).status_code in {200, 302}
    row.refresh_from_db()
    case.last_item.refresh_from_db()
    assert (row.state, case.last_item.known_at) == ("sent", None)


def test_d37_the_address_is_told_to_nobody(case: Case, officer: Person, caplog: pytest.LogCaptureFixture) -> None:
    _row, path = asked(case, officer)
    token = path.split("/")[2]
    with caplog.at_level(logging.DEBUG):
        pages = [
            Client().get(path),
            Client().post(f"{path}svar/", {"text": ""}),
            Client().post(f"{path}svar/", {"text": "Ja", **SIGNED}),
            Client().get(path),
        ]
    for page in pages:
        assert page["Referrer-Policy"] == "no-referrer, strict-origin"
        assert "no-store" in page["Cache-Control"]
        assert "noindex" in page["X-Robots-Tag"]
    assert token not in caplog.text
    assert not Forward.objects.filter(digest__contains=token).exists()


def test_d37_unknown_links_get_a_friendly_page_and_are_not_written_down(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        page = Client().get("/svara/enheltokandnyckel/")
    assert page.status_code == 404
    assert "Länken gäller inte" in page.content.decode()
    assert "enheltokandnyckel" not in caplog.text


def test_d37_the_experts_page_works_with_the_protection_against_forged_forms(case: Case, officer: Person) -> None:
    row, path = asked(case, officer)
    stranger = Client(enforce_csrf_checks=True)
    stranger.get(path)
    token = stranger.cookies["csrftoken"].value
    answer = stranger.post(
        f"{path}svar/",
        {"text": "Ja", **SIGNED, "csrfmiddlewaretoken": token},
        headers={"Origin": "http://testserver"},
    )
    assert answer.status_code == 302
    row.refresh_from_db()
    assert row.state == "answered"


def test_d21_forwarding_takes_a_mandate(case: Case) -> None:
    with pytest.raises(Refused) as refusal:
        forwards.forward(case, question="", by=factories.person(Role.OFFICER), now=NOW, email="a@b.example")
    assert refusal.value.code == "no_mandate"
