"""The desk: filters that stay, deeds on many, templates, drafts, taking back, like questions, the palette."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import factories
from inbox.support import NOW, logged_in, page, published, thursday
from uppsikt.channels import sending
from uppsikt.channels.models import Channel, Mandate
from uppsikt.inbox import (
    actions,
    answers,
    bulk,
    drafts,
    forwards,
    joining,
    keys,
    likes,
    outcomes,
    queries,
    reply_templates,
    rules,
    tongues,
)
from uppsikt.inbox.answers import Author
from uppsikt.inbox.desk_models import Draft, ReplyTemplate
from uppsikt.inbox.models import Answer, Case
from uppsikt.inbox.rules import Sort
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Intent
from uppsikt.kernel.trail import steps_of
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records import reading, secrecy
from uppsikt.ui import keys as ui_keys

__all__ = ["thursday"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("thursday")]
LIST = "/inkorg/"


@pytest.fixture
def channel() -> Channel:
    return factories.channel(name="Älvsta bibliotek")


@pytest.fixture
def eva(channel: Channel) -> Person:
    return factories.officer(channel, name="Eva Ek")


@pytest.fixture
def client(eva: Person) -> Client:
    return logged_in(eva)


def listed(client: Client, query: str = "") -> list[int]:
    """The keys of the cases on a page, in order."""
    rows: list[Case] = client.get(LIST + query).context["page"].rows
    return [row.pk for row in rows]


def template(by: Person, text: str = "Hej {namn}!", **more: object) -> ReplyTemplate:
    """A template of everybody's, kept by the communications unit."""
    fields = {"name": "Hej", "words": "", "sort": Sort.FULL, "owner": None, "unit": None, "texts": {"sv": text}, **more}
    return reply_templates.save(None, by=by, now=NOW, **fields)  # type: ignore[arg-type]  # as the test names them


@pytest.fixture
def karin() -> Person:
    return factories.person(Role.COMMUNICATIONS, name="Karin Sjö")


# Filters -------------------------------------------------------------------------------------------------------------


def test_filters_stay_from_visit_to_visit_and_are_told(channel: Channel, eva: Person, client: Client) -> None:
    other = factories.channel(name="Simhallen")
    factories.mandate(eva, other)
    here, there = factories.case(channel), factories.case(other)
    assert client.post(reverse("inbox:filters"), {"kanal": other.pk}).status_code == 302
    assert listed(client) == [there.pk]
    shown = logged_in(eva).get(LIST).content.decode()
    assert "Du ser bara:" in shown
    assert "kanalen Simhallen" in shown
    # An address that names a filter goes before what stays.
    assert listed(client, f"?kanal={channel.pk}") == [here.pk]
    client.post(reverse("inbox:filters"), {"rensa": "1"})
    assert listed(client) == [here.pk, there.pk]
    assert "Du ser bara:" not in client.get(LIST).content.decode()


def test_words_kind_and_lateness_filter(channel: Channel, client: Client) -> None:
    snow = factories.case(channel, text="När plogas gatorna?", at=NOW - timedelta(days=3))
    book = factories.case(channel, text="Har ni boken om orkidéer?")
    assert listed(client, "?ord=orkidé") == [book.pk]
    assert listed(client, "?sena=ja") == [snow.pk]
    assert listed(client, "?slag=message") == []
    assert listed(client, "?slag=comment") == [snow.pk, book.pk]


def test_a_choice_of_filters_is_kept_by_name(client: Client) -> None:
    client.post(reverse("inbox:filters"), {"ord": "snö", "flik": "mina", "namn": "Snön"})
    shown = client.get(LIST).content.decode()
    assert "?flik=mina&amp;ord=sn%C3%B6" in shown
    assert "Snön" in client.get(reverse("web:palette"), {"q": "snö"}).content.decode()
    client.post(reverse("inbox:filters"), {"glom": "Snön"})
    assert "Snön" not in client.get(reverse("web:palette"), {"q": "snö"}).content.decode()


