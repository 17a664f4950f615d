"""Carrying out what was decided: after the evidence, through an intent, and read back afterwards (D43).

A removal moves here alone, so that nothing is done twice and nothing before its proof is kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from uppsikt.channels import actions as channels
from uppsikt.connectors.base import Deed
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Intent
from uppsikt.kernel.trail import Doer
from uppsikt.moderation import evidence, news, telling
from uppsikt.moderation.models import Evidence, Removal
from uppsikt.organisation.models import Person
from uppsikt.records.models import Item

MODERATOR = Doer.system("moderation")
# As it was before: only these can be gone back to.
SHOWN = ("visible", "held")


def lock(pk: int) -> Removal:
    """The removal, locked after its item, with what is asked of it."""
    item = Removal.objects.values_list("item_id", flat=True).get(pk=pk)
    Item.objects.select_for_update(of=("self",)).get(pk=item)
    rows = Removal.objects.select_for_update(of=("self",)).select_related(
        "item__channel__unit", "item__version", "evidence", "ground", "proposed_by", "decided_by"
    )
    return rows.get(pk=pk)


def advance(row: Removal, *, now: datetime) -> Removal:
    """Bring a decided removal one step on: to its evidence, or from kept evidence to the network. It is locked."""
    if row.state not in {"decided", "preserving"}:
        return row
    if not row.outside and (row.item.version_id != row.version_id or row.item.state == "gone"):
        return stop(row, "gone_already" if row.item.state == "gone" else "reworded", {}, now=now)
    proof = row.evidence
    if proof is None or proof.version_id != row.version_id:
        Removal.objects.filter(pk=row.pk).update(evidence=evidence.want(row.item, now=now, by=MODERATOR))
        row.refresh_from_db(fields=["evidence"])
        proof = row.evidence
    if proof is not None and proof.state == "kept":
        return owned_up(row, now=now) if row.outside else act(row, now=now)
    if proof is not None and proof.state == "failed":
        return stop(row, "no_evidence", {"why": proof.trouble_code}, now=now)
    return trail.take("preserve", row, by=MODERATOR, at=now) if row.state == "decided" else row


def owned_up(row: Removal, *, now: datetime) -> Removal:
    """It was done with another tool, and what we had of it is preserved: it is as done as if it were done here."""
    row = trail.take("own_up", row, by=MODERATOR, at=now, done_at=now)
    news.DONE.tell(**keys(row))
    return row


def keys(row: Removal) -> dict[str, int]:
    """How news name a removal."""
    return {"channel_id": row.item.channel_id, "item_id": row.item_id, "removal_id": row.pk}


def act(row: Removal, *, now: datetime) -> Removal:
    """The evidence is kept: write the intent, and let the queue carry it out."""
    by = row.decided_by.doer if row.decided_by else MODERATOR
    intent = channels.send_deed(
        row.item.channel,
        deed=Deed(row.act),
        to=row.item.native_id,
        by=by,
        now=now,
        about={"removal": row.pk, "item": row.item_id, "version": row.version_id, "evidence": row.evidence_id},
    )
    return trail.take("act", row, by=by, at=now, intent=intent, shown_before=row.item.state)


def stop(row: Removal, code: str, facts: dict[str, str], *, now: datetime) -> Removal:
    """It cannot be carried out as it was decided; whoever stands behind it is told."""
    row = trail.take("stop", row, by=MODERATOR, at=now, trouble_code=code, trouble_facts=facts)
    telling.failed(row, now=now)
    return row


def evidence_settled(proof: Evidence, *, now: datetime) -> None:
    """A proof is kept, or given up: what waited for it goes on."""
    waiting = Removal.objects.filter(item=proof.item_id, state__in=["decided", "preserving"], evidence=proof)
    for pk in waiting.values_list("pk", flat=True):
        with transaction.atomic():
            advance(lock(pk), now=now)


def of_intent(intent: Intent) -> Removal | None:
    """The removal that an effect is of, be it to take away or to show again."""
    key = intent.payload.get("removal")
    return Removal.objects.filter(pk=key).first() if isinstance(key, int) else None


def acted(intent: Intent, *, now: datetime) -> Removal | None:
    """The network has done it: the removal is done, or undone. Hearing of it twice changes nothing."""
    found = of_intent(intent)
    if found is None:
        return None
    with transaction.atomic():
        row = lock(found.pk)
        also = {"shown": intent.result.get("shown", ""), "already": intent.result.get("already", False)}
        if row.state == "acting" and row.intent_id == intent.pk:
            row = trail.take("finish", row, by=MODERATOR, at=now, also=also, done_at=now, **NO_TROUBLE)
            news.DONE.tell(**keys(row))
        elif row.state == "restoring" and row.restore_intent_id == intent.pk:
            row = trail.take("restored", row, by=MODERATOR, at=now, also=also, restored_at=now, **NO_TROUBLE)
            news.RESTORED.tell(**keys(row))
    return row


NO_TROUBLE: dict[str, Any] = {"trouble_code": "", "trouble_facts": {}}


def not_acted(intent: Intent, *, now: datetime) -> None:
    """It failed, or nobody can tell: the removal says so, and people are told."""
    found = of_intent(intent)
    if found is None:
        return
    with transaction.atomic():
        row = lock(found.pk)
        # Read under the lock: somebody may have asked for another try since the news was told.
        intent.refresh_from_db()
        trouble: dict[str, Any] = {"trouble_code": intent.error_code, "trouble_facts": intent.error_facts}
        taking = row.state == "acting" and row.intent_id == intent.pk
        restoring = row.state == "restoring" and row.restore_intent_id == intent.pk
        if intent.state == "failed" and taking:
            row = trail.take("refuse", row, by=MODERATOR, at=now, **trouble)
            telling.failed(row, now=now)
        elif intent.state == "failed" and restoring:
            row = trail.take("not_restored", row, by=MODERATOR, at=now, **trouble)
            telling.not_restored(row, now=now)
        elif intent.needs_person and (taking or restoring) and row.trouble_code != intent.error_code:
            row = trail.take("doubt", row, by=MODERATOR, at=now, **trouble)
            telling.failed(row, now=now)


def show_again(row: Removal, *, reason: str, by: Person, now: datetime) -> Removal:
    """Write the intent to show what was taken away as it was shown before. The removal is locked.

    Raises Refused where it was not done through the product, or it is not gone or hidden any more.
    """
    if row.outside or row.state != "done":
        raise Refused("not_ours", _("Det här går inte att lägga tillbaka härifrån."))
    if row.item.state == "visible":
        raise Refused("shown_already", _("Det visas redan på nätet. Ladda om sidan."))
    before = row.shown_before if row.shown_before in SHOWN else "visible"
    intent = channels.send_deed(
        row.item.channel,
        deed=Deed.SHOW,
        to=row.item.native_id,
        by=by.doer,
        now=now,
        facts={"as": before},
        about={"removal": row.pk, "item": row.item_id},
    )
    return trail.take("restore", row, by=by.doer, at=now, reason=reason, restore_intent=intent, ended_reason=reason)
