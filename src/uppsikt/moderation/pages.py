"""What the pages of moderation show."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from uppsikt.connectors.base import Deed
from uppsikt.kernel import trail
from uppsikt.moderation import delegation, evidence, knowing, queries, rules, words
from uppsikt.moderation.forms import DecideForm, PictureForm, ReasonForm, ReviewForm, VanishedForm, possible
from uppsikt.moderation.models import Evidence, Removal, Vanishing
from uppsikt.organisation.models import Person
from uppsikt.records import reading
from uppsikt.records import words as record_words
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader
from uppsikt.triage import queries as triage
from uppsikt.ui import paging, trails

# Where in the form a refusal is told.
FIELD_OF = {
    "no_ground": "ground",
    "not_obvious": "obvious",
    "no_reason": "reason",
    "no_decision": "decision",
    "decision_used": "decision",
}
# Somebody was before, or it is not so any more: nothing to fill in better.
OVERTAKEN = frozenset({"seen_to", "gone_already", "wrong_state", "not_there"})
# Grounds that must be acted on at once: personal data and secrecy (D20).
URGENT = frozenset({"rule.sensitive", "rule.secrecy"})
STEPS, LISTED = 100, 50


def row_of(row: Removal) -> dict[str, Any]:
    """A removal as a line of a list."""
    return {
        "row": row,
        "state": words.word(words.STATES, row.state),
        "tone": words.TONES.get(row.state, "neutral"),
        "deed": words.word(words.DEEDS, row.act),
    }


def queue(request: HttpRequest, who: Person, reader: Reader) -> dict[str, Any]:
    """What waits, what is under way, and a page of what has ended."""
    rows = queries.removals(reader)
    ended = paging.page(request, rows.filter(state__in=queries.ENDED), by="proposed_at", size=LISTED)
    return {
        "waiting": [row_of(row) for row in rows.filter(state="proposed").order_by("-urgent", "pk")[:LISTED]],
        "failed": [row_of(row) for row in rows.filter(state="failed").order_by("pk")[:LISTED]],
        "under_way": [row_of(row) for row in rows.filter(state__in=queries.UNDER_WAY).order_by("pk")[:LISTED]],
        "vanished": list(queries.vanishings(reader, open_only=True).order_by("pk")[:LISTED]),
        "ended": [row_of(row) for row in ended.rows],
        "page": ended,
        "who": who,
    }


def review(
    request: HttpRequest, item: Item, who: Person, *, now: datetime, bound: ReviewForm | None = None
) -> dict[str, Any]:
    """The form to decide about an item, with what was found in it chosen beforehand."""
    reader = reading.reader(who, now=now)
    found = triage.seen([item], reader).get(item.pk)
    ground = found.grounds[0].ground if found and found.grounds else ""
    able = [deed for deed in (Deed.REMOVE, Deed.HIDE) if possible(item, deed)]
    back = request.GET.get("next", "")[:400]
    standing = queries.standing(item)
    may = {deed for deed in able if delegation.may_propose(who, item.channel, deed, at=now)}
    known_at, known_by = knowing.of(item, now=now)
    return {
        "item": item,
        "form": bound or ReviewForm(None, item, initial={"ground": ground, "next": back}),
        "triage": found,
        "able": bool(able),
        "may": bool(may),
        "alone": any(delegation.decides_alone(who, item.channel, deed, at=now) for deed in able),
        "standing": row_of(standing) if standing and standing.is_open else None,
        "known_at": known_at,
        "known_by": words.word(words.KNOWN_BY, known_by),
        "kind": record_words.word(record_words.KINDS, item.kind),
        "chosen": ground,
    }


def is_urgent(item: Item) -> bool:
    """Whether what was found in the item must be seen to at once."""
    found = triage.seen([item], Reader(everything=True)).get(item.pk)
    return bool(found and URGENT & {reason.ground for reason in found.reasons})


def said(row: Removal) -> str:
    """What is said when something was proposed or decided."""
    if row.state == "proposed":
        return _("Förslaget är lämnat. Den som får besluta har fått veta, och bevis tas under tiden.")
    if row.act == Deed.HIDE:
        return _("Beslutat. Bevis tas, och sedan döljs det.")
    return _("Beslutat. Bevis tas, och sedan tas det bort.")


def removal(row: Removal, who: Person, reader: Reader, *, now: datetime) -> dict[str, Any]:
    """All that a removal's page shows."""
    proof = row.evidence
    may_decide = delegation.may_decide(who, row, at=now)
    decides = row.state == "proposed" and may_decide
    standing = delegation.standing(who, row.item.channel, at=now)
    acts = rules.may_propose(standing, Deed(row.act))
    intent = row.restore_intent if row.state == "restoring" else row.intent
    return {
        **row_of(row),
        "removal": row,
        "item": row.item,
        "means": words.word(words.STATES_MEAN, row.state),
        "known_by": words.word(words.KNOWN_BY, row.known_by),
        "trouble": words.trouble(row.trouble_code),
        "proof": proof,
        "proof_state": words.word(words.EVIDENCE, proof.state) if proof else "",
        "proof_sort": words.word(words.SORTS, proof.sort) if proof and proof.sort else "",
        "proof_trouble": words.trouble(proof.trouble_code) if proof else "",
        "files": queries.files(proof) if proof and evidence.readable(proof, reader) else [],
        "readable": proof is not None and evidence.readable(proof, reader),
        "decide": DecideForm(None, row) if decides else None,
        "reject": ReasonForm(None, name="avsla") if decides or (row.state == "proposed" and standing.manager) else None,
        "may_withdraw": row.state in {"proposed", "decided", "preserving", "failed"}
        and (may_decide or who.pk in {row.proposed_by_id, row.decided_by_id}),
        "may_again": row.state == "failed" and (may_decide if row.item.version_id != row.version_id else acts),
        "restore": ReasonForm(None, name="tillbaka")
        if row.state == "done" and not row.outside and (acts or standing.manager or standing.communications)
        else None,
        "unsure": acts and intent is not None and intent.needs_person and row.state in {"acting", "restoring"},
        "lines": trails.lines(trail.steps_of(row).order_by("id")[:STEPS], words.STEPS),
        "live": row.state in queries.UNDER_WAY,
    }