def test_numbers_beside_the_tabs_stop_where_nobody_counts_on(channel: Channel, client: Client) -> None:
    factories.case(channel)
    assert "99+" not in client.get(LIST).content.decode()
    first = Case.objects.get()
    rows = factories.items(channel, [factories.captured() for _ in range(100)])
    Case.objects.bulk_create(
        Case(
            thread_id=row.thread_id,
            channel=channel,
            last_item=row,
            waiting_item=row,
            received_at=NOW,
            due_at=first.due_at,
        )
        for row in rows
    )
    assert client.get(LIST).context["tabs"][0].count == "99+"


# Deeds on many -------------------------------------------------------------------------------------------------------


def test_a_deed_on_many_is_told_case_by_case_and_undone(channel: Channel, eva: Person, client: Client) -> None:
    """One of them is out of reach by now: the others are done with, and it is told why not that one."""
    olle = factories.officer(channel, name="Olle Berg")
    cases = [factories.case(channel, author=f"Maria {number}") for number in range(3)]
    actions.assign(cases[1], olle, by=eva, now=NOW)
    closed = factories.case(channel, author="Sen")
    actions.no_answer(closed, "Tack", by=eva, now=NOW)
    keys = [row.pk for row in (*cases, closed)]
    shown = client.post(reverse("inbox:many"), {"arende": keys, "gora": "ta"}, follow=True).content.decode()
    assert "3 ärenden är dina." in shown
    assert f"Ärende {closed.pk} från Sen:" in shown
    assert set(Case.objects.filter(assignee=eva).values_list("pk", flat=True)) == {row.pk for row in cases}
    assert all(steps_of(row).filter(name="take").count() == 1 for row in cases)
    shown = client.post(reverse("inbox:many_undo"), follow=True).content.decode()
    assert "3 ärenden är som förut." in shown
    assert [Case.objects.get(pk=row.pk).assignee for row in cases] == [None, olle, None]


def test_undoing_takes_nothing_from_somebody_else(channel: Channel, eva: Person, client: Client) -> None:
    olle = factories.officer(channel, name="Olle Berg")
    case = factories.case(channel)
    client.post(reverse("inbox:many"), {"arende": [case.pk], "gora": "ta"})
    actions.take(case, olle, now=NOW)
    shown = client.post(reverse("inbox:many_undo"), follow=True).content.decode()
    assert "Någon annan har tagit eller lämnat ärendet sedan dess." in shown
    case.refresh_from_db()
    assert case.assignee == olle


def test_d21_many_are_done_with_only_where_there_is_a_mandate(channel: Channel, eva: Person, client: Client) -> None:
    mine, foreign = factories.case(channel), factories.case(factories.channel())
    client.post(reverse("inbox:many"), {"arende": [mine.pk, foreign.pk], "gora": "ta"})
    foreign.refresh_from_db()
    assert foreign.assignee is None
    Mandate.objects.update(until=NOW - timedelta(seconds=1))
    outcome = bulk.carry_out("ta", [mine.pk], bulk.Asked(by=eva, now=NOW), queries.reach(eva, at=NOW))
    assert (outcome.done, outcome.unknown) == ({}, 1)


def test_many_end_without_an_answer_with_a_reason_each(channel: Channel, client: Client) -> None:
    cases = [factories.case(channel) for _ in range(2)]
    keys = [row.pk for row in cases]
    shown = client.post(reverse("inbox:many"), {"arende": keys, "gora": "inget-svar"}, follow=True).content.decode()
    assert "Välj ett skäl." in shown
    form = {"arende": keys, "gora": "inget-svar", "reason": "tack"}
    assert "2 ärenden är avslutade utan svar." in client.post(reverse("inbox:many"), form, follow=True).content.decode()
    assert set(Case.objects.values_list("outcome_reason", flat=True)) == {"Tack eller beröm"}
    assert "Ångra det du gjorde" not in client.get(LIST).content.decode()


