"""Holding records secret, and letting them be open again (D20, D42; OSL 5 kap. 5 §)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Step
from uppsikt.kernel.trail import Doer
from uppsikt.organisation.models import Person
from uppsikt.records import grounds, reading
from uppsikt.records.models import Item, Secrecy, Thread
from uppsikt.records.reading import Reader


def may_mark(reader: Reader, item: Item) -> bool:
    """Whether somebody may hold the record secret, or let it be open: those who read it either way."""
    return reader.reads_secrets_of(item.channel_id)


def below(item: Item) -> QuerySet[Item]:
    """What was said under the item: the rest of its conversation, and under a post all conversations."""
    threads = Thread.objects.filter(channel_id=item.channel_id, post_native_id=item.native_id)
    under = Q(thread__in=threads) | (Q(thread_id=item.thread_id) & (Q(at__gt=item.at) | Q(at=item.at, pk__gt=item.pk)))
    return Item.objects.filter(under, channel_id=item.channel_id).exclude(pk=item.pk)


def mark(
    item: Item, *, ground: str, reason: str, by: Person, now: datetime, section: str = "", replies: bool = False
) -> int:
    """Hold a record secret, with `replies` what is and will be said under it too; returns how many were marked.

    Raises Refused without a ground of law or a reason, and for somebody who may not.
    """
    check(item, by, now=now)
    section = section.strip()[:120]
    if ground not in grounds.BY_CODE and not (ground == grounds.OTHER and section):
        raise Refused("no_ground", _("Välj den bestämmelse i lagen som gör uppgiften hemlig."))
    if not reason.strip():
        raise Refused("no_reason", _("Skriv varför uppgiften är hemlig."))
    with transaction.atomic():
        if replies:
            # Nothing is taken in meanwhile that would be under it and slip by (see `follow`).
            Channel.objects.select_for_update().get(pk=item.channel_id)
        keys = [item.pk, *(below(item).values_list("pk", flat=True) if replies else ())]
        rows = locked(keys, secret=False)
        if not rows and not (replies and not covers(item)):
            raise Refused("already_secret", _("Handlingen är redan sekretessmarkerad."))
        Secrecy.objects.filter(item=item, lifted_at=None).update(replies=replies)
        made = Secrecy(ground=ground, section=section, reason=reason.strip(), by=by, at=now)
        write(rows, made, top=item.pk if replies else None, doer=by.doer)
    item.refresh_from_db(fields=["secret"])
    return len(rows)


def covers(item: Item) -> bool:
    """Whether what is said under the item later becomes secret by itself."""
    return Secrecy.objects.filter(item=item, lifted_at=None, replies=True).exists()


def write(rows: Sequence[Item], like: Secrecy, *, top: int | None, doer: Doer) -> None:
    """Mark items that are locked: the rows, what they are marked by, and a step for each."""
    Item.objects.filter(pk__in=[row.pk for row in rows]).update(secret=True)
    fields: dict[str, Any] = {
        "ground": like.ground,
        "section": like.section,
        "reason": like.reason,
        "by": like.by,
        "at": like.at,
    }
    made = Secrecy.objects.bulk_create([Secrecy(item=row, replies=row.pk == top, **fields) for row in rows], 1000)
    facts = {"ground": like.ground, "section": like.section}
    Step.objects.bulk_create(
        [
            trail.step_for(
                row.item,
                "mark_secret",
                row.item.state,
                by=doer,
                at=like.at,
                reason=like.reason,
                facts={**facts, "secrecy": row.pk},
            )
            for row in made
        ],
        batch_size=1000,
    )


def lift(item: Item, *, reason: str, by: Person, now: datetime, replies: bool = False) -> int:
    """Let a secret record be open again, with `replies` what is said under it too; returns how many.

    Raises Refused without a reason, where it is not secret, and for somebody who may not.
    """
    check(item, by, now=now)
    if not reason.strip():
        raise Refused("no_reason", _("Skriv varför uppgiften inte längre är hemlig."))
    with transaction.atomic():
        keys = [item.pk, *(below(item).filter(secret=True).values_list("pk", flat=True) if replies else ())]
        rows = locked(keys, secret=True)
        if item.pk not in {row.pk for row in rows}:
            raise Refused("not_secret", _("Handlingen är inte sekretessmarkerad."))
        found = [row.pk for row in rows]
        Secrecy.objects.filter(item__in=found, lifted_at=None).update(
            lifted_by=by, lifted_at=now, lifted_reason=reason.strip()
        )
        Item.objects.filter(pk__in=found).update(secret=False)
        Step.objects.bulk_create(
            [
                trail.step_for(row, "lift_secret", row.state, by=by.doer, at=now, reason=reason.strip(), facts={})
                for row in rows
            ],
            batch_size=1000,
        )
    item.refresh_from_db(fields=["secret"])
    return len(rows)


def check(item: Item, by: Person, *, now: datetime) -> None:
    """Raise Refused unless the person may mark records of the channel."""
    if not may_mark(reading.reader(by, now=now), item):
        raise Refused(
            "may_not_mark",
            _(
                "Bara den som har uppdrag i kanalen, enhetens chef, registratorn, kommunikationsenheten eller "
                "dataskyddsombudet kan ändra sekretessen."
            ),
        )


def locked(keys: Iterable[int], *, secret: bool) -> list[Item]:
    """Those of the items that are secret, or are not, locked in one order so that two do not wait for each other."""
    return list(Item.objects.select_for_update().filter(pk__in=list(keys), secret=secret).order_by("pk"))


def follow(channel: Channel, new: Iterable[int], *, now: datetime) -> int:
    """What is taken in under something that is secret with its replies becomes secret as it comes; returns how many.

    To be called in the transaction that takes it in, so that there is no moment at which it was open.
    One query where the channel has nothing of the kind.
    """
    wanted, count = set(new), 0
    if not wanted:
        return 0
    tops = list(
        Secrecy.objects.filter(replies=True, lifted_at=None, item__channel=channel).select_related("item", "by")
    )
    for top in tops:
        keys = below(top.item).filter(pk__in=wanted, secret=False).values_list("pk", flat=True)
        rows = locked(keys, secret=False)
        like = Secrecy(ground=top.ground, section=top.section, reason=top.reason, by=top.by, at=now)
        write(rows, like, top=None, doer=Doer.system("secrecy"))
        count += len(rows)
    return count


def marks(item: Item) -> list[Secrecy]:
    """Every time that the record was held secret, the newest first."""
    return list(item.secrecies.select_related("by", "lifted_by").order_by("-id"))
