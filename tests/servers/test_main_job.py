"""The main job on a real WordPress, through the whole system: read, kept, put before people, answered, published.

Must show 2 of the first stone; D1, D18, D35, D36, D37, D40.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

import factories
from journeys.browser import Tab
from servers import whole
from servers.wordpress_server import WordPressServer
from uppsikt.channels.models import Channel
from uppsikt.inbox.models import Answer, Case
from uppsikt.kernel import blobs
from uppsikt.kernel.models import Intent
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.policy import actions as policy_actions
from uppsikt.policy import queries as policy
from uppsikt.records.models import Item, RawResponse, Thread, Version

# All of one sort, so that they come one after another: the site is made for each row of them.
pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]
OpenTab = Callable[..., Tab]
EXPERT = "vaghallaren@entreprenad.example"


@pytest.fixture
def post(reachable: WordPressServer) -> int:
    return reachable.create_post("Vägarna i vinter", "<p>Så plogar vi.</p>")


# -- what is said becomes records -----------------------------------------------


def test_d1_d18_posts_comments_and_deep_replies_become_records_in_their_threads(
    reachable: WordPressServer, post: int
) -> None:
    site = reachable
    first = site.anonymous_comment(post, "Åsa Ek", "När plogas Storgatan?\n\nDen är hal <3")
    second = site.anonymous_comment(post, "Bo", "Bra fråga", parent=first)
    third = site.anonymous_comment(post, "Cia", "Undrar också", parent=second)
    other = site.anonymous_comment(post, "Dan", "Tack för i går!")
    site.moderate_strangers()
    held = site.anonymous_comment(post, "Eli", "Väntar på godkännande")
    channel = whole.connect(site)
    pulled = whole.pull(channel)
    assert (pulled.trouble, pulled.misread, channel.trouble_code) == (None, 0, "")
    assert channel.caught_up_at is not None

    family = [whole.item(channel, f"comment/{number}") for number in (first, second, third)]
    assert {row.thread.native_id for row in family} == {f"comment/{first}"}
    assert [row.parent_native_id for row in family] == [f"post/{post}", f"comment/{first}", f"comment/{second}"]
    assert whole.item(channel, f"comment/{other}").thread != family[0].thread
    assert Thread.objects.get(pk=family[0].thread_id).post_native_id == f"post/{post}"

    row = family[0]
    assert row.version is not None
    assert (row.state, row.direction, row.kind, row.versions_count) == ("visible", "received", "comment", 1)
    assert row.version.text == "När plogas Storgatan?\n\nDen är hal <3"
    assert (row.actor.name, row.version.author_name) == ("Åsa Ek", "Åsa Ek")
    assert row.published_at is not None
    assert row.published_at <= row.captured_at <= timezone.now()
    assert b"Storgatan" in blobs.read(str(row.version.raw.blob_id))
    assert whole.steps(row) == ["take_in"]
    assert whole.item(channel, f"comment/{held}").state == "held"
    article = whole.item(channel, f"post/{post}")
    assert (article.direction, article.kind) == ("drawn_up", "post")

    # Reading it all once more changes nothing.
    before = (Item.objects.count(), Version.objects.count(), Thread.objects.count())
    again = whole.pull(channel)
    assert (again.trouble, again.new, again.changed) == (None, 0, 0)
    assert (Item.objects.count(), Version.objects.count(), Thread.objects.count()) == before


def test_d18_d40_edits_approvals_bins_and_deletions_are_found_by_looking_again(
    reachable: WordPressServer, post: int
) -> None:
    site = reachable
    edited = site.anonymous_comment(post, "Åsa", "När öpnar badet?")
    deleted = site.anonymous_comment(post, "Bo", "Det här ångrar jag")
    binned = site.anonymous_comment(post, "Cia", "Hamnar i papperskorgen")
    rescued = site.anonymous_comment(post, "Dan", "Slängs av misstag")
    flagged = site.anonymous_comment(post, "Eli", "Köp billiga klockor")
    site.moderate_strangers()
    held = site.anonymous_comment(post, "Fia", "Hålls kvar")
    channel = whole.connect(site)
    whole.pull(channel)
    names = {"edited": edited, "deleted": deleted, "binned": binned, "rescued": rescued, "flagged": flagged}
    rows = {name: f"comment/{number}" for name, number in {**names, "held": held}.items()}

    site.edit_comment(edited, "När öppnar badet?")
    site.edit_post(post, post_content="<p>Så plogar och sandar vi.</p>")
    site.delete(deleted)
    site.trash(binned)
    site.trash(rescued)
    site.spam(flagged)
    site.approve(held)
    whole.look(channel, 60)
    site.restore(rescued)
    assert {name: whole.item(channel, key).state for name, key in rows.items()} == {
        "edited": "visible", "deleted": "visible", "binned": "visible", "rescued": "visible", "flagged": "hidden",
        "held": "visible",
    }  # fmt: skip
    assert [one.text for one in whole.item(channel, rows["edited"]).versions.order_by("number")] == [
        "När öpnar badet?",
        "När öppnar badet?",
    ]
    whole.look(channel, 61)
    assert whole.item(channel, rows["deleted"]).state == "visible", "a second look too soon does not count"
    whole.look(channel, 75)
    after = {name: whole.item(channel, key) for name, key in rows.items()}
    assert {name: row.state for name, row in after.items()} == {
        "edited": "visible", "deleted": "gone", "binned": "gone", "rescued": "visible", "flagged": "hidden",
        "held": "visible",
    }  # fmt: skip

    tombstone = after["deleted"]
    assert whole.steps(tombstone) == ["take_in", "first_gone", "lose"]
    assert tombstone.version is not None
    assert tombstone.version.text == "Det här ångrar jag", "the words stay when the site has let go of them"
    kept = tombstone_answer(tombstone)
    assert kept.status in {404, 410}
    assert b"rest_comment_invalid_id" in blobs.read(str(kept.blob_id))
    assert whole.steps(after["held"]) == ["take_in", "show"]
    assert whole.steps(after["flagged"]) == ["take_in", "hide"]
    assert whole.steps(after["rescued"])[:2] == ["take_in", "first_gone"]
    assert after["rescued"].gone_seen_at is None
    assert [one.text for one in whole.item(channel, f"post/{post}").versions.order_by("number")] == [
        "Så plogar vi.",
        "Så plogar och sandar vi.",
    ]

    # What lies in the bin can be taken out of it, long after it was written down as gone.
    site.restore(binned)
    whole.look(channel, 60 * 24)
    assert whole.item(channel, rows["binned"]).state == "visible"
    assert whole.item(channel, rows["deleted"]).state == "gone"


def tombstone_answer(row: Item) -> RawResponse:
    """The answer that a tombstone rests on."""
    step = whole.trail.steps_of(row).get(name="lose")
    return RawResponse.objects.get(pk=step.facts["raw"])


def test_d18_what_the_site_shows_us_no_more_is_hidden_and_neither_gone_nor_reworded(
    reachable: WordPressServer, post: int
) -> None:
    """Without a password we see what all see: a comment that is held again is there, and not for us."""
    site = reachable
    number = site.anonymous_comment(post, "Åsa", "Syns och syns inte")
    now = timezone.now()
    channel = factories.channel(
        network="wordpress", address=site.url, settings={"api": site.url + "wp-json/", "site": site.url}, now=now
    )
    whole.pull(channel)
    site.hold(number)
    whole.look(channel, 60)
    row = whole.item(channel, f"comment/{number}")
    assert (row.state, row.versions_count, whole.steps(row)) == ("hidden", 1, ["take_in", "hide"])
    assert RawResponse.objects.get(pk=whole.trail.steps_of(row).get(name="hide").facts["raw"]).status in {401, 403}
    whole.look(channel, 120)
    assert whole.steps(whole.item(channel, f"comment/{number}")) == ["take_in", "hide"], "the same again is no news"
    site.approve(number)
    whole.look(channel, 180)
    row = whole.item(channel, f"comment/{number}")
    assert (row.state, row.versions_count, whole.steps(row)) == ("visible", 1, ["take_in", "hide", "show"])


# -- and is answered ------------------------------------------------------------


@pytest.fixture
def channel(transactional_db: None, reachable: WordPressServer) -> Channel:
    whole.empty_queue()
    return whole.connect(reachable)


@pytest.fixture
def eva(channel: Channel) -> Person:
    return factories.officer(channel, name="Eva Ek")


@pytest.fixture
def editor(channel: Channel) -> Person:
    return factories.officer(channel, name="Olle Berg", role=Role.EDITOR)


@pytest.fixture
def sent_at_once(channel: Channel) -> None:
    """The policy leaves no time to take an answer back: the worker takes it as soon as it is sent."""
    policy_actions.change_rule(
        key="answer.undo_seconds", value=0, by=factories.TESTER, now=timezone.now(), reason="Provet väntar inte."
    )


def ask(site: WordPressServer, post: int, channel: Channel, text: str) -> Case:
    """A stranger asks on the site's own page; the worker reads it and a case opens."""
    number = site.anonymous_comment(post, "Maria Lind", text)
    whole.pull(channel)
    whole.work()
    return whole.case(channel, f"comment/{number}")