def test_many_are_laid_aside_and_taken_up_again(channel: Channel, eva: Person, client: Client) -> None:
    olle = factories.officer(channel, name="Olle Berg")
    cases = [factories.case(channel) for _ in range(3)]
    for row, had in zip(cases[1:], (eva, olle), strict=True):
        actions.assign(row, had, by=eva, now=NOW)
    form = {"arende": [row.pk for row in cases], "gora": "at-sidan", "until": "2026-11-13T09:00", "waits": "Beslutet"}
    shown = client.post(reverse("inbox:many"), {**form, "waits": ""}, follow=True).content.decode()
    assert "Skriv vad ärendena väntar på." in shown
    assert "3 ärenden är lagda åt sidan." in client.post(reverse("inbox:many"), form, follow=True).content.decode()
    assert listed(client) == []
    assert "3 ärenden är som förut." in client.post(reverse("inbox:many_undo"), follow=True).content.decode()
    assert listed(client) == [row.pk for row in cases]
    assert [Case.objects.get(pk=row.pk).assignee for row in cases] == [None, eva, olle]


# Templates -----------------------------------------------------------------------------------------------------------


def test_d22_a_templates_fields_are_filled_from_the_case(channel: Channel, eva: Person, karin: Person) -> None:
    case = factories.case(channel, author="Maria {kanal}")
    text = "Hej {namn}! {kanal} har öppet {öppettider}. /{handläggare}, {telefon}"
    template(karin, text)
    (choice,) = reply_templates.choices(case, eva, now=NOW)
    assert choice.text == ("Hej Maria (kanal)! Älvsta bibliotek har öppet måndag–fredag 8.00–16.30. /Eva Ek, {telefon}")
    assert choice.missing == ("telefon",)


def test_nothing_with_an_open_field_is_sent(channel: Channel, eva: Person, client: Client) -> None:
    case = factories.case(channel)
    address = reverse("inbox:answer", args=[case.pk])
    shown = client.post(address, {"text": "Ring {telefon}!"})
    assert shown.status_code == 409
    assert "Fyll i {telefon} i texten innan du skickar." in shown.content.decode()
    with pytest.raises(Refused, match="telefon"):
        answers.hold(case, "Vi hörs {telefon}", publisher=eva, now=NOW)
    assert not Answer.objects.exists()
    # What only looks like a field is text.
    answers.answer(case, "Skriv {så} här", author=Author.of(eva), publisher=eva, now=NOW)


def test_an_answers_trail_names_the_template_and_its_version(channel: Channel, client: Client, karin: Person) -> None:
    row = template(karin)
    again = reply_templates.save(
        row,
        name="Hej",
        texts={"sv": "Hejsan {namn}!"},
        sort=Sort.FULL,
        words="",
        owner=None,
        unit=None,
        by=karin,
        now=NOW,
    )
    case = factories.case(channel)
    client.post(reverse("inbox:answer", args=[case.pk]), {"text": "Hejsan!", "template": f"{again.pk}.2.sv"})
    answer = Answer.objects.get()
    assert (answer.template, answer.template_number) == (row, 2)
    step = steps_of(answer).get(name="write")
    assert (step.facts["template"], step.facts["template_number"]) == (row.pk, 2)
    assert [old.texts for old in reply_templates.versions(row)] == [{"sv": "Hejsan {namn}!"}, {"sv": "Hej {namn}!"}]