def proof(row: Evidence, who: Person, form: PictureForm, *, now: datetime) -> dict[str, Any]:
    """All that a proof's page shows."""
    standing = delegation.standing(who, row.item.channel, at=now)
    return {
        "proof": row,
        "item": row.item,
        "state": words.word(words.EVIDENCE, row.state),
        "sort": words.word(words.SORTS, row.sort) if row.sort else "",
        "means": words.word(words.SORTS_MEAN, row.sort) if row.sort else "",
        "trouble": words.trouble(row.trouble_code),
        "files": queries.files(row),
        "form": form,
        "may_add": standing.manager or standing.communications or bool({"hide", "remove"} & standing.mandate),
        "lines": trails.lines(trail.steps_of(row).order_by("id")[:STEPS], words.STEPS),
    }


def vanishing(row: Vanishing, who: Person, reader: Reader, form: VanishedForm, *, now: datetime) -> dict[str, Any]:
    """All that the page of something that vanished shows."""
    standing = delegation.standing(who, row.item.channel, at=now)
    may = row.asked_id == who.pk or standing.manager or standing.communications or "remove" in standing.mandate
    return {
        "row": row,
        "item": row.item,
        "form": form if may and row.state in {"found", "asked"} else None,
        "taker": words.word(words.TAKERS, row.taker),
        "became": record_words.word(record_words.STATES, row.became),
        "readable": row.evidence is not None and evidence.readable(row.evidence, reader),
        "lines": trails.lines(trail.steps_of(row).order_by("id")[:STEPS], words.STEPS),
    }