def send_to_expert(page: Page) -> None:
    page.get_by_text("Skicka frågan vidare till någon som vet mer").click()
    page.get_by_label("Eller till en e-postadress").fill(EXPERT)
    page.get_by_label("Mottagarens namn").fill("Siv Sand")
    page.get_by_label("Din fråga till den sakkunniga").fill("När kommer ni till Storgatan?")
    page.get_by_role("button", name="Skicka frågan").click()
    expect(page.get_by_text("Frågan är hos Siv Sand")).to_be_visible()


@pytest.mark.browser
def test_d35_d36_d37_an_experts_answer_is_published_by_an_editor_and_read_on_the_site(  # noqa: PLR0915, PLR0917 one long story
    reachable: WordPressServer, post: int, channel: Channel, eva: Person, editor: Person, open_tab: OpenTab,
    chromium: Browser, sent_at_once: None,
) -> None:  # fmt: skip
    site = reachable
    case = ask(site, post, channel, "När plogas Storgatan? Bussen kommer inte fram.")
    asked, cases = case.last_item, Case.objects.count()
    assert (case.state, case.received_at) == ("open", asked.at)
    assert case.due_at == policy.due(asked.at).at

    # The officer has the case before her, with its deadline, and asks the one who knows.
    page = open_tab(person=eva).open("/inkorg/")
    page.locator("[data-item]").filter(has_text="Bussen kommer inte fram").click()
    expect(page.locator(".u-talk").first).to_contain_text("Bussen kommer inte fram.")
    expect(page.locator(f'.u-inbox-panel time[datetime^="{case.due_at:%Y-%m-%dT%H:%M}"]').first).to_be_visible()
    send_to_expert(page)

    # He has a letter, without the citizen's words in it, and answers through the link in it.
    whole.work()
    path = whole.link_in_mail(EXPERT)
    assert path.startswith("/svara/")
    expert = open_tab()
    shown = expert.open(path)
    expect(shown.get_by_text("Bussen kommer inte fram.")).to_be_visible()
    expect(shown.get_by_text("När kommer ni till Storgatan?")).to_be_visible()
    shown.get_by_label("Ditt svar").fill("Storgatan plogas före klockan sju.\n\nÄr den <hal> sandar vi & saltar.")
    expect(shown.locator("#expert_who")).to_have_value("Siv Sand")
    shown.locator("#expert_title").fill("vägmästare")
    shown.locator("#expert_unit").fill("Gatukontoret")
    shown.get_by_role("button", name="Skicka svaret").click()
    expect(shown.get_by_role("heading", name="Tack för hjälpen")).to_be_visible()
    expert.open(path)
    expect(shown.get_by_label("Ditt svar")).to_have_count(0)

    # The editor, who has a mandate on the channel, publishes it in the expert's name.
    publishing = open_tab(person=editor).open(f"/inkorg/{case.pk}/")
    publishing.get_by_role("link", name="Använd svaret").click()
    expect(publishing.locator("#answer_text")).to_have_value(
        "Storgatan plogas före klockan sju.\n\nÄr den <hal> sandar vi & saltar."
    )
    expect(publishing.locator("#svara")).to_contain_text("Siv Sand, vägmästare, Gatukontoret")
    publishing.get_by_role("button", name="Skicka svar").click()
    expect(publishing.locator(".u-messages")).to_contain_text("skickas nu")
    assert site.comments_on(post)[-1]["comment_author"] == "Maria Lind", "nothing leaves but through the queue"

    # The worker takes it to the site, reads it back, and the case ends.
    whole.work()
    case.refresh_from_db()
    answer = Answer.objects.get()
    assert (case.state, case.outcome, answer.state) == ("closed", "answered", "published")
    assert (answer.author_name, answer.author, answer.publisher) == ("Siv Sand", None, editor)
    assert Intent.objects.get().state == "done"
    row = whole.item(channel, Intent.objects.get().result["native_id"])
    assert (row.direction, row.parent_native_id, row.thread_id) == ("drawn_up", asked.native_id, case.thread_id)
    assert answer.item == row
    whole.pull(channel)
    whole.look(channel, 60)
    whole.work()
    ours = Item.objects.filter(channel=channel, direction="drawn_up", kind="comment", thread=case.thread)
    assert [one.pk for one in ours] == [row.pk], "our answer comes back once"
    assert (row.versions_count, Case.objects.count()) == (1, cases)

    # And everybody can read it on the site's own page.
    public = chromium.new_page()
    public.goto(site.page_address(post), wait_until="domcontentloaded")
    comment = public.locator(f"#comment-{row.native_id.partition('/')[2]}")
    expect(comment).to_contain_text("Storgatan plogas före klockan sju.")
    expect(comment).to_contain_text("Är den <hal> sandar vi & saltar.")
    expect(comment).to_contain_text("Siv Sand, vägmästare, Gatukontoret")
    expect(public.locator(f"#comment-{asked.native_id.partition('/')[2]}")).to_contain_text("Siv Sand")
    public.close()
    # (She was led on to the next case when she had sent it.)
    publishing = open_tab(person=editor).open(f"/inkorg/{case.pk}/")
    expect(publishing.locator(".u-inbox-panel").get_by_text("Besvarat").first).to_be_visible()
    expect(publishing.locator(".u-talk").get_by_text("Svar av Siv Sand, publicerat av Olle Berg.")).to_be_visible()

    # When she writes again the case is open again.
    number = site.anonymous_comment(post, "Maria Lind", "Tack! Och på lördag?", parent=int(row.native_id[8:]))
    whole.pull(channel)
    whole.work()
    case.refresh_from_db()
    assert (case.state, case.times_opened, case.last_item.native_id) == ("open", 2, f"comment/{number}")