def test_the_template_that_suits_the_question_stands_first(channel: Channel, eva: Person, karin: Person) -> None:
    template(karin, name="Lån", words="låna lån")
    template(karin, name="Öppettider", words="öppettider öppet", texts={"sv": "Vi har öppet.", "en": "We are open."})
    asked = factories.case(channel, text="Vad är öppettiderna på söndag?")
    first = reply_templates.choices(asked, eva, now=NOW)[0]
    assert (first.template.name, first.code) == ("Öppettider", "sv")
    asked = factories.case(channel, text="When are you open? What is the address of the library?")
    assert reply_templates.choices(asked, eva, now=NOW)[0].code == "en"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("När öppnar ni på söndag?", "sv"),
        ("When do you open on the Sunday?", "en"),
        ("Milloin kirjasto on auki ja missä se on?", "fi"),
        ("متى تفتح المكتبة؟", "ar"),
        ("Коли відкриється бібліотека її?", "uk"),
        ("Snö!", "sv"),
        ("", "sv"),
    ],
)
def test_the_language_of_a_question_is_guessed(text: str, code: str) -> None:
    assert tongues.language_of(text) == code


def test_d3_who_keeps_which_templates(channel: Channel, eva: Person, karin: Person) -> None:
    """One's own oneself, a unit's its manager, everybody's the communications unit; others use them."""
    unit = channel.unit
    own = template(eva, owner=eva)
    with pytest.raises(Refused):
        template(eva)
    with pytest.raises(Refused):
        template(eva, unit=unit)
    units, all_ = template(karin, unit=unit), template(karin)
    assert set(reply_templates.usable(eva)) == {own, units, all_}
    assert set(reply_templates.usable(karin)) == {units, all_}
    stranger = factories.person(Role.OFFICER, unit=factories.municipality("Teknik").unit)
    assert set(reply_templates.usable(stranger)) == {all_}
    client = logged_in(stranger)
    assert client.get(reverse("inbox:template", args=[own.pk])).status_code == 404
    assert client.get(reverse("inbox:template", args=[all_.pk])).status_code == 200
    client.post(reverse("inbox:retire_template", args=[all_.pk]))
    all_.refresh_from_db()
    assert all_.retired_at is None


def test_a_template_is_written_changed_and_taken_away_on_its_pages(client: Client, eva: Person) -> None:
    form = {"name": "Öppet", "whose": "min", "sort": "full", "words": "", "text_sv": "Hej {okänt}"}
    assert (
        "Det finns inget fält som heter {okänt}." in client.post(reverse("inbox:new_template"), form).content.decode()
    )
    assert client.post(reverse("inbox:new_template"), {**form, "text_sv": "Hej {namn}"}).status_code == 302
    row = ReplyTemplate.objects.get()
    assert (row.owner, row.texts) == (eva, {"sv": "Hej {namn}"})
    assert "Öppet" in client.get(reverse("inbox:templates")).content.decode()
    client.post(reverse("inbox:template", args=[row.pk]), {**form, "text_sv": "Hej!", "text_en": "Hello!"})
    row.refresh_from_db()
    assert (row.number, row.texts) == (2, {"sv": "Hej!", "en": "Hello!"})
    client.post(reverse("inbox:retire_template", args=[row.pk]))
    assert not reply_templates.usable(eva).exists()


def test_without_scripts_a_template_comes_by_the_address(channel: Channel, client: Client, karin: Person) -> None:
    row = template(karin)
    case = factories.case(channel, author="Maria")
    assert '<dialog id="mallar"' in page(client, case, "?mallar=1")
    assert ">\nHej Maria!</textarea>" in page(client, case, f"?mall={row.pk}.1.sv")


# Drafts --------------------------------------------------------------------------------------------------------------


def keep(client: Client, case: Case, text: str, version: int = 0) -> tuple[int, dict[str, object]]:
    """Save a draft as the page does."""
    address = reverse("inbox:draft", args=[case.pk])
    answer = client.post(address, {"place": "answer", "text": text, "version": version})
    return answer.status_code, answer.json()


