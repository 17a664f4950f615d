"""What the judgements teach: examples of each ground, figures on those held out, and a model where it is worth it.

Learned in a process of its own, so that nothing of it stays in the worker; nothing that it gives is run as code.
What is secret teaches nothing, nor do the grounds that are about sensitive facts of a person (2018:218 3 kap. 3 §).
"""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from uppsikt.kernel import blobs
from uppsikt.policy import queries as policy
from uppsikt.records.models import Version
from uppsikt.triage import local, rules, weights
from uppsikt.triage.models import Finding, Judgement, LocalModel, Reading
from uppsikt.triage.rules import Score
from uppsikt.triage.weights import Weights

log = logging.getLogger(__name__)
NOT_LEARNED = frozenset({"rule.sensitive", "rule.secrecy"})
# The newest part of the judgements, which no model sees before it is measured on it.
HELD_OUT = 0.3
# With fewer of either answer among those held out, the figures would be chance.
LEAST_HELD = 9
MOST = 20_000
SECONDS = 600
SOURCE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Example:
    """A wording of which staff said whether a ground holds (`so`); `pointed` is what the rules of that day said."""

    judgement: int
    version_id: int
    so: bool
    pointed: bool


class NotLearned(Exception):
    """The process that learns gave no model."""


# Of one item: what was said of each ground, as (judgement, wording, rules of that day, whether it holds).
Answers = dict[str, tuple[int, int, str, bool]]


def judged() -> list[Answers]:
    """What staff have said, item by item; of what was received and is not secret, at most the newest 20,000 sayings.

    Of several who said something of one item, the last counts.
    """
    rows = Judgement.objects.filter(item__secret=False, item__direction="received").order_by("-id")
    fields = ("id", "item_id", "version_id", "detector_version", "ground", "agreed")
    said: dict[int, Answers] = {}
    for pk, item, version, day, code, agreed in rows.values_list(*fields)[:MOST][::-1]:
        said.setdefault(item, {})[code] = (pk, version, day, agreed)
    return list(said.values())


def examples(grounds: Iterable[str]) -> dict[str, list[Example]]:
    """What staff have said of each ground, oldest first; two questions, however many grounds.

    Somebody who named another ground, or had nothing to remark, said too that this one does not hold.
    """
    said, wanted = judged(), list(grounds)
    versions = {one[1] for each in said for one in each.values()}
    rows = Finding.objects.filter(version__in=versions, ground__in=wanted, reading__source=Reading.Source.RULES)
    pointed = set(rows.values_list("version_id", "reading__detector_version", "ground"))
    found = {}
    for ground in wanted:
        made = []
        for each in said:
            pk, version, day, so = of_ground(each, ground) or (0, 0, "", False)
            points = (version, day, ground) in pointed
            # Who named one ground and was silent on another that the rules point to has not said that it fails.
            if pk and (ground in each or "" in each or not points):
                made.append(Example(pk, version, so, points))
        found[ground] = sorted(made, key=lambda one: one.judgement)
    return found


def of_ground(each: Answers, ground: str) -> tuple[int, int, str, bool] | None:
    """What was said of one item, read as an answer about one ground; None where it says nothing of it."""
    if ground in each:
        return each[ground]
    others = [one for code, one in each.items() if one[3]]
    if not others:
        return None
    pk, version, day, _agreed = max(others)
    return pk, version, day, False


