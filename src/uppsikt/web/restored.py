"""What every room does after a restore, before anything is started. Composed here, where all rooms can be reached."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from uppsikt.channels import restored as channels
from uppsikt.inbox import restored as inbox
from uppsikt.notices import restored as notices
from uppsikt.oversight import restored as oversight


@dataclass(frozen=True, slots=True)
class Held:
    """What was held: channels paused, answers put before a person, questions to experts whose letters were let go."""

    channels: int
    intents: int
    questions: int


def hold(backup: str) -> Held:
    """Hold everything that could go out from a copy that does not know what happened after it was made."""
    now = timezone.now()
    with transaction.atomic():
        held = channels.hold(backup=backup, now=now)
        questions = inbox.letters_let_go(notices.waiting_letters(), by=channels.RESTORER, now=now)
        notices.hold(now=now)
        oversight.hold(by=channels.RESTORER, now=now)
    return Held(held.channels, held.intents, questions)