def test_a_draft_is_there_on_any_device_until_it_is_sent(channel: Channel, eva: Person, client: Client) -> None:
    case = factories.case(channel)
    status, kept = keep(client, case, "Vi öppnar")
    assert (status, kept["version"]) == (200, 1)
    other = logged_in(eva)
    assert ">\nVi öppnar</textarea>" in page(other, case)
    assert keep(other, case, "Vi öppnar tolv", 1)[1]["version"] == 2
    # The first device has not heard of it: nothing is overwritten, and it is told what stands there.
    status, there = keep(client, case, "Vi öppnar tio", 1)
    assert (status, there["text"], there["version"]) == (409, "Vi öppnar tolv", 2)
    client.post(reverse("inbox:answer", args=[case.pk]), {"text": "Vi öppnar tolv."})
    assert not Draft.objects.exists()


def test_an_emptied_draft_is_gone_and_a_sent_one_does_not_come_back(channel: Channel, client: Client) -> None:
    case = factories.case(channel)
    keep(client, case, "Vi öppnar")
    assert keep(client, case, "  ", 1)[1]["version"] == 0
    assert not Draft.objects.exists()
    assert keep(client, case, "Sent från en gammal sida", 1)[0] == 409


def test_colleagues_see_that_somebody_writes_and_not_what(channel: Channel, eva: Person, client: Client) -> None:
    olle = factories.officer(channel, name="Olle Berg")
    case = factories.case(channel)
    keep(client, case, "Hemligt utkast")
    shown = page(logged_in(olle), case)
    assert "Eva Ek skriver på ett utkast." in shown
    assert "Hemligt utkast" not in shown
    client.post(reverse("inbox:assign", args=[case.pk]), {"to": olle.pk, "with_draft": "on"})
    shown = page(logged_in(olle), case)
    assert "Eva Ek har börjat på ett svar" in shown
    assert "Hemligt utkast" in shown
    draft = Draft.objects.get()
    assert ">\nHemligt utkast</textarea>" in page(logged_in(olle), case, f"?utkast={draft.pk}")


def test_d21_a_draft_needs_a_mandate(channel: Channel) -> None:
    case = factories.case(channel)
    stranger = factories.officer(factories.channel())
    assert (
        logged_in(stranger).post(reverse("inbox:draft", args=[case.pk]), {"place": "answer", "text": "Hej"}).status_code
        == 404
    )
    manager = logged_in(factories.person(Role.MANAGER, Role.OFFICER))
    assert keep(manager, case, "Hej")[0] == 400
    assert not Draft.objects.exists()


def test_drafts_that_nobody_goes_on_with_are_let_go(channel: Channel, eva: Person) -> None:
    case = factories.case(channel)
    drafts.save(case_id=case.pk, person=eva, place="answer", text="Hej", version=0, now=NOW)
    assert drafts.sweep(now=NOW + timedelta(days=89)) == 0
    assert drafts.sweep(now=NOW + timedelta(days=91)) == 1


# What can be taken back ----------------------------------------------------------------------------------------------


def test_d36_an_answer_is_taken_back_while_it_is_in_the_house(channel: Channel, eva: Person, client: Client) -> None:
    case = factories.case(channel)
    client.post(reverse("inbox:answer", args=[case.pk]), {"text": "Fel svar."})
    answer = Answer.objects.get()
    assert answer.intent.not_before == answer.written_at + answers.undo_window()
    assert "skickas om några sekunder" in client.get(LIST).content.decode()
    sending.publish(answer.intent_id, now=NOW)
    assert Intent.objects.get().state == "written", "it does not leave the house before its time"
    client.post(reverse("inbox:regret", args=[case.pk, answer.pk]))
    answer.refresh_from_db()
    case.refresh_from_db()
    assert (answer.state, Intent.objects.get().state, case.state) == ("dropped", "withdrawn", "open")
    assert ">\nFel svar.</textarea>" in page(client, case)
    sending.publish(answer.intent_id, now=NOW + timedelta(minutes=1))
    assert Intent.objects.get().state == "withdrawn"
    # Another can be sent.
    client.post(reverse("inbox:answer", args=[case.pk]), {"text": "Rätt svar."})
    assert Answer.objects.filter(state="sending").count() == 1


