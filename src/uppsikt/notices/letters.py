"""E-mail: written in the transaction that it tells of, handed to the mail server by a job, tried again."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from uppsikt.kernel.queue import defer
from uppsikt.kernel.quiet import HIDDEN, LINK
from uppsikt.notices.models import Letter
from uppsikt.notices.rules import wait

log = logging.getLogger(__name__)


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
