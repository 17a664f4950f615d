"""The inbox from the first look to the published answer: by mouse, by keyboard alone, wide and narrow, two at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

import factories
from inbox.support import published
from journeys.browser import Tab
from uppsikt.channels.models import Channel
from uppsikt.inbox import actions, desks, forwards
from uppsikt.inbox.models import Answer, Case, Forward
from uppsikt.notices.models import Letter
from uppsikt.organisation import actions as organisation
from uppsikt.organisation.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenTab = Callable[..., Tab]
NOW = factories.THURSDAY
SIZES = ["wide", "narrow"]


@pytest.fixture(autouse=True)
def thursday() -> Iterator[time_machine.Traveller]:
    """It is Thursday at ten, also for the server; the clock goes on from there."""
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def channel() -> Channel:
    return factories.channel(name="Älvsta bibliotek")


@pytest.fixture
def eva(channel: Channel) -> Person:
    """Somebody who stays at a case when an answer has been sent (test_day goes on to the next)."""
    made = factories.officer(channel, name="Eva Ek")
    desks.open_next(made, yes=False)
    return made


@pytest.fixture
def cases(channel: Channel) -> list[Case]:
    """Three cases, due in this order."""
    texts = ("När öppnar ni på söndag?", "Har ni böcker på arabiska?", "Tack för sagostunden!")
    return [
        factories.case(
            channel, text=text, author=f"Maria {number}", at=NOW - timedelta(hours=1) + timedelta(minutes=number)
        )
        for number, text in enumerate(texts)
    ]


def at_case(page: Page, case: Case) -> None:
    """The page of that case is shown, and its keys are heard."""
    expect(page).to_have_url(page.url.split("/inkorg/")[0] + f"/inkorg/{case.pk}/")
    page.wait_for_load_state("load")


def told(page: Page, words: str) -> None:
    """The page says so after something was done, and its keys are heard."""
    expect(page.locator(".u-messages").get_by_text(words)).to_be_visible()
    page.wait_for_load_state("load")


def back_again(page: Page) -> None:
    """Somebody comes back to the tab: what is live asks at once, and not when its time comes."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize("size", SIZES)
def test_d35_d36_d37_the_whole_way_by_mouse(
    size: str, open_tab: OpenTab, channel: Channel, eva: Person, cases: list[Case]
) -> None:
    siv = factories.person(name="Siv Lund", title="bibliotekarie")
    organisation.add_contact(
        department=channel.unit.department, person=siv, matter="", rank=1, by=factories.TESTER, now=NOW
    )
    tab = open_tab(person=eva, size=size)
    page = tab.open("/inkorg/")
    expect(page.locator("[data-item]")).to_have_count(3)
    page.locator("[data-item]").first.click()
    at_case(page, cases[0])
    expect(page.locator(".u-inbox-list")).to_be_visible(visible=size == "wide")
    page.get_by_role("button", name="Ta ärendet").click()
    told(page, "Ärendet är ditt.")

    # The question goes to the one who knows, and a holding answer to the citizen.
    page.get_by_text("Skicka frågan vidare till någon som vet mer").click()
    page.get_by_label("Siv Lund").check()
    page.get_by_label("Din fråga till den sakkunniga").fill("Gäller det även i jul?")
    page.get_by_role("button", name="Skicka frågan").click()
    expect(page.get_by_text("Frågan är hos Siv Lund")).to_be_visible()
    page.get_by_text("Skicka mellansvar: vi återkommer").click()
    expect(page.get_by_label("Mellansvar", exact=True)).to_have_value(
        re.compile("Siv Lund, bibliotekarie, som återkommer")
    )
    page.get_by_role("button", name="Skicka mellansvar").click()
    told(page, "Mellansvaret skickas nu till nätet.")
    published(Answer.objects.get())
    back_again(page)
    expect(page.get_by_text("Något har hänt i ärendet sedan du öppnade det")).to_be_visible()
    page.get_by_role("link", name="Visa det nya").click()
    expect(page.locator(".u-inbox-panel").get_by_text("Utlovat svar").first).to_be_visible()

    # The expert answers without logging in.
    letter = Letter.objects.get(to=siv.email)
    link = "/svara/" + letter.text.split("/svara/")[1].split()[0]
    expert = open_tab(size=size)
    shown = expert.open(link)
    expect(shown.get_by_text("Gäller det även i jul?")).to_be_visible()
    shown.get_by_label("Ditt svar").fill("Klockan tolv, även i jul.")
    shown.get_by_role("button", name="Skicka svaret").click()
    expect(shown.get_by_role("heading", name="Tack för hjälpen")).to_be_visible()
    assert expert.axe() == []

    # It is published in the expert's name.
    page.reload()
    page.get_by_role("link", name="Använd svaret").click()
    expect(page.get_by_label("Den sakkunnigas svar")).to_have_value("Klockan tolv, även i jul.")
    expect(page.get_by_label("Den sakkunnigas svar")).to_be_focused()
    expect(page.locator("#svara")).to_contain_text("Undertecknas: Siv Lund, bibliotekarie, Kultur och fritid")
    tab.shot(f"journey-use-{size}", full=True)
    page.get_by_role("button", name="Skicka svar").click()
    told(page, "Svaret skickas nu till nätet.")
    answer = published(Answer.objects.get(sort="full"))
    assert answer.out == "Klockan tolv, även i jul.\n\nSiv Lund, bibliotekarie, Kultur och fritid"
    assert (answer.author, answer.publisher) == (siv, eva)
    page.reload()
    expect(page.locator(".u-inbox-panel").get_by_text("Besvarat").first).to_be_visible()
    page.get_by_text("Händelser i ärendet").click()
    tab.shot(f"journey-end-{size}", full=True)
    assert tab.axe() == []