def test_d36_what_has_left_the_house_cannot_be_taken_back(channel: Channel, eva: Person, client: Client) -> None:
    case = factories.case(channel)
    client.post(reverse("inbox:answer", args=[case.pk]), {"text": "Svar."})
    answer = published(Answer.objects.get())
    shown = client.post(reverse("inbox:regret", args=[case.pk, answer.pk]), follow=True).content.decode()
    assert "Det hann skickas." in shown
    other = factories.case(channel)
    client.post(reverse("inbox:answer", args=[other.pk]), {"text": "Svar."})
    olle = logged_in(factories.officer(channel, name="Olle"))
    mine = Answer.objects.get(state="sending")
    shown = olle.post(reverse("inbox:regret", args=[other.pk, mine.pk]), follow=True).content.decode()
    assert "Bara den som skickade svaret kan ångra det." in shown


def test_d36_what_was_sent_together_is_taken_back_together_with_all_cases_locked_at_once(
    channel: Channel, eva: Person
) -> None:
    """In one order for all, so that two who do so at the same time never wait for each other."""
    other, lead = factories.case(channel), factories.case(channel)
    joining.merge(other, lead, by=eva, now=NOW)
    wait = timedelta(seconds=10)
    lead = Case.objects.get(pk=lead.pk)
    answers.answer(lead, "Fel.", author=Author.of(eva), publisher=eva, now=NOW, wait=wait)
    with CaptureQueriesContext(connection) as asked:
        outcomes.regret(Answer.objects.get(case=lead), by=eva, now=NOW)
    locks = [query["sql"] for query in asked if "FOR UPDATE" in query["sql"]]
    first = re.search(r"IN \((.+?)\) ORDER BY", locks[0])
    assert first is not None
    assert set(first[1].split(", ")) == {str(other.pk), str(lead.pk)}
    other.refresh_from_db()
    assert (other.state, other.merged_into) == ("merged", lead)
    assert set(Answer.objects.values_list("state", flat=True)) == {"dropped"}


# After sending -------------------------------------------------------------------------------------------------------


def test_the_next_due_case_opens_after_sending_for_those_who_want_that(channel: Channel, client: Client) -> None:
    cases = [factories.case(channel, at=NOW - timedelta(minutes=30 - number)) for number in range(3)]
    first = [reverse("inbox:case", args=[row.pk]) for row in cases]
    form = {"text": "Ja.", "opens_next_shown": "1", "opens_next": "on"}
    assert client.post(reverse("inbox:answer", args=[cases[0].pk]), form)["Location"] == first[1]
    # What is on its way is nobody's next.
    del form["opens_next"]
    assert client.post(reverse("inbox:answer", args=[cases[2].pk]), form)["Location"] == first[2]
    assert client.post(reverse("inbox:no_answer", args=[cases[1].pk]), {"reason": "tack"})["Location"] == first[1]


def test_one_goes_from_case_to_case_in_the_order_of_the_list(channel: Channel, client: Client) -> None:
    cases = [factories.case(channel, at=NOW - timedelta(minutes=30 - number)) for number in range(3)]
    shown = client.get(reverse("inbox:case", args=[cases[1].pk])).context
    assert shown["before_url"] == reverse("inbox:case", args=[cases[0].pk])
    assert shown["after_url"] == reverse("inbox:case", args=[cases[2].pk])
    assert client.get(reverse("inbox:case", args=[cases[2].pk])).context["after_url"] == ""


# Earlier answers -----------------------------------------------------------------------------------------------------


def answered(channel: Channel, eva: Person, question: str, answer: str, author: str = "Nils") -> Case:
    """A question that got a published answer."""
    case = factories.case(channel, text=question, author=author)
    published(answers.answer(case, answer, author=Author.of(eva), publisher=eva, now=NOW))
    return case


