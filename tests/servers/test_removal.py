"""Removing on a real WordPress, from the comment that arrives to the comment that comes back (D20, D26, D43, D45, D69).

Must show 1, in a real browser, with letters over a real mail server.
"""

from __future__ import annotations

import email
import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from django.utils import timezone
from playwright.sync_api import Page, expect

import factories
from journeys.browser import Tab
from servers import whole
from servers.wordpress_server import WordPressServer
from uppsikt.channels import connecting
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Can, Deed, Gone, Known, Permanent, Trouble, Visibility
from uppsikt.inbox.models import Case
from uppsikt.kernel.models import Intent
from uppsikt.moderation.models import AuthorNote, Removal
from uppsikt.organisation.models import Person
from uppsikt.oversight import watching
from uppsikt.oversight.models import Heightened
from uppsikt.records.models import Item

pytestmark = pytest.mark.server
OpenTab = Callable[..., Tab]
# An official test number, and a number reserved for fiction.
SECRET = "Gun på Björkvägen 12 i Almby har personnummer 860930-9888. Ring henne på 070-1740605!"


@pytest.fixture
def post(reachable: WordPressServer) -> int:
    return reachable.create_post("Hemtjänsten i sommar", "<p>Så bemannar vi.</p>")


@pytest.fixture
def letters(tmp_path: Path, settings: Any) -> Iterator[Callable[[str], list[email.message.EmailMessage]]]:
    """A mail server on loopback; what it gives is what has come for an address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    server = Controller(Mailbox(str(tmp_path / "mail")), hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, port

    def come_for(to: str) -> list[email.message.EmailMessage]:
        files = sorted((tmp_path / "mail" / "new").iterdir())
        found = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
        return [one for one in found if one["To"] == to]

    yield come_for
    server.stop()


@pytest.fixture
def channel(transactional_db: None, reachable: WordPressServer, settings: Any, tmp_path: Path) -> Channel:
    settings.DATA = tmp_path / "data"
    whole.empty_queue()
    made = whole.connect(reachable)
    watching.watch(made, now=timezone.now() - timedelta(days=1))
    factories.disposal_decision()
    return made


@pytest.fixture
def eva(channel: Channel) -> Person:
    made = factories.officer(channel, name="Eva Ek")
    factories.mandate(made, channel, Act.ANSWER, Act.HIDE, Act.REMOVE)
    return made


def first_in_the_round(page: Page) -> None:
    """What is most urgent stands first, with the reason beside it."""
    page.get_by_role("button", name=re.compile("Börja")).first.click()
    expect(page).to_have_url(re.compile(r"/uppsikt/runda/\d+/"))
    row = page.locator("[data-seen]").first
    expect(row).to_contain_text("Björkvägen 12")
    expect(row).to_contain_text("ser ut som ett personnummer")


@pytest.mark.browser
def test_a_comment_with_personal_data_is_found_preserved_removed_told_of_and_brought_back(  # noqa: PLR0915, PLR0917 one long story
    reachable: WordPressServer, post: int, channel: Channel, eva: Person, open_tab: OpenTab,
    letters: Callable[[str], list[email.message.EmailMessage]],
) -> None:  # fmt: skip
    site = reachable
    whole.pull(channel)
    site.anonymous_comment(post, "Bo", "Bra att ni berättar.")
    number = site.anonymous_comment(post, "Maria Lind", SECRET, email="maria@almby.example")
    site.anonymous_comment(post, "Cia", "När är det bemannat?")
    pulled_at = timezone.now()
    whole.pull(channel)
    whole.work()

    # Within a minute: an urgent letter that says where, and nothing of the matter.
    told = letters(eva.email)
    assert len(told) == 1
    assert "860930" not in told[0].as_string()
    assert timezone.now() - pulled_at < timedelta(minutes=1)

    # It is first in the round, with the reason; two keys remove it.
    tab = open_tab(person=eva)
    page = tab.open("/uppsikt/")
    first_in_the_round(page)
    page.locator("[data-item]").first.focus()
    page.keyboard.press("t")
    expect(page.locator("#avgor form[data-grounds]")).to_be_visible()
    tab.shot("remove-dialog")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#avgor")).not_to_be_visible()
    removal = Removal.objects.get()
    assert (removal.state, removal.urgent, removal.decided_by) == ("preserving", True, eva)
    assert removal.known_by == "system", "the reading knew before anybody had looked"
    assert "860930-9888" in site.page_html(post), "nothing goes before the evidence is kept"

    # The worker preserves, then removes, then reads back.
    whole.work()
    removal.refresh_from_db()
    proof, intent = removal.evidence, removal.intent
    assert proof is not None
    assert intent is not None
    assert removal.state == "done"
    assert proof.taken_at < intent.written_at <= intent.tried_at <= intent.ended_at
    assert proof.sort == "whole", (proof.trouble_code, proof.report)
    names = set(proof.files.values_list("name", flat=True))
    assert {"page.wacz", "screenshot-001.png", "answer.json", "answer-intake.json", "manifest.sig"} <= names
    assert "860930-9888" not in site.page_html(post)
    assert "Bra att ni berättar." in site.page_html(post)
    item = whole.item(channel, f"comment/{number}")
    assert item.state == "gone"

    # The author knows why, without the matter being repeated; oversight is heightened; the case is closed.
    (letter,) = letters("maria@almby.example")
    assert "860930" not in letter.as_string()
    assert set(AuthorNote.objects.values_list("way", flat=True)) == {"email", "thread"}
    assert "följde inte våra regler" in site.page_html(post)
    assert Heightened.objects.get(channel=channel).state == "running"
    assert Case.objects.get(thread=item.thread).state == "closed"

    # The trail holds it all.
    assert whole.steps(removal) == ["propose", "decide", "preserve", "act", "finish"]
    assert whole.steps(proof) == ["want", "take", "keep"]
    assert whole.steps(intent) == ["write", "try", "done"]
    assert whole.steps(item)[-1] == "lose"

    # And it comes back where it was.
    page = tab.open(f"/borttaget/{removal.pk}/")
    assert tab.axe() == []
    tab.shot("removal-done")
    page.locator("#tillbaka-reason").fill("Hon har själv bett om att det får stå kvar.")
    page.get_by_role("button", name="Lägg tillbaka").click()
    expect(page.locator(".u-messages")).to_contain_text("läggs tillbaka")
    whole.work()
    removal.refresh_from_db()
    assert (removal.state, whole.item(channel, f"comment/{number}").state) == ("restored", "visible")
    assert "860930-9888" in site.page_html(post)


# -- the connector's deeds --------------------------------------------------------


def refusal(channel: Channel, native_id: str, deed: Deed) -> Trouble:
    """The trouble that a deed ends in."""
    with connecting.opened(channel) as connector, pytest.raises(Trouble) as met:
        connector.act(native_id, deed, "key", {})
    return met.value


def shown(channel: Channel, native_id: str) -> Visibility | None:
    """How the site shows an item."""
    with connecting.opened(channel) as connector:
        (answer,) = connector.refetch([Known(native_id)])
    return answer.item.visibility if answer.item else None


def test_comments_are_held_binned_and_shown_again(reachable: WordPressServer, post: int, channel: Channel) -> None:
    name = f"comment/{reachable.anonymous_comment(post, 'Bo', 'Dumt.')}"
    with connecting.opened(channel) as connector:
        assert connector.find_acted(name, Deed.REMOVE, "", {}) is None
        assert connector.act(name, Deed.HIDE, "", {}).shown is Visibility.HELD
        assert connector.act(name, Deed.HIDE, "", {}).already
        assert connector.act(name, Deed.SHOW, "", {"as": "visible"}).shown is Visibility.VISIBLE
        assert connector.act(name, Deed.REMOVE, "", {}).shown is Visibility.GONE
        assert connector.act(name, Deed.REMOVE, "", {}).already
        assert connector.find_acted(name, Deed.REMOVE, "", {}) is not None
        assert shown(channel, name) is Visibility.GONE
        assert connector.act(name, Deed.SHOW, "", {"as": "held"}).shown is Visibility.HELD
        assert connector.act(name, Deed.APPROVE, "", {}).shown is Visibility.VISIBLE
    reachable.delete(int(name[8:]))
    assert isinstance(refusal(channel, name, Deed.HIDE), Gone)
    assert isinstance(refusal(channel, name, Deed.REPORT), Permanent | Gone)


def test_posts_become_drafts_are_binned_and_come_back_with_their_comments(
    reachable: WordPressServer, post: int, channel: Channel
) -> None:
    comment = f"comment/{reachable.anonymous_comment(post, 'Bo', 'Bra.')}"
    whole.pull(channel)
    name = f"post/{post}"
    assert {Can.HIDE.value, Can.REMOVE.value} <= set(whole.item(channel, name).can)
    address = reachable.page_address(post)
    with connecting.opened(channel) as connector:
        assert connector.act(name, Deed.HIDE, "", {}).shown is Visibility.HIDDEN
        assert connector.act(name, Deed.SHOW, "", {"as": "visible"}).shown is Visibility.VISIBLE
        assert connector.act(name, Deed.REMOVE, "", {}).shown is Visibility.GONE
        assert connector.act(name, Deed.SHOW, "", {"as": "visible"}).shown is Visibility.VISIBLE
    assert reachable.page_address(post) == address, "at the address that it had"
    assert shown(channel, comment) is Visibility.HELD, "to be approved again, rather than lost in the bin"


def test_who_may_not_moderate_is_refused_clearly(reachable: WordPressServer, post: int, channel: Channel) -> None:
    """The network's refusal becomes a state that a person sees, and nothing is lost."""
    number = reachable.anonymous_comment(post, "Bo", "Dumt.")
    whole.pull(channel)
    item = whole.item(channel, f"comment/{number}")
    made = factories.removal(item, now=timezone.now())
    reachable.revoke_password()
    trouble = refusal(channel, item.native_id, Deed.REMOVE)
    assert trouble.code in {"revoked", "wrong_password"}
    assert Intent.objects.get(pk=made.intent_id).state == "written"
    assert Item.objects.get(pk=item.pk).state == "visible"