@pytest.mark.parametrize("size", SIZES)
def test_d35_d38_the_whole_way_by_keyboard_alone(size: str, open_tab: OpenTab, eva: Person, cases: list[Case]) -> None:
    tab = open_tab(person=eva, size=size)
    page = tab.open("/inkorg/")
    keys = page.keyboard
    expect(page.locator("[data-item]")).to_have_count(3)
    keys.press("j")
    keys.press("j")
    keys.press("k")
    keys.press("Enter")
    at_case(page, cases[0])

    keys.press("t")
    told(page, "Ärendet är ditt.")
    keys.press("r")
    expect(page.locator("#answer_text")).to_be_focused()
    keys.type("Vi öppnar klockan tolv. Jag kan svara på mer: e, t, j, k!")
    expect(page.get_by_text("Du svarar.")).to_be_visible()
    keys.press("Control+Enter")
    told(page, "Svaret skickas nu till nätet.")
    answer = Answer.objects.get()
    assert answer.text == "Vi öppnar klockan tolv. Jag kan svara på mer: e, t, j, k!"
    published(answer)

    # The next: a holding answer, with its text as it stands.
    page.goto(page.url.split("/inkorg/")[0] + "/inkorg/")
    keys.press("j")
    keys.press("Enter")
    at_case(page, cases[1])
    keys.press("h")
    expect(page.locator("#hold_text")).to_be_focused()
    keys.press("Control+Enter")
    told(page, "Mellansvaret skickas nu till nätet.")
    published(Answer.objects.get(sort="holding"))

    # The last wants no answer.
    page.goto(page.url.split("/inkorg/")[0] + f"/inkorg/{cases[2].pk}/")
    keys.press("e")
    expect(page.locator("#no_answer_reason_0")).to_be_focused()
    keys.press("Space")
    keys.press("Tab")
    keys.type("Hälsar till Siv")
    keys.press("Tab")
    keys.press("Enter")
    told(page, "Ärendet är avslutat utan svar.")
    cases[2].refresh_from_db()
    assert cases[2].outcome_reason == "Tack eller beröm: Hälsar till Siv"

    keys.press("?")
    expect(page.locator("#u-keys")).to_be_visible()
    expect(page.locator("#u-keys")).to_contain_text("Använd den sakkunnigas svar")
    assert tab.axe() == []


def test_d37_an_expert_is_asked_by_keyboard_alone(open_tab: OpenTab, eva: Person, cases: list[Case]) -> None:
    page = open_tab(person=eva).open(f"/inkorg/{cases[0].pk}/")
    factories.person(name="Siv Lund", title="bibliotekarie")
    keys = page.keyboard
    keys.press("v")
    expect(page.locator("#forward_sok")).to_be_focused()
    keys.type("lund")
    keys.press("Enter")
    expect(page.get_by_label("Siv Lund")).to_be_visible()
    assert not Forward.objects.exists()
    page.get_by_label("Siv Lund").focus()
    keys.press("Space")
    page.locator("#forward_question").focus()
    keys.type("Vet du?")
    keys.press("Control+Enter")
    expect(page.get_by_text("Frågan är hos Siv Lund")).to_be_visible()
    page.wait_for_load_state("load")
    row, case = Forward.objects.get(), cases[0]
    forwards.answer(row, text="Klockan tolv.", name="Siv Lund", title="bibliotekarie", unit="Biblioteket", now=NOW)
    page.goto(page.url.split("/inkorg/")[0] + f"/inkorg/{case.pk}/")
    keys.press("u")
    expect(page.locator("#answer_text")).to_be_focused()
    keys.press("Control+Enter")
    told(page, "Svaret skickas nu till nätet.")
    assert Answer.objects.get().author_name == "Siv Lund"


