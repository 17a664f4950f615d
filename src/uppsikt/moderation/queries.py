"""Reads of removals, proofs and what vanished: whoever may not read the item knows nothing of them (D20)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.functions import Left

from uppsikt.moderation.models import Evidence, EvidenceFile, Removal, Vanishing
from uppsikt.policy import queries as policy
from uppsikt.policy.models import DisposalDecision
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader

UNDER_WAY = ("decided", "preserving", "acting", "restoring")
ENDED = ("done", "rejected", "withdrawn", "restored")


def of_readable(reader: Reader) -> Q:
    """Rows whose item the reader may read."""
    if reader.everything:
        return Q()
    return Q(item__secret=False) | Q(item__channel__in=sorted(reader.channels))


def removals(reader: Reader) -> QuerySet[Removal]:
    """Removals of items that may be read, with what lists show of each."""
    rows = Removal.objects.filter(of_readable(reader)).select_related(
        "item__channel", "item__actor", "ground", "proposed_by", "decided_by"
    )
    return rows.annotate(words=Left("version__text", 1000))


def one(pk: int, reader: Reader) -> QuerySet[Removal]:
    """A removal with what its page shows."""
    return (
        removals(reader)
        .filter(pk=pk)
        .select_related(
            "item__channel__unit", "item__thread", "version", "evidence", "decision", "intent", "restore_intent"
        )
    )


def of_item(item: Item) -> list[Removal]:
    """What has been decided about the item, the newest first."""
    rows = Removal.objects.filter(item=item).select_related("ground", "proposed_by", "decided_by")
    return list(rows.order_by("-pk")[:20])


def standing(item: Item) -> Removal | None:
    """The removal that the item is in just now, or that took it away."""
    rows = Removal.objects.filter(item=item).exclude(state__in=["rejected", "withdrawn", "restored"])
    return rows.select_related("ground", "decided_by", "proposed_by").order_by("-pk").first()


def reach_of(item: Item) -> str:
    """Which disposal decisions are about such an item: a scope of theirs."""
    scope = DisposalDecision.Scope
    return scope.OWN if item.direction == "drawn_up" else scope.RECEIVED


def decisions_for(item: Item) -> list[DisposalDecision]:
    """The disposal decisions in force that a removal of the item can rest on, standing ones first (D45).

    One that is not standing was made for one removal: when that is decided, no other can rest on it.
    """
    rows = policy.disposal_decisions(covers=reach_of(item))
    own = [row.number for row in rows if not row.standing]
    used = set(resting_on(own).values_list("decision__number", flat=True)) if own else set()
    return [row for row in rows if row.standing or row.number not in used]


def resting_on(numbers: Iterable[str]) -> QuerySet[Removal]:
    """The removals that rest on decisions of these numbers, however the decisions were worded since."""
    return Removal.objects.filter(decision__number__in=list(numbers)).exclude(state__in=["rejected", "withdrawn"])


def vanishings(reader: Reader, *, open_only: bool = False) -> QuerySet[Vanishing]:
    """What went away outside the product, of items that may be read."""
    rows = Vanishing.objects.filter(of_readable(reader)).select_related("item__channel", "item__actor", "asked")
    rows = rows.annotate(words=Left("version__text", 1000))
    return rows.filter(state__in=["found", "asked"]) if open_only else rows


def evidence(pk: int) -> QuerySet[Evidence]:
    """A proof; whether somebody may read it is asked of `evidence.readable`."""
    return Evidence.objects.filter(pk=pk).select_related("item__channel", "item__thread", "item__actor", "version")


def files(row: Evidence) -> list[EvidenceFile]:
    """The files of a proof, by name."""
    return list(row.files.select_related("blob", "by").order_by("name"))
