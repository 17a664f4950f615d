"""What the pages of removals show, in the states that somebody meets them in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

import factories
from journeys import policy_rooms, rooms
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Can, Deed
from uppsikt.moderation import actions, evidence, queries, vanishing
from uppsikt.moderation.evidence import File
from uppsikt.moderation.models import Evidence, Removal
from uppsikt.moderation.rules import Sort
from uppsikt.organisation.models import Person
from uppsikt.policy import actions as policy
from uppsikt.records.models import Item

TAKES = frozenset({Can.REPLY, Can.HIDE, Can.REMOVE})


def said(text: str = rooms.HOSTILE, *, role: str = "officer") -> tuple[Item, Person]:
    """A comment that can be removed, and the one who is logged in, with a mandate for it."""
    now, me = timezone.now(), rooms.reader(role)
    policy_rooms.decision(f"KS {Item.objects.count()}/2026")
    channel = rooms.channel(now, me)
    for who in (me, factories.person(name="Åsa Öberg")):
        factories.mandate(who, channel, Act.ANSWER, Act.HIDE, Act.REMOVE)
    item = factories.item(channel, now=now, at=now - timedelta(hours=2), text=text, author="Maria\u202eL.")
    Item.objects.filter(pk=item.pk).update(can=sorted(TAKES))
    item.refresh_from_db()
    return item, me


def review() -> tuple[Any, ...]:
    """A comment to decide about."""
    return (said()[0].pk,)


def remove(item: Item, by: Person, deed: Deed = Deed.REMOVE) -> Removal:
    """Removed by the person."""
    return actions.remove(
        item, act=deed, ground="rule.coarse", reason=rooms.HOSTILE, obvious=False,
        decision=queries.decisions_for(item)[0], by=by, now=timezone.now(),
    )  # fmt: skip


def kept(row: Evidence) -> Evidence:
    """A proof that has been taken."""
    begun = evidence.begin(row.pk, now=timezone.now())
    assert begun
    files = [File("wording.json", "application/json", b"{}"), File("screenshot-001.png", "image/png", b"png")]
    return evidence.keep(begun, Sort.PARTLY, files, report={}, code="scroll", now=timezone.now())


def preserving() -> tuple[Any, ...]:
    """Decided; the proof is being taken."""
    return (remove(*said()).pk,)


def failed() -> tuple[Any, ...]:
    """The proof could not be had."""
    row = remove(*said())
    Removal.objects.filter(pk=row.pk).update(state="failed", trouble_code="no_evidence")
    return (row.pk,)


def proposed() -> tuple[Any, ...]:
    """Two are asked for: the manager sees what an officer proposed."""
    now = timezone.now()
    policy.change_rule(key="removal.people", value=2, by=rooms.SYSTEM, now=now, reason="Två ska vara med")
    item, _me = said(role="manager")
    officer = factories.person(name="Eva Eriksson")
    factories.mandate(officer, item.channel, Act.REMOVE)
    row = remove(item, officer)
    assert row.state == "proposed"
    return (row.pk,)


def done() -> tuple[Any, ...]:
    """Done on the network, with its proof."""
    row = remove(*said())
    kept(row.evidence)
    now = timezone.now()
    Removal.objects.filter(pk=row.pk).update(state="done", done_at=now)
    return (row.pk,)


def proof() -> tuple[Any, ...]:
    """A proof with files."""
    return (kept(remove(*said()).evidence).pk,)


def proof_failed() -> tuple[Any, ...]:
    """A proof that could not be taken."""
    row = remove(*said()).evidence
    Evidence.objects.filter(pk=row.pk).update(state="failed", trouble_code="stamp_timeout")
    return (row.pk,)


def vanished() -> tuple[Any, ...]:
    """Something is gone, and the responsible person is asked."""
    item, _me = said()
    Item.objects.filter(pk=item.pk).update(state="gone")
    item.refresh_from_db()
    return (vanishing.found(item, now=timezone.now()).pk,)


def queue() -> tuple[Any, ...]:
    """One of each."""
    preserving()
    failed()
    done()
    vanished()
    return ()
