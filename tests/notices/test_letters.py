"""Letters over a real mail server: they arrive, they wait out a server that is down, they keep no live link."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from datetime import timedelta
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox

import factories
from uppsikt.kernel import queue
from uppsikt.notices import actions, delivering, letters
from uppsikt.notices.models import Delivery, Letter, Notice
from uppsikt.notices.rules import Way
from uppsikt.organisation.models import Person

pytestmark = pytest.mark.django_db
NOW = factories.THURSDAY


@pytest.fixture
def post_office(tmp_path: Path, settings: Any) -> Iterator[Controller]:
    """A mail server on loopback that keeps what it takes in a folder."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = int(taken.getsockname()[1])
    server = Controller(Mailbox(str(tmp_path / "mail")), hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, port
    yield server
    if server.loop.is_running():
        server.stop()


def arrived(tmp_path: Path) -> list[email.message.EmailMessage]:
    """What lies in the mailbox."""
    files = sorted((tmp_path / "mail" / "new").iterdir())
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


@pytest.mark.usefixtures("post_office")
def test_a_letter_arrives_whole_and_once(tmp_path: Path) -> None:
    letter = letters.write_letter(to="eva@alvsta.example", subject="Råd\r\nBcc: x@x", text="Hej på dig!\n", now=NOW)
    letters.send_letter(letter, now=NOW)
    letters.send_letter(letter, now=NOW)
    (message,) = arrived(tmp_path)
    assert (message["To"], message["Subject"], message["Bcc"]) == ("eva@alvsta.example", "Råd Bcc: x@x", None)
    assert "Hej på dig!" in message.get_content()
    assert letter.sent_at == NOW


@pytest.mark.usefixtures("post_office")
def test_a_link_is_in_the_letter_that_arrives_but_not_in_the_one_we_keep(tmp_path: Path) -> None:
    letter = letters.write_letter(
        to="eva@alvsta.example",
        subject="En fråga",
        text="Svara här: https://uppsikt.example/svara/hemlig123/\n",
        now=NOW,
    )
    letters.send_letter(letter, now=NOW)
    assert "/svara/hemlig123/" in arrived(tmp_path)[0].get_content()
    letter.refresh_from_db()
    assert "hemlig123" not in letter.text


def test_a_server_that_is_down_is_tried_again_ever_more_seldom_and_nothing_is_lost(
    post_office: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[Any] = []
    monkeypatch.setattr(letters, "defer", lambda name, at=None, **facts: queued.append(at))
    letter = Letter.objects.create(to="eva@alvsta.example", subject="Hej", text="Hej", written_at=NOW)
    post_office.stop()
    for attempt in range(1, 7):
        letters.send_letter(letter, now=NOW)
        letter.refresh_from_db()
        assert (letter.tries, letter.sent_at) == (attempt, None)
        assert letter.trouble
    waits = [at - NOW for at in queued]
    assert waits == sorted(waits)
    assert waits[0] < timedelta(minutes=1)
    assert len(waits) == 5, "after that it waits for a person, who sees it on the start page"


def test_a_notice_comes_by_letter_where_it_is_wanted() -> None:
    wants, does_not = factories.person(), factories.person()
    actions.choose(does_not, "late", ways=[Way.PAGE])
    actions.tell(
        [wants, does_not], kind="late", words=lambda: "Ett ärende är försenat.", url="/inkorg/1/", now=NOW, urgent=True
    )
    assert Notice.objects.count() == 2
    delivering.deliver(Delivery.objects.get().pk, now=NOW)
    letter = Letter.objects.get()
    assert (letter.to, letter.subject) == (wants.email, "Ett ärende är försenat.")
    assert "/inkorg/1/" in letter.text


def test_a_notice_that_is_taken_back_leaves_neither_notice_nor_letter() -> None:
    eva: Person = factories.person()
    with pytest.raises(RuntimeError), queue.transaction.atomic():
        actions.tell([eva], kind="late", words=lambda: "Försenat.", url="/", now=NOW)
        raise RuntimeError
    assert not Notice.objects.exists()
    assert not Delivery.objects.exists()
