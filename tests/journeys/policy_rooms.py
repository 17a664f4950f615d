"""What the pages of grounds and disposal decisions show."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from journeys.odd_rooms import HOSTILE
from uppsikt.kernel.trail import Doer
from uppsikt.policy import deciding
from uppsikt.policy.models import DisposalDecision

SYSTEM = Doer.system("test")


def own_rule() -> tuple[Any, ...]:
    """A rule of the house of one's own, with words that would break out of the page."""
    deciding.add_rule(
        name=HOSTILE[:80],
        law="Kommunens regler för kanalen",
        text=HOSTILE[:200],
        example=HOSTILE[:200],
        allowed=HOSTILE[:200],
        needs_reason=True,
        asks="Varför?",
        by=SYSTEM,
        now=timezone.now(),
        reason="KS 2026/7",
    )
    return ()


def decision(number: str = "KS 2026/123 § 45") -> tuple[Any, ...]:
    """The key of a standing decision."""
    row = deciding.add_decision(
        number=number,
        name="Dokumenthanteringsplan för sociala medier",
        text="Inlägg och kommentarer som strider mot lag eller husregler. De bevaras som bevis i fem år.",
        standing=True,
        scope=DisposalDecision.Scope.ALL,
        decided_by="Kommunstyrelsen",
        decided_on=date(2026, 3, 2),
        by=SYSTEM,
        now=timezone.now(),
    )
    return (row.pk,)


def decisions() -> tuple[Any, ...]:
    """Two that hold, and one that has ended."""
    (ended,) = decision("KS 2019/7 § 12")
    decision()
    decision(HOSTILE[:60])
    row = DisposalDecision.objects.get(pk=ended)
    deciding.end_decision(decision=row, by=SYSTEM, now=timezone.now(), reason="Ersatt av ny plan")
    return ()