def test_two_officers_write_at_once_and_one_sends(
    open_tab: OpenTab, channel: Channel, eva: Person, cases: list[Case]
) -> None:
    olle = factories.officer(channel, name="Olle Berg")
    address = f"/inkorg/{cases[0].pk}/"
    one, other = open_tab(person=eva), open_tab(person=olle)
    mine, theirs = one.open(address), other.open(address)
    mine.locator("#answer_text").press_sequentially("Mitt svar")
    expect(mine.get_by_text("Du svarar.")).to_be_visible()
    theirs.locator("#answer_text").press_sequentially("Deras svar")
    expect(theirs.get_by_text("Eva Ek svarar just nu")).to_be_visible()
    expect(theirs.get_by_role("button", name="Skicka svar")).to_be_disabled()
    assert other.axe() == []
    mine.get_by_role("button", name="Skicka svar").click()
    expect(mine.get_by_text("Svaret skickas nu till nätet.")).to_be_visible()
    back_again(theirs)
    expect(theirs.get_by_text("Något har hänt i ärendet sedan du öppnade det")).to_be_visible()
    expect(theirs.locator("#answer_text")).to_have_value("Deras svar")
    assert Answer.objects.count() == 1


def test_half_written_text_outlives_news_refusal_and_reload(
    open_tab: OpenTab, channel: Channel, eva: Person, cases: list[Case]
) -> None:
    case = cases[0]
    page = open_tab(person=eva).open(f"/inkorg/{case.pk}/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#answer_text").press_sequentially("Vi öppnar klockan tolv.")
    more = factories.item(channel, thread=case.thread.native_id, text="Och på lördag?", at=NOW + timedelta(minutes=1))
    actions.receive(more, now=NOW)
    back_again(page)
    expect(page.get_by_text("Något har hänt i ärendet sedan du öppnade det")).to_be_visible()
    expect(page.locator("#answer_text")).to_have_value("Vi öppnar klockan tolv.")
    page.get_by_role("button", name="Skicka svar").click()
    expect(page.get_by_text("Det har hänt något i konversationen sedan du öppnade den.")).to_be_visible()
    expect(page.locator(".u-talk").get_by_text("Och på lördag?")).to_be_visible()
    expect(page.locator("#answer_text")).to_have_value("Vi öppnar klockan tolv.")
    page.goto(page.url.split("/inkorg/")[0] + f"/inkorg/{case.pk}/")
    expect(page.locator("#answer_text")).to_have_value("Vi öppnar klockan tolv.")
    page.get_by_role("button", name="Skicka svar").click()
    told(page, "Svaret skickas nu till nätet.")
    assert Answer.objects.get().to == more


def test_the_list_shows_what_comes_in_by_itself(
    open_tab: OpenTab, channel: Channel, eva: Person, cases: list[Case]
) -> None:
    page = open_tab(person=eva).open("/inkorg/")
    expect(page.locator("[data-item]")).to_have_count(3)
    factories.case(channel, text="Har ni öppet i kväll?")
    expect(page.locator("[data-item]")).to_have_count(4, timeout=40_000)


def test_without_scripts_a_case_is_answered_all_the_same(open_tab: OpenTab, eva: Person, cases: list[Case]) -> None:
    page = open_tab(person=eva, size="narrow", scripts=False).open("/inkorg/")
    page.locator("[data-item]").first.click()
    page.locator("#answer_text").fill("Vi öppnar klockan tolv.")
    page.get_by_role("button", name="Skicka svar").click()
    told(page, "Svaret skickas nu till nätet.")
    assert Answer.objects.get().text == "Vi öppnar klockan tolv."


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_d66_all_that_can_be_unfolded_is_accessible(
    scheme: str, size: str, open_tab: OpenTab, eva: Person, cases: list[Case]
) -> None:
    tab = open_tab(person=eva, size=size, scheme=scheme)
    page = tab.open(f"/inkorg/{cases[0].pk}/")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    tab.shot(f"journey-unfolded-{size}-{scheme}", full=True)
    assert tab.axe() == []
    assert tab.overflow() == []