def split(found: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Those to learn from, and the newer ones to measure on."""
    cut = len(found) - int(len(found) * HELD_OUT)
    return list(found[:cut]), list(found[cut:])


def counts(found: Iterable[Example]) -> tuple[int, int]:
    """How many say yes, and how many no."""
    answers = [one.so for one in found]
    return sum(answers), len(answers) - sum(answers)


def score_of_rules(found: Iterable[Example]) -> Score:
    """How well the rules did."""
    return rules.scored((one.pointed, one.so) for one in found)


def learn(*, now: datetime) -> list[LocalModel]:
    """Learn each ground of which enough has been judged, and something new; the models that were made.

    What goes wrong with one ground keeps no other from being learned.
    """
    made = []
    before = {row.ground: row for row in local.newest()}
    codes = [ground.code for ground in policy.grounds() if ground.code not in NOT_LEARNED]
    for ground, found in examples(codes).items():
        last = before.get(ground)
        if not enough(found) or (last and max(one.judgement for one in found) <= last.through):
            continue
        try:
            made.append(learn_one(ground, found, last, now=now))
        except NotLearned:
            log.exception("the ground %s could not be learned", ground)
    return made


def enough(found: Sequence[Example]) -> bool:
    """Whether each answer has been given as often as the policy asks, and often enough among those held out."""
    held = counts(split(found)[1])
    return min(counts(found)) >= policy.number("triage.learn_each") and min(held) >= LEAST_HELD


def learn_one(ground: str, found: Sequence[Example], last: LocalModel | None, *, now: datetime) -> LocalModel:
    """Learn one ground, measure it beside the rules, and keep it with its figures. Raises NotLearned."""
    texts = texts_of(found)
    old, held = split(found)
    # A text that was posted many times would be measured on what it was learned from.
    known = {texts[one.version_id] for one in old}
    held = [one for one in held if texts[one.version_id] not in known]
    model = run(ground, [texts[one.version_id] for one in old], [one.so for one in old])
    said = [model.probability(texts[one.version_id]) >= model.threshold for one in held]
    by_rules = score_of_rules(held)
    by_model = rules.scored((yes, one.so) for yes, one in zip(said, held, strict=True))
    gained = sum(yes == one.so != one.pointed for yes, one in zip(said, held, strict=True))
    lost = sum(yes != one.so == one.pointed for yes, one in zip(said, held, strict=True))
    positives, negatives = counts(old)
    held_positives, held_negatives = counts(held)
    on = min(held_positives, held_negatives) >= LEAST_HELD and rules.beats(by_model, by_rules, gained=gained, lost=lost)
    return LocalModel.objects.create(
        ground=ground,
        number=last.number + 1 if last else 1,
        trained_at=now,
        blob_id=blobs.put(model.write(), "application/octet-stream", now=now),
        through=max(one.judgement for one in found),
        positives=positives,
        negatives=negatives,
        held_positives=held_positives,
        held_negatives=held_negatives,
        rules_figures=[by_rules.right, by_rules.wrong, by_rules.missed],
        model_figures=[by_model.right, by_model.wrong, by_model.missed],
        gained=gained,
        lost=lost,
        threshold=model.threshold,
        on=on,
    )


def texts_of(found: Iterable[Example]) -> dict[int, str]:
    """The wordings' words, by key."""
    rows = Version.objects.filter(pk__in=[one.version_id for one in found])
    return {
        pk: f"{title}\n{text}"[: weights.READ] if title else text[: weights.READ]
        for pk, title, text in rows.values_list("pk", "title", "text")
    }


def run(ground: str, texts: Sequence[str], labels: Sequence[bool]) -> Weights:
    """The numbers, from a process that has nothing of ours but the texts: no settings, no keys. Raises NotLearned."""
    surroundings = {"PYTHONPATH": str(SOURCE), "PATH": os.defpath, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "uppsikt.triage.learning"],
            input=json.dumps({"texts": list(texts), "labels": list(labels)}).encode(),
            capture_output=True, env=surroundings, timeout=SECONDS, check=True,
        )  # fmt: skip
        given = json.loads(done.stdout)
        values = array("f")
        values.frombytes(base64.b64decode(given["values"], validate=True))
        if sys.byteorder == "big":
            values.byteswap()
        model = Weights(ground, float(given["bias"]), float(given["threshold"]), values)
        return weights.read(model.write())
    except subprocess.CalledProcessError as error:
        raise NotLearned(error.stderr.decode("utf-8", "replace")[-500:]) from error
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError) as error:
        raise NotLearned(str(error)[:500]) from error