def test_d35_earlier_answers_to_like_questions_are_suggested(channel: Channel, eva: Person, client: Client) -> None:
    answered(channel, eva, "Går det att hyra kanoter vid Storsjön?", "Ja, vid bryggan.")
    answered(channel, eva, "Hej, när öppnar biblioteket på söndag?", "Klockan tolv.")
    answered(channel, eva, "Hej! Tack för ett bra svar, ha en bra dag!", "Tack själv!")
    case = factories.case(channel, text="Hej! Var hyr man en kanot? Finns kanoterna kvar vid Storsjön?", author="Nils")
    found = likes.find(case, reading.Reader())
    assert [row.text for row in found] == ["Ja, vid bryggan."]
    shown = client.get(reverse("inbox:likes", args=[case.pk])).content.decode()
    assert "Ja, vid bryggan." in shown
    assert "Kontrollera att svaret fortfarande stämmer" in shown
    assert "Älvsta bibliotek" in shown


def test_names_and_greetings_make_no_questions_alike(channel: Channel, eva: Person) -> None:
    answered(
        channel, eva, "Hej! Jag heter Kerstin Bodström och undrar över bygglov.", "Sök här.", author="Kerstin Bodström"
    )
    case = factories.case(channel, text="Hej, jag undrar, mvh Kerstin Bodström", author="Kerstin Bodström")
    assert likes.find(case, reading.Reader()) == []


def test_the_same_answer_to_many_is_one_suggestion_and_an_unpublished_none(channel: Channel, eva: Person) -> None:
    for _ in range(3):
        answered(channel, eva, "Hur hyr man kanoter vid Storsjön?", "Vid bryggan.")
    waiting = factories.case(channel, text="Hur hyr man kanoter vid Storsjön?")
    answers.answer(waiting, "Inte ute än.", author=Author.of(eva), publisher=eva, now=NOW)
    case = factories.case(channel, text="Hyr ni ut kanoter vid Storsjön?")
    assert [row.text for row in likes.find(case, reading.Reader())] == ["Vid bryggan."]


def test_d20_what_is_secret_is_never_suggested(channel: Channel, eva: Person, karin: Person) -> None:
    asked = answered(channel, eva, "Hyr ni ut kanoter vid Storsjön?", "Vid bryggan.")
    secrecy.mark(asked.last_item, ground="osl-21-1", reason="Prov", by=karin, now=NOW)
    elsewhere = factories.channel()
    case = factories.case(elsewhere, text="Var hyr man kanoter vid Storsjön?")
    stranger = factories.officer(elsewhere)
    assert likes.find(case, reading.reader(stranger, now=NOW)) == []
    assert "Vid bryggan" not in logged_in(stranger).get(reverse("inbox:likes", args=[case.pk])).content.decode()
    assert [row.text for row in likes.find(case, reading.reader(karin, now=NOW))] == ["Vid bryggan."]


def test_d20_an_answer_that_serves_a_secret_case_too_is_not_suggested(
    channel: Channel, eva: Person, karin: Person
) -> None:
    lead = answered(channel, eva, "Hyr ni ut kanoter vid Storsjön?", "Vid bryggan.")
    secret = factories.case(channel, text="Om mitt barn")
    secrecy.mark(secret.last_item, ground="osl-21-1", reason="Prov", by=karin, now=NOW)
    actions.reopen(Case.objects.get(pk=lead.pk), reason="Mer", by=eva, now=NOW)
    joining.merge(secret, Case.objects.get(pk=lead.pk), by=eva, now=NOW)
    elsewhere = factories.channel()
    case = factories.case(elsewhere, text="Var hyr man kanoter vid Storsjön?")
    assert likes.find(case, reading.reader(factories.officer(elsewhere), now=NOW)) == []


# The palette ---------------------------------------------------------------------------------------------------------


