"""What the pages around a removal show: a question, a block, an incident, what can be begun, the author's page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

import factories
from journeys import rooms
from journeys.moderation_rooms import kept, remove, said
from uppsikt.connectors.base import Deed
from uppsikt.moderation import blocks, incidents, notes, police, reconsidering, rulings
from uppsikt.moderation.models import AuthorNote, Evidence, PoliceReport, Reconsideration, Removal
from uppsikt.organisation.rules import Role


def listed() -> tuple[Any, ...]:
    """Some questions to the board's office."""
    for text in ("Är det här en anmälan?", rooms.HOSTILE):
        item, me = said(text)
        rulings.ask(item, question=text, by=me, now=timezone.now())
    return ("fragor",)


def ruling() -> tuple[Any, ...]:
    """A question that waits for the one who is logged in."""
    item, me = said(role="registrar")
    row = rulings.ask(item, question=rooms.HOSTILE, by=factories.officer(item.channel), now=timezone.now())
    assert me
    return ("fragor", row.pk)


def block() -> tuple[Any, ...]:
    """A block in force."""
    item, me = said()
    now = timezone.now()
    row = blocks.propose(
        item, ground="rule.coarse", reason=rooms.HOSTILE, until=now + timedelta(days=7), by=me, now=now
    )
    blocks.approve(row, by=factories.person(Role.MANAGER, name="Maj Månsson"), now=now)
    blocks.done_by_hand(row, by=me, now=now)
    return ("avstangningar", row.pk)


def incident() -> tuple[Any, ...]:
    """An incident whose clock runs."""
    item, me = said(role="data_protection")
    now = timezone.now()
    row = incidents.begin(item, what=rooms.HOSTILE, known_at=now - timedelta(hours=30), by=me, now=now)
    incidents.remind(now=now)
    incidents.note(row, text="Svaret är borttaget.", by=me, now=now)
    return ("incidenter", row.pk)


def report() -> tuple[Any, ...]:
    """A police report that could not be made."""
    item, me = said()
    now = timezone.now()
    made = remove(item, me)
    kept(Evidence.objects.get(pk=made.evidence_id))
    row = police.make(item, ground="law.threat", text=rooms.HOSTILE, by=me, now=now)
    PoliceReport.objects.filter(pk=row.pk).update(state="failed", trouble_code="no_browser")
    return ("polisanmalningar", row.pk)


def begin() -> tuple[Any, ...]:
    """Blocking somebody."""
    return (said()[0].pk, "avstangningar")


def around() -> tuple[Any, ...]:
    """What can be done around an item, and what has been."""
    item, me = said()
    now = timezone.now()
    made = remove(item, me, Deed.HIDE)
    rulings.ask(item, question="Är det här en anmälan?", by=me, now=now)
    AuthorNote.objects.create(removal=made, item=item, way="none", state="unreachable", at=now)
    return (item.pk,)


def author(way: str = "email") -> tuple[Any, ...]:
    """Why something was removed, and the form; nobody is logged in."""
    now = timezone.now()
    channel = factories.channel(name="Älvsta bibliotek", now=now)
    item = factories.item(channel, now=now, text=rooms.HOSTILE)
    made = factories.removal(item, now=now, act=Deed.HIDE)
    Removal.objects.filter(pk=made.pk).update(state="done", done_at=now)
    AuthorNote.objects.create(
        removal=made, item=item, way=way, state="sent", at=now, digest=notes.digest("nyckel"), to="a@exempel.test"
    )
    return ("nyckel",)


def asked(note: AuthorNote) -> tuple[Reconsideration, str]:
    """Somebody with the link asks, from a place of their own."""
    return reconsidering.ask(note, text=rooms.HOSTILE, contact="", place=f"test-{note.pk}", now=timezone.now())


def author_in_thread() -> tuple[Any, ...]:
    """The same by the link that others can open, while somebody's request is being tried."""
    key = author("thread")
    asked(AuthorNote.objects.get())
    return key


def author_asked() -> tuple[Any, ...]:
    """What whoever asked reads: it stands."""
    author("thread")
    row, key = asked(AuthorNote.objects.get())
    manager = factories.person(Role.MANAGER, name="Maj Månsson")
    reconsidering.uphold(row, reason=rooms.HOSTILE, by=manager, now=timezone.now())
    return (key,)
