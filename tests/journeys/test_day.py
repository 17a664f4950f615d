"""A whole day at the desk by keyboard alone: each key is counted, and held to a budget (D35-D38, D71)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from playwright.sync_api import Page, expect

import factories
from inbox.support import published
from journeys.browser import Tab
from journeys.keyboard import Keyboard
from uppsikt.channels.models import Channel
from uppsikt.inbox import reply_templates
from uppsikt.inbox.models import Answer, Case, Forward
from uppsikt.inbox.rules import Sort
from uppsikt.notices import actions as notices
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import actions as policy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenTab = Callable[..., Tab]
NOW = factories.THURSDAY
PASSWORD = "plogbilen kommer klockan sex"
QUESTIONS = (
    ("Maria", "Vilka öppettider har ni på söndag?"),
    ("Ali", "Går det att låna skidor hos er?"),
    ("Britt", "Varför är hissen trasig igen?"),
    ("Carl", "Har ni en bok om orkidéer från Gotland?"),
    ("Dora", "Kan man boka grupprummet på kvällen?"),
    ("Emil", "Tack för sagostunden!"),
    ("Fatima", "Finns det en kurs i släktforskning?"),
    ("Göran", "När kommer nästa bokbuss till Ängsby?"),
)


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
    """Somebody who logs in with a password; to regret an answer there are minutes, so that a slow machine has time."""
    made = factories.officer(channel, name="Eva Ek")
    made.set_password(PASSWORD)
    made.save()
    policy.change_rule(key="answer.undo_seconds", value=120, by=factories.TESTER, now=NOW, reason="Provet är långsamt.")
    return made


@pytest.fixture
def cases(channel: Channel) -> list[Case]:
    """The morning's cases, due in this order."""
    start = NOW - timedelta(hours=1)
    return [
        factories.case(channel, text=text, author=who, at=start + timedelta(minutes=number))
        for number, (who, text) in enumerate(QUESTIONS)
    ]


@pytest.fixture
def template() -> None:
    """A template of the communications unit's, and another that suits less."""
    keeper = factories.person(Role.COMMUNICATIONS, name="Karin Sjö")
    for name, words, text in (
        ("Lån", "låna lån", "Hej {namn}! Lån gör du med lånekortet."),
        ("Öppettider", "öppettider öppet söndag", "Hej {namn}! Vi har öppet {öppettider}. Välkommen!"),
    ):
        reply_templates.save(
            None, name=name, texts={"sv": text}, sort=Sort.FULL, words=words, owner=None, unit=None, by=keeper, now=NOW
        )


def told(page: Page, words: str) -> None:
    """The page says that it is done, and its keys are heard."""
    expect(page.locator(".u-messages").get_by_text(words)).to_be_visible()
    page.wait_for_load_state("load")


def at(page: Page, path: str) -> None:
    """The page at this path is shown, and its keys are heard."""
    expect(page).to_have_url(re.compile(r"^https?://[^/]+" + re.escape(path) + r"(\?.*)?(#.*)?$"))
    page.wait_for_load_state("load")


def go(keys: Keyboard, words: str, path: str) -> None:
    """By the palette, in two keys and some letters."""
    keys.press("Control+k")
    expect(keys.page.locator("#u-palette-q")).to_be_focused()
    keys.write(words)
    keys.press("Enter")
    at(keys.page, path)


@dataclass
class Day:
    """What the parts of the day share."""

    tab: Tab
    keys: Keyboard
    channel: Channel
    eva: Person
    cases: list[Case]

    @property
    def page(self) -> Page:
        """The page that is worked on."""
        return self.tab.page