def test_the_palette_finds_pages_channels_cases_and_people(channel: Channel, client: Client) -> None:
    case = factories.case(channel, text="Var är kanoterna?", author="Maria")
    factories.person(name="Siv Lund", title="bibliotekarie")
    for asked, found in {
        "inkorg": "/inkorg/",
        "älvsta": f"/kanaler/{channel.pk}/",
        f"#{case.pk}": f"/inkorg/{case.pk}/",
        "kanoter": f"/inkorg/{case.pk}/",
        "siv": "Siv Lund",
        "svarsmall": "/inkorg/mallar/",
        "mina": "?flik=mina",
    }.items():
        assert found in client.get(reverse("web:palette"), {"q": asked}).content.decode(), asked


def test_d20_d21_the_palette_offers_nothing_that_one_may_not_open(channel: Channel) -> None:
    case = factories.case(channel, text="Var är kanoterna?", author="Maria")
    administrator = logged_in(factories.person(Role.ADMINISTRATOR))
    stranger = logged_in(factories.officer(factories.channel()))
    for asked in (str(case.pk), "kanoterna", "Maria", "inkorg", ""):
        shown = administrator.get(reverse("web:palette"), {"q": asked}).content.decode()
        assert 'href="/inkorg/"' not in shown, asked
        assert f"/inkorg/{case.pk}/" not in shown, asked
        shown = stranger.get(reverse("web:palette"), {"q": asked}).content.decode()
        assert f"/inkorg/{case.pk}/" not in shown, asked


# Keys and prices -----------------------------------------------------------------------------------------------------


def test_every_key_on_the_pages_stands_in_the_list_and_the_other_way_round(
    channel: Channel, eva: Person, client: Client, karin: Person
) -> None:
    """What `?` shows is what is heard: a key of the page that is not listed does nothing, so there is none."""
    template(karin)
    cases = [factories.case(channel, at=NOW - timedelta(minutes=30 - number)) for number in range(3)]
    row, _link = forwards.forward(cases[1], question="", by=eva, now=NOW, email="expert@foretag.example", name="Expert")
    forwards.answer(row, text="Ja.", name="Expert", title="rådgivare", unit="Företaget", now=NOW)
    actions.release(Case.objects.get(pk=cases[1].pk), by=eva, now=NOW)
    answered(channel, eva, "Hyr ni ut kanoter vid Storsjön?", "Vid bryggan.")
    like = factories.case(channel, text="Var hyr man kanoter vid Storsjön?")
    client.post(reverse("inbox:answer", args=[cases[0].pk]), {"text": "Ja."})
    shown = client.get(LIST, {"ord": "plogas"}).content.decode() + page(client, cases[1])
    shown += client.get(reverse("inbox:likes", args=[like.pk])).content.decode()
    used = set(re.findall(r'data-key="([^"]+)"', shown)) - {"/"}
    listed_keys = {
        key for place in (keys.LIST, keys.CASE) for each in ui_keys.of(place) if not each.act for key in each.keys
    }
    assert used == listed_keys


def test_like_questions_are_found_by_an_index(channel: Channel, eva: Person) -> None:
    answered(channel, eva, "Hyr ni ut kanoter vid Storsjön?", "Vid bryggan.")
    with connection.cursor() as cursor:
        # On a few rows the planner may read them all, by the table or along its key; what is asked is whether
        # the index over the words can find them, and that one is only ever read as a bitmap.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute("EXPLAIN " + likes.CANDIDATE.format(weights="1"), ["'kanot' | 'storsjön'", 0, 30])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "answer_asked_words" in plan, plan


def test_the_inbox_costs_at_most_fifteen_queries(channel: Channel, eva: Person, karin: Person, client: Client) -> None:
    template(karin)
    for _ in range(30):
        factories.case(channel)
    client.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        client.get(LIST)
    assert len(asked) <= 15, "\n".join(query["sql"][:150] for query in asked)


def test_rules_fill_what_they_know_and_leave_the_rest() -> None:
    assert rules.fill("{namn} {kanal} {så}", {"namn": "Maria"}) == "Maria {kanal} {så}"
    assert rules.unfilled("{kanal} {så} {kanal}") == ["kanal"]