@pytest.mark.browser
def test_d36_two_officers_answer_at_once_and_one_of_them_does(  # noqa: PLR0917 all are fixtures
    reachable: WordPressServer, post: int, channel: Channel, eva: Person, editor: Person, open_tab: OpenTab,
    sent_at_once: None,
) -> None:  # fmt: skip
    site = reachable
    case = ask(site, post, channel, "Hur djup är snön?")
    pages: list[Any] = []
    for who, text in ((eva, "Evas svar: tre decimeter."), (editor, "Olles svar: fyra decimeter.")):
        page = open_tab(person=who).open(f"/inkorg/{case.pk}/")
        # Neither is told of the other in time: the page asks the server nothing until the forms are sent.
        page.route("**/pagar/", lambda route: route.abort())
        page.route("**/nu/**", lambda route: route.abort())
        page.locator("#answer_text").fill(text)
        pages.append(page)
    for page in pages:
        page.get_by_role("button", name="Skicka svar").click()
    mine, theirs = pages
    expect(mine.locator(".u-messages")).to_contain_text("skickas nu")
    expect(theirs.locator(".u-inbox-panel")).to_contain_text("Ett svar är redan på väg")
    expect(theirs.get_by_text("Olles svar: fyra decimeter.")).to_be_visible()
    whole.work()
    said = [one["comment_content"] for one in site.comments_on(post)]
    assert len(said) == 2
    assert said[1].startswith("Evas svar: tre decimeter.")
    case.refresh_from_db()
    assert (case.state, Answer.objects.count(), Intent.objects.count()) == ("closed", 1, 1)

    # Whoever holds on to an old page is refused too, and keeps the words.
    late = open_tab(person=editor).open(f"/inkorg/{case.pk}/")
    expect(late.locator("#answer_text")).to_have_count(0)
