"""What the models learned here say of a text, where any is on. They order, beside the rules; none alarms or hides."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from uppsikt.kernel import blobs
from uppsikt.triage import rules, weights
from uppsikt.triage.models import LocalModel
from uppsikt.triage.weights import BadWeights, Weights

log = logging.getLogger(__name__)
KIND, DETECTOR = "local", "local"
WHY = "Texten liknar sådant som ni tidigare har bedömt bryter mot regeln."
# The numbers of models that were read last, by key: a model never changes.
_kept: dict[int, Weights] = {}


@dataclass(frozen=True, slots=True)
class Local:
    """A model that is on."""

    pk: int
    ground: str
    version: str
    weights: Weights


@dataclass(frozen=True, slots=True)
class Hit:
    """A ground that a model points to, and how sure it is."""

    pk: int
    ground: str
    version: str
    score: float
    level: int


def newest() -> list[LocalModel]:
    """The newest model of each ground, on or off."""
    return list(LocalModel.objects.order_by("ground", "-number").distinct("ground"))


def in_force() -> list[Local]:
    """The models that are on, by ground."""
    on = [row for row in newest() if row.on]
    for gone in _kept.keys() - {row.pk for row in on}:
        _kept.pop(gone, None)
    for row in on:
        if row.pk not in _kept:
            try:
                _kept[row.pk] = weights.read(blobs.read(row.blob_id))
            except (blobs.Damaged, blobs.Unreachable, BadWeights):
                # Reading goes on by the rules; the seals tell of a blob that was changed.
                log.exception("the local model %s cannot be read", row)
    return [Local(row.pk, row.ground, f"{row.ground}.{row.number}", _kept[row.pk]) for row in on if row.pk in _kept]


def hits(models: Sequence[Local], text: str) -> list[Hit]:
    """What the models point to in the text."""
    if not models or not text.strip():
        return []
    features = weights.counted(text)
    found = []
    for one in models:
        score = one.weights.of(features)
        if score >= one.weights.threshold:
            level = rules.level_of_ground(one.ground, most=rules.FIRST)
            found.append(Hit(one.pk, one.ground, one.version, round(score, 4), level))
    return found


def stamp(found: Sequence[Hit]) -> str:
    """The version of a reading by models: which of them spoke."""
    return ",".join(str(hit.pk) for hit in found)[:60]