def morning(day: Day) -> None:
    """Log in, come to the inbox, filter it, and see all again."""
    tab, page, keys, eva = day.tab, day.page, day.keys, day.eva
    # In the morning.
    page.locator("#id_login").focus()
    with keys.within(2, "log in"):
        keys.write(eva.email)
        keys.press("Tab")
        keys.write(PASSWORD)
        keys.press("Enter")
        at(page, "/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    with keys.within(2, "from Idag to the inbox"):
        go(keys, "inkorg", "/inkorg/")
    expect(page.locator("[data-item]")).to_have_count(len(QUESTIONS))
    assert tab.axe() == []

    # A filter that is told, and taken away by one key.
    with keys.within(2, "filter by a word"):
        keys.press("f")
        expect(page.locator("#f-ord")).to_be_focused()
        keys.write("söndag")
        keys.press("Enter")
        expect(page.get_by_text("Du ser bara:")).to_be_visible()
    expect(page.locator("[data-item]")).to_have_count(1)
    assert tab.axe() == []
    page.wait_for_load_state("load")
    with keys.within(1, "clear the filter"):
        keys.press("0")
        expect(page.locator("[data-item]")).to_have_count(len(QUESTIONS))
        page.wait_for_load_state("load")


def by_template(day: Day) -> None:
    """An answer from a template: regretted, and sent."""
    page, keys, cases = day.page, day.keys, day.cases
    # The first case: from a template. Regretted, and sent.
    with keys.within(2, "open the first case"):
        keys.press("j", "Enter")
        at(page, f"/inkorg/{cases[0].pk}/")
    with keys.within(3, "answer from a template"):
        keys.press("m")
        keys.press("Enter")
        keys.press("Control+Enter")
        told(page, "Svaret skickas nu till nätet.")
    at(page, f"/inkorg/{cases[1].pk}/")
    answer = Answer.objects.get()
    assert answer.text == "Hej Maria! Vi har öppet måndag–fredag 8.00–16.30. Välkommen!"
    assert answer.template is not None
    assert (answer.template.name, answer.template_number) == ("Öppettider", 1)
    with keys.within(1, "take it back"):
        keys.press("z")
        told(page, "Svaret skickades inte.")
    at(page, f"/inkorg/{cases[0].pk}/")
    expect(page.locator("#answer_text")).to_have_value(answer.text)
    with keys.within(2, "send what was taken back"):
        keys.press("r", "Control+Enter")
        told(page, "Svaret skickas nu till nätet.")
    at(page, f"/inkorg/{cases[1].pk}/")
    published(Answer.objects.get(state="sending"))


def by_hand(day: Day) -> None:
    """An answer in one's own words, and a holding answer."""
    page, keys, cases = day.page, day.keys, day.cases
    # An answer in one's own words, and the next case opens.
    with keys.within(2, "answer in one's own words"):
        keys.press("r")
        keys.write("Ja! Fråga i informationsdisken: j, k, m.")
        keys.press("Control+Enter")
        told(page, "Svaret skickas nu till nätet.")
    at(page, f"/inkorg/{cases[2].pk}/")
    published(Answer.objects.get(state="sending"))

    # A holding answer as it stands.
    with keys.within(2, "send a holding answer"):
        keys.press("h")
        expect(page.locator("#hold_text")).to_be_focused()
        keys.press("Control+Enter")
        told(page, "Mellansvaret skickas nu till nätet.")
    at(page, f"/inkorg/{cases[3].pk}/")
    published(Answer.objects.get(state="sending"))


def by_others(day: Day) -> None:
    """A question to the one who knows, and a case to a colleague."""
    page, keys, cases = day.page, day.keys, day.cases
    # The question goes to the one who knows.
    with keys.within(4, "forward, beside the name"):
        keys.press("v")
        expect(page.locator("#forward_sok")).to_be_focused()
        keys.write("siv")
        keys.press("Enter")
        expect(page.get_by_label("Siv Lund")).to_be_focused()
        page.wait_for_load_state("load")
        keys.press("Control+Enter")
        told(page, "Frågan är skickad till Siv Lund.")
    assert Forward.objects.get().person == Person.objects.get(name="Siv Lund")

    # The next: taken, a note, and over to a colleague.
    with keys.within(1, "the next case"):
        keys.press("Shift+J")
        at(page, f"/inkorg/{cases[4].pk}/")
    with keys.within(1, "take"):
        keys.press("t")
        told(page, "Ärendet är ditt.")
    with keys.within(2, "write a note"):
        keys.press("n")
        keys.write("Olle vet om rummen.")
        keys.press("Control+Enter")
        told(page, "Anteckningen är sparad.")
    with keys.within(2, "hand over, beside the name"):
        keys.press("o")
        keys.write("Olle")
        keys.press("Control+Enter")
        told(page, "Olle Berg har fått ärendet.")
    cases[4].refresh_from_db()
    assert cases[4].assignee == Person.objects.get(name="Olle Berg")


def several(day: Day) -> None:
    """A case that wants no answer; two taken at once and given back."""
    tab, page, keys, cases = day.tab, day.page, day.keys, day.cases
    # One that wants no answer.
    with keys.within(4, "end without an answer"):
        keys.press("Shift+J")
        at(page, f"/inkorg/{cases[5].pk}/")
        keys.press("e")
        expect(page.locator("#no_answer_reason_0")).to_be_focused()
        keys.press("Space", "Control+Enter")
        told(page, "Ärendet är avslutat utan svar.")
    cases[5].refresh_from_db()
    assert cases[5].outcome_reason == "Tack eller beröm"

    # Two at once, and back again.
    go(keys, "att göra", "/inkorg/")
    with keys.within(7, "take two at once"):
        for case in cases[6:]:
            page.locator(f"#case-{case.pk}").focus()
            keys.press("x")
        expect(page.locator("[data-marked]")).to_have_text("2 markerade ärenden")
        keys.press("b", "Enter")
        told(page, "2 ärenden är dina.")
    assert tab.axe() == []
    with keys.within(1, "give them back"):
        keys.press("z")
        told(page, "2 ärenden är som förut.")


def rounds(day: Day) -> None:
    """To a channel, to a record, to what one has been told."""
    page, keys, channel = day.page, day.keys, day.channel
    # To a channel, to a record, to what one has been told.
    with keys.within(2, "to a channel"):
        go(keys, "älvsta", f"/kanaler/{channel.pk}/")
    with keys.within(2, "search among the records"):
        keys.press("/")
        keys.write("orkidéer")
        keys.press("Enter")
        at(page, "/handlingar/")
    expect(page.get_by_text("Carl").first).to_be_visible()
    with keys.within(2, "to the notices"):
        go(keys, "avise", "/aviseringar/")


def drafts(day: Day) -> None:
    """A draft is there when one comes back."""
    page, keys, cases = day.page, day.keys, day.cases
    # A draft is there when one comes back.
    with keys.within(5, "begin a draft, go away, come back"):
        go(keys, str(cases[6].pk), f"/inkorg/{cases[6].pk}/")
        keys.press("r")
        keys.write("Kursen börjar i")
        expect(page.get_by_text("Utkastet är sparat")).to_be_visible()
        go(keys, "idag", "/")
    go(keys, f"#{cases[6].pk}", f"/inkorg/{cases[6].pk}/")
    expect(page.locator("#answer_text")).to_have_value("Kursen börjar i")
    keys.press("r")
    with keys.within(1, "finish it"):
        keys.write(" mars.")
        keys.press("Control+Enter")
        told(page, "Svaret skickas nu till nätet.")
    draft = Answer.objects.get(state="sending")
    assert draft.text == "Kursen börjar i mars."
    published(draft)


def evening(day: Day) -> None:
    """At the end of the day nothing is one's own: what waits for somebody else is let go."""
    tab, page, keys, eva = day.tab, day.page, day.keys, day.eva
    # What every key does.
    keys.press("?")
    expect(page.locator("#u-keys")).to_be_visible()
    assert tab.axe() == []
    keys.press("Escape")

    # At the end of the day nothing is one's own: what waits for somebody else is let go.
    go(keys, "mina", "/inkorg/")
    expect(page.locator("[data-item]")).to_have_count(2)
    with keys.within(4, "let go of all that is left"):
        keys.press("a", "b", "Tab", "Enter")
        told(page, "2 ärenden är släppta.")
    expect(page.get_by_text("Du har inga ärenden")).to_be_visible()
    assert tab.axe() == []
    assert not Case.objects.filter(assignee=eva).exclude(state="closed").exists()


def test_d35_d36_d37_d38_a_day_at_the_desk_by_keyboard_alone(
    open_tab: OpenTab, channel: Channel, eva: Person, cases: list[Case], template: None
) -> None:
    """Must hold: an answer from a template in 3 keys, a question forwarded in 4 and the name."""
    factories.officer(channel, name="Olle Berg")
    factories.person(name="Siv Lund", title="bibliotekarie")
    notices.tell([eva], kind="late", words=lambda: "Ett ärende är försenat.", url="/inkorg/", now=NOW)
    tab = open_tab()
    day = Day(tab, Keyboard(tab.open("/logga-in/")), channel, eva, cases)
    keys = day.keys
    for part in (morning, by_template, by_hand, by_others, several, rounds, drafts, evening):
        part(day)
    assert keys.spent["answer from a template"] == 3
    assert keys.spent["forward, beside the name"] <= 4
    assert keys.pressed <= 90, keys.spent
