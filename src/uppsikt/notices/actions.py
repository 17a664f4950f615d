"""Telling people things: on the page always, by e-mail by choice."""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from uppsikt.kernel.queue import defer
from uppsikt.kernel.quiet import HIDDEN, LINK
from uppsikt.notices.models import Choice, Letter, Notice
from uppsikt.notices.rules import BY_EMAIL, wait
from uppsikt.organisation.models import Person

log = logging.getLogger(__name__)


def tell(
    people: Iterable[Person], *, kind: str, words: Callable[[], str], url: str, now: datetime, urgent: bool = False
) -> list[Notice]:
    """Give each person a notice, and a letter where they want one. Part of the transaction that is open.

    `words` is called once for each person, in that person's language.
    """
    told = list(people)
    with transaction.atomic():
        notices = Notice.objects.bulk_create(
            Notice(person=person, kind=kind, words=in_language_of(person, words), url=url, urgent=urgent, at=now)
            for person in told
        )
        chosen = dict(Choice.objects.filter(person__in=told, kind=kind).values_list("person_id", "by_email"))
        for notice in notices:
            if chosen.get(notice.person_id, BY_EMAIL.get(kind, False)):
                text = f"{notice.words}\n\n{settings.PUBLIC_URL}{url}\n"
                write_letter(to=notice.person.email, subject=notice.words[:200], text=text, now=now)
    return notices


def in_language_of(person: Person, words: Callable[[], str]) -> str:
    """Words as the person reads them, whatever language the page or job has that tells."""
    with translation.override(person.language):
        return words()


def write_letter(*, to: str, subject: str, text: str, now: datetime) -> Letter:
    """Write an e-mail and queue its sending, in the transaction that is open."""
    one_line = " ".join(subject.split())[:200]
    with transaction.atomic():
        letter = Letter.objects.create(to=to, subject=one_line, text=text, written_at=now)
        defer("notices.send_letter", letter_id=letter.pk)
    return letter


def send_letter(letter: Letter, *, now: datetime) -> None:
    """Hand a letter to the mail server. A failure is kept on the letter and tried again later.

    A crash between handing over and noting it sends the letter twice, which does no harm; losing it would.
    """
    if letter.sent_at:
        return
    letter.tries += 1
    message = EmailMessage(
        letter.subject,
        letter.text,
        settings.DEFAULT_FROM_EMAIL,
        [letter.to],
        headers={"Message-ID": f"<letter-{letter.pk}@{settings.PUBLIC_URL.partition('://')[2].partition('/')[0]}>"},
    )
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        letter.trouble = type(error).__name__
        pause = wait(letter.tries)
        log.warning("letter %s could not be sent: %s", letter.pk, letter.trouble)
        if pause is not None:
            defer("notices.send_letter", at=now + timedelta(seconds=pause), letter_id=letter.pk)
    else:
        letter.sent_at, letter.trouble = now, ""
        # A link that opens a page without login is the reader's alone from now on.
        letter.text = LINK.sub(HIDDEN, letter.text)
    letter.save(update_fields=["tries", "trouble", "sent_at", "text"])


def read(person: Person, *, now: datetime, ids: Iterable[int] | None = None) -> int:
    """Mark a person's notices as read: these, or all."""
    unread = Notice.objects.filter(person=person, read_at=None)
    if ids is not None:
        unread = unread.filter(pk__in=list(ids))
    return unread.update(read_at=now)


def choose(person: Person, kind: str, *, by_email: bool) -> None:
    """A person chooses whether a kind of notice comes by e-mail too."""
    Choice.objects.update_or_create(person=person, kind=kind, defaults={"by_email": by_email})


def kind_words(kind: str) -> str:
    """A kind of notice, in words."""
    return {
        "assigned": _("Någon lämnar över ett ärende till dig"),
        "expert_answered": _("En sakkunnig har svarat"),
        "not_sent": _("Ett svar gick inte att publicera"),
        "late": _("Ett ärende är försenat"),
        "due_soon": _("Ett ärende ska besvaras snart"),
        "channel_trouble": _("En kanal går inte att läsa"),
    }[kind]
