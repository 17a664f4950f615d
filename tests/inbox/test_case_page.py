"""A case's page: all that can be done there, over HTTP, and what is told when it cannot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

import factories
from inbox.support import NOW, logged_in, page, published, refused, thursday
from uppsikt.channels.models import Channel, Mandate
from uppsikt.connectors.base import CapturedAttachment, Direction, Kind, Permanent, Unknown, Visibility
from uppsikt.inbox import actions, answers, outcomes
from uppsikt.inbox.answers import Author
from uppsikt.inbox.models import Answer, Case, Note
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Intent
from uppsikt.organisation.models import Person

__all__ = ["thursday"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]


@pytest.fixture
def channel() -> Channel:
    return factories.channel(name="Älvsta bibliotek")


@pytest.fixture
def officer(channel: Channel) -> Person:
    return factories.officer(channel, name="Eva Ek")


@pytest.fixture
def case(channel: Channel) -> Case:
    return factories.case(channel, text="När öppnar ni på söndag?")


@pytest.fixture
def client(officer: Person) -> Client:
    return logged_in(officer)


def post(client: Client, name: str, case: Case, *more: int, **data: object) -> tuple[int, str]:
    """Send a form; its status, and the page that one sees in the end."""
    answer = client.post(reverse(f"inbox:{name}", args=[case.pk, *more]), data)
    text = client.get(answer["Location"]).content.decode() if answer.status_code == 302 else answer.content.decode()
    case.refresh_from_db()
    return answer.status_code, text


def test_d18_the_whole_conversation_is_shown_with_what_became_of_each_part(channel: Channel, client: Client) -> None:
    factories.item(channel, native_id="post/1", text="Söndagsöppet", kind=Kind.POST, direction=Direction.DRAWN_UP)
    readings = [
        factories.captured("comment/1", text="Först", post="post/1"),
        factories.captured("comment/2", text="Hemlig", thread="comment/1", post="post/1", visibility=Visibility.HELD),
        factories.captured("comment/3", text="Vårt", thread="comment/1", post="post/1", direction=Direction.DRAWN_UP),
    ]
    first = factories.items(channel, readings)[0]
    picture = (CapturedAttachment("https://natet.example/bild.jpg", "image/jpeg", alt="En stängd dörr"),)
    factories.item(channel, native_id="comment/1", text="Ändrat", post="post/1", attachments=picture)
    shown = page(client, actions.receive(first, now=NOW))
    for words in ("Söndagsöppet", "Vårt inlägg", "Ändrat", "Ändrad 1 gång", "Först", "En stängd dörr", "Vårt svar"):
        assert words in shown
    assert "Väntar på godkännande på nätet" in shown
    assert "Väntar på svar" in shown


def test_d35_the_deadline_is_told_in_words_and_how_it_was_counted(case: Case, client: Client) -> None:
    shown = page(client, case)
    assert "Svara i morgon före 10.00" in shown
    assert "Kom in torsdag 12 november 10.00, inom öppettid." in shown
    assert "Samma klockslag nästa arbetsdag är fredag 13 november 10.00." in shown


def test_d36_an_answer_is_sent_signed_and_shown(case: Case, client: Client, officer: Person) -> None:
    assert "Undertecknas:" in page(client, case)
    status, text = post(client, "answer", case, text="Klockan tolv.", seen=actions.mark(case))
    assert status == 302
    assert "Svaret skickas nu till nätet." in text
    answer = Answer.objects.get()
    assert answer.out == "Klockan tolv.\n\nEva Ek, handläggare, Kultur och fritid"
    assert (answer.author, answer.publisher, case.assignee) == (officer, officer, officer)
    published(answer)
    assert "Besvarat" in page(client, case)


def test_the_same_form_sent_twice_answers_once(case: Case, client: Client) -> None:
    seen = actions.mark(case)
    post(client, "answer", case, text="Klockan tolv.", seen=seen)
    status, text = post(client, "answer", case, text="Klockan tolv.", seen=seen)
    assert (status, Answer.objects.count(), Intent.objects.count()) == (409, 1, 1)
    assert "Ett svar är redan på väg" in text
    assert "Din text finns kvar här" in text


def test_a_holding_answer_sent_again_from_an_old_page_is_sent_once(case: Case, client: Client) -> None:
    seen = actions.mark(case)
    post(client, "hold", case, text="Vi återkommer.", seen=seen)
    published(Answer.objects.get())
    status, text = post(client, "hold", case, text="Vi återkommer.", seen=seen)
    assert (status, Answer.objects.count()) == (409, 1)
    assert "Det har hänt något i konversationen" in text


@pytest.mark.parametrize("name", ["answer", "no_answer"])
def test_what_was_said_meanwhile_is_read_before_anything_is_sent(
    name: str, channel: Channel, case: Case, client: Client
) -> None:
    seen = actions.mark(case)
    more = factories.item(channel, text="Och på lördag?", thread=case.thread.native_id, at=NOW + timedelta(minutes=1))
    actions.receive(more, now=NOW)
    data = {"text": "Klockan tolv.", "reason": "tack", "more": "Ett långt tack."}
    status, text = post(client, name, case, **data, seen=seen)
    assert (status, case.state, Answer.objects.count()) == (409, "open", 0)
    assert "Och på lördag?" in text
    assert ("Klockan tolv." if name == "answer" else "Ett långt tack.") in text
    # The page that was shown in return holds the new mark, so the next try goes through.
    assert post(client, name, case, **data, seen=actions.mark(case))[0] == 302


def test_an_edit_of_the_question_counts_as_news(channel: Channel, case: Case, client: Client) -> None:
    seen = actions.mark(case)
    factories.item(channel, native_id=case.last_item.native_id, text="När öppnar ni på lördag?")
    assert post(client, "answer", case, text="Klockan tolv.", seen=seen)[0] == 409


def test_an_empty_answer_is_told_in_the_form(case: Case, client: Client) -> None:
    status, text = post(client, "answer", case, text="  ")
    assert status == 422
    assert "Skriv ett svar först." in text


def test_an_answer_longer_than_the_network_takes_is_refused_with_its_text_kept(
    channel: Channel, case: Case, client: Client
) -> None:
    channel.settings = {"reply_limit": 60}
    channel.save()
    assert "högst 60 tecken" in page(client, case)
    status, text = post(client, "answer", case, text="Vi öppnar klockan tolv på söndag.", seen="")
    assert status == 409
    assert "Nätet tar emot högst 60" in text
    assert "Vi öppnar klockan tolv på söndag." in text
    assert not Intent.objects.exists()


def test_d21_without_a_mandate_in_force_nothing_is_sent(case: Case, client: Client, officer: Person) -> None:
    Mandate.objects.update(until=NOW - timedelta(seconds=1))
    for name in ("answer", "hold", "take", "note", "no_answer", "forward"):
        assert client.post(reverse(f"inbox:{name}", args=[case.pk]), {"text": "x"}).status_code == 404
    assert not Answer.objects.exists()
    with pytest.raises(Refused) as refusal:
        answers.answer(case, "Ja", author=Author.of(officer), publisher=officer, now=NOW)
    assert refusal.value.code == "no_mandate"


def test_take_release_and_hand_over(case: Case, client: Client, channel: Channel, officer: Person) -> None:
    colleague = factories.officer(channel, name="Olle Berg")
    post(client, "take", case)
    assert case.assignee == officer
    post(client, "release", case)
    assert case.assignee is None
    _status, text = post(client, "assign", case, to=colleague.pk)
    assert case.assignee == colleague
    assert "lämnade över ärendet till: <bdi>Olle Berg</bdi>" in text
    stranger = factories.person()
    status, text = post(client, "assign", case, to=stranger.pk)
    assert status == 422
    assert "Kollegan saknar uppdrag i kanalen" in text


def test_a_claim_is_shown_to_colleagues_and_holds_their_answer_back(
    case: Case, client: Client, channel: Channel, officer: Person
) -> None:
    other = logged_in(factories.officer(channel, name="Olle Berg"))
    mine = client.post(reverse("inbox:claim", args=[case.pk])).content.decode()
    assert "Du svarar." in mine
    shown = page(other, case)
    assert "Eva Ek svarar just nu" in shown
    assert "disabled" in shown
    refusal = other.post(reverse("inbox:claim", args=[case.pk])).content.decode()
    assert "Eva Ek svarar just nu" in refusal
    status, text = post(other, "answer", case, text="Mitt långa svar.", seen=actions.mark(case))
    assert status == 409
    assert "Eva Ek svarar just nu" in text
    assert "Mitt långa svar." in text


def test_a_claim_ends_by_itself(case: Case, client: Client, channel: Channel, thursday: object) -> None:
    other = logged_in(factories.officer(channel))
    client.post(reverse("inbox:claim", args=[case.pk]))
    thursday.shift(3600)  # type: ignore[attr-defined]  # time_machine's own
    assert "svarar just nu" not in page(other, case)
    assert post(other, "answer", case, text="Ja", seen=actions.mark(case))[0] == 302


def test_the_page_says_when_something_has_happened_since(case: Case, client: Client, channel: Channel) -> None:
    address = client.get(reverse("inbox:case", args=[case.pk])).context["now_url"]
    assert "Något har hänt" not in client.get(address).content.decode()
    client.post(reverse("inbox:claim", args=[case.pk]))
    assert "Något har hänt" not in client.get(address).content.decode()
    actions.receive(factories.item(channel, thread=case.thread.native_id), now=NOW)
    assert "Något har hänt" in client.get(address).content.decode()


def test_no_answer_needs_a_reason(case: Case, client: Client) -> None:
    assert post(client, "no_answer", case)[0] == 422
    assert "Skriv vilket skäl." in post(client, "no_answer", case, reason="annat")[1]
    status, _text = post(
        client, "no_answer", case, reason="tack", more="Hälsar till vaktmästaren", seen=actions.mark(case)
    )
    assert (status, case.outcome, case.outcome_reason) == (
        302,
        "no_answer",
        "Tack eller beröm: Hälsar till vaktmästaren",
    )
    assert "Inget svar behövdes" in page(client, case)


def test_d66_what_borders_on_exercise_of_authority_goes_to_ordinary_handling(case: Case, client: Client) -> None:
    status, _text = post(client, "pass_on", case, reason="beslut")
    assert (status, case.outcome) == (302, "passed_on")
    assert "myndighetsutövning" in case.outcome_reason


def test_a_closed_case_opens_again_with_a_new_deadline(case: Case, client: Client, thursday: object) -> None:
    post(client, "no_answer", case, reason="tack")
    thursday.shift(3600)  # type: ignore[attr-defined]  # time_machine's own
    assert post(client, "reopen", case)[0] == 422
    status, text = post(client, "reopen", case, reason="Jag läste fel")
    assert (status, case.state, case.outcome) == (302, "open", "")
    assert "Svara i morgon före 11.00" in text
    assert "Jag läste fel" in text


def test_notes_are_kept_and_not_shown_to_the_citizen(case: Case, client: Client) -> None:
    _status, text = post(client, "note", case, text="Ring vaktmästaren")
    assert "Ring vaktmästaren" in text
    assert Note.objects.get().text == "Ring vaktmästaren"
    assert not Intent.objects.exists()


def test_a_failed_answer_is_tried_again_or_laid_aside(case: Case, client: Client, officer: Person) -> None:
    answer = answers.answer(case, "Klockan tolv.", author=Author.of(officer), publisher=officer, now=NOW)
    refused(answer, Permanent("rejected"))
    shown = page(client, case)
    assert "Svaret gick inte att publicera" in shown
    assert "Svaret kom inte fram" in shown, "as the list beside it says"
    assert "Nätet tog inte emot svaret" in shown
    assert post(client, "try_again", case, answer.pk)[0] == 302
    answer.refresh_from_db()
    assert answer.state == "sending"
    refused(Answer.objects.get(), Permanent("rejected"))
    post(client, "give_up", case, answer.pk)
    answer.refresh_from_db()
    assert (answer.state, answer.intent.state) == ("dropped", "withdrawn")
    assert post(client, "answer", case, text="Nytt svar", seen=actions.mark(case))[0] == 302


def test_a_failed_answer_is_not_sent_after_the_case_has_ended(case: Case, client: Client, officer: Person) -> None:
    answer = answers.answer(case, "Klockan tolv.", author=Author.of(officer), publisher=officer, now=NOW)
    refused(answer, Permanent("rejected"))
    post(client, "no_answer", case, reason="redan", seen=actions.mark(case))
    _status, text = post(client, "try_again", case, answer.pk)
    answer.refresh_from_db()
    assert answer.state == "failed"
    assert "Ärendet är redan avslutat" in text


@pytest.mark.parametrize(("said", "states"), [("ja", ("published", "closed")), ("nej", ("failed", "open"))])
def test_an_uncertain_answer_is_settled_by_a_person(
    said: str, states: tuple[str, str], case: Case, client: Client, officer: Person
) -> None:
    answer = answers.answer(case, "Klockan tolv.", author=Author.of(officer), publisher=officer, now=NOW)
    refused(answer, Unknown("unknown_outcome"))
    Intent.objects.update(needs_person=True)
    outcomes.not_sent(Intent.objects.get(), now=NOW)
    shown = page(client, case)
    assert "Finns svaret på nätet?" in shown
    assert "Oklart om svaret kom fram" in shown, "the list beside it does not say that it failed"
    assert "Svaret kom inte fram" not in shown
    assert "Skicka svar</span>" not in shown
    assert post(client, "settle", case, answer.pk, finns="kanske")[1].count("Svara ja eller nej.") == 1
    post(client, "settle", case, answer.pk, finns=said)
    intent = Intent.objects.get()
    outcomes.sent(intent, now=NOW) if said == "ja" else outcomes.not_sent(intent, now=NOW)
    answer.refresh_from_db()
    case.refresh_from_db()
    assert (answer.state, case.state) == states


def test_a_paused_channel_takes_no_answer_but_the_case_can_be_ended(
    case: Case, client: Client, channel: Channel
) -> None:
    channel.state = "paused"
    channel.save()
    assert "Kanalen är pausad" in page(client, case)
    assert post(client, "answer", case, text="Ja", seen="")[0] == 409
    assert post(client, "no_answer", case, reason="tack", seen="")[0] == 302


def test_an_address_of_a_deed_that_is_only_opened_shows_the_case(case: Case, client: Client) -> None:
    answer = client.get(reverse("inbox:answer", args=[case.pk]))
    assert answer["Location"] == reverse("inbox:case", args=[case.pk])


def test_another_cases_parts_are_out_of_reach(case: Case, client: Client, officer: Person) -> None:
    other = factories.case(factories.channel())
    theirs = answers.answer(other, "Ja", author=Author.of(officer), publisher=factories.officer(other.channel), now=NOW)
    refused(theirs, Permanent("rejected"))
    assert client.post(reverse("inbox:try_again", args=[case.pk, theirs.pk])).status_code == 404
