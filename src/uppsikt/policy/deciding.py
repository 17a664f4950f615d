"""What changes the grounds and the disposal decisions. A changed wording is a new row; the old one ends (D45, D68).

What was removed by a ground or under a decision keeps the row that held then.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.policy import grounds
from uppsikt.policy.actions import changing
from uppsikt.policy.models import DisposalDecision, Ground

WORDS = ("name", "law", "text", "example", "allowed", "needs_reason", "asks")
DECIDED = ("number", "name", "text", "standing", "scope", "decided_by", "decided_on")


def change_ground(*, ground: Ground, by: Doer, now: datetime, reason: str, **words: Any) -> Ground:
    """Give a ground other words, from now. Raises Refused where it asks for less than the law or fairness does."""
    kept = {name: words.get(name, getattr(ground, name)) for name in WORDS}
    _fair(ground.code, kept)
    with changing(now) as document:
        if not Ground.objects.in_force(None).filter(pk=ground.pk, policy=document).update(until=now):
            raise Refused("changed_meanwhile", _("Grunden har ändrats av någon annan. Ladda om sidan."))
        row = Ground.objects.create(
            policy=document,
            code=ground.code,
            sort=ground.sort,
            order=ground.order,
            duty=ground.duty,
            needs_obvious=ground.needs_obvious,
            since=now,
            **kept,
        )
        before = {name: getattr(ground, name) for name in WORDS if getattr(ground, name) != kept[name]}
        after = {name: kept[name] for name in before}
        facts = {"ground": ground.code, "thing": row.name, "before": before, "after": after}
        trail.note("change_ground", document, by=by, at=now, reason=reason, also=facts)
    return row


def add_rule(*, by: Doer, now: datetime, reason: str, **words: Any) -> Ground:
    """Add a rule of the house of one's own; crimes are named by the law alone."""
    with changing(now) as document:
        codes = set(Ground.objects.filter(policy=document).values_list("code", flat=True))
        code = next(name for number in range(1, len(codes) + 2) if (name := f"rule.own{number}") not in codes)
        kept = {name: words[name] for name in WORDS}
        _fair(code, kept)
        rows = Ground.objects.filter(policy=document).aggregate(last=Max("order"))
        kept["order"] = (rows["last"] or 0) + 10
        row = Ground.objects.create(policy=document, code=code, sort=Ground.Sort.RULE, duty="D68", since=now, **kept)
        trail.note(
            "add_ground", document, by=by, at=now, reason=reason, also={"ground": code, "thing": row.name, **kept}
        )
    return row


def end_ground(*, ground: Ground, by: Doer, now: datetime, reason: str) -> None:
    """Let a rule of the house go: nothing more is removed by it. Raises Refused for what the law asks for."""
    if ground.code in grounds.STAY:
        raise Refused("law_stays", _("Den här grunden följer av lag och kan inte tas bort. Ändra texten i stället."))
    with changing(now) as document:
        if not Ground.objects.in_force(None).filter(pk=ground.pk, policy=document).update(until=now):
            raise Refused("changed_meanwhile", _("Grunden har ändrats av någon annan. Ladda om sidan."))
        facts = {"ground": ground.code, "thing": ground.name}
        trail.note("end_ground", document, by=by, at=now, reason=reason, also=facts)


def add_decision(*, by: Doer, now: datetime, reason: str = "", **facts: Any) -> DisposalDecision:
    """Write down a disposal decision that has been made, so that removals can rest on it (D45)."""
    kept = {name: facts[name] for name in DECIDED}
    _decided(kept["decided_on"], now)
    with changing(now) as document:
        if DisposalDecision.objects.in_force(None).filter(policy=document, number=kept["number"]).exists():
            raise Refused("number_taken", _("Det finns redan ett gällande beslut med det numret."))
        row = DisposalDecision.objects.create(policy=document, since=now, **kept)
        trail.note("add_decision", document, by=by, at=now, reason=reason, also={"thing": str(row), **kept})
    return row


def change_decision(
    *, decision: DisposalDecision, by: Doer, now: datetime, reason: str, **facts: Any
) -> DisposalDecision:
    """Correct what is written of a decision; what rested on the old wording keeps it."""
    kept = {name: facts.get(name, getattr(decision, name)) for name in DECIDED}
    _decided(kept["decided_on"], now)
    with changing(now) as document:
        rows = DisposalDecision.objects.in_force(None).filter(policy=document)
        if rows.filter(number=kept["number"]).exclude(pk=decision.pk).exists():
            raise Refused("number_taken", _("Det finns redan ett gällande beslut med det numret."))
        if not rows.filter(pk=decision.pk).update(until=now):
            raise Refused("changed_meanwhile", _("Beslutet har ändrats av någon annan. Ladda om sidan."))
        row = DisposalDecision.objects.create(policy=document, since=now, **kept)
        before = {name: getattr(decision, name) for name in DECIDED if getattr(decision, name) != kept[name]}
        also = {"thing": str(row), "before": before, "after": {name: kept[name] for name in before}}
        trail.note("change_decision", document, by=by, at=now, reason=reason, also=also)
    return row


def end_decision(*, decision: DisposalDecision, by: Doer, now: datetime, reason: str) -> None:
    """Let a decision go: nothing more is removed under it."""
    with changing(now) as document:
        rows = DisposalDecision.objects.in_force(None).filter(policy=document, pk=decision.pk)
        if not rows.update(until=now):
            raise Refused("changed_meanwhile", _("Beslutet har ändrats av någon annan. Ladda om sidan."))
        trail.note("end_decision", document, by=by, at=now, reason=reason, also={"thing": str(decision)})


def _fair(code: str, kept: dict[str, Any]) -> None:
    if code in grounds.ALWAYS_REASONED and not kept["needs_reason"]:
        raise Refused("needs_reason", _("Den här grunden kräver alltid en motivering."))
    if kept["needs_reason"] and not kept["asks"]:
        raise Refused("needs_asks", _("Skriv vilken fråga motiveringen ska svara på."))


def _decided(day: date, now: datetime) -> None:
    if day > timezone.localdate(now):
        raise Refused("not_decided_yet", _("Beslutet kan inte vara fattat i framtiden. Ändra datumet."))
