"""A local model per ground learns from what staff said; it is off until it is surely better than the rules (D71)."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from array import array
from datetime import timedelta
from pathlib import Path

import pytest

import factories
from factories import THURSDAY
from triage.making import NOW, item, taken
from uppsikt.channels.models import Channel
from uppsikt.kernel import blobs
from uppsikt.policy import actions as policy
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader
from uppsikt.triage import figures, lessons, local, queries, rules, weights
from uppsikt.triage.models import Alarm, Finding, Judgement, LocalModel
from uppsikt.triage.weights import BUCKETS, BadWeights, Weights

pytestmark = pytest.mark.django_db
GROUND = "rule.advertising"
# Said so here, and in no lexicon: what only those who read the channel know.
SLANG = (
    "gå in på kvarnfix",
    "kvarnfixarna löser det",
    "mvh kvarnfix",
    "har ni provat kvarnfix",
    "kvarnfix bäst i stan",
)
TALK = ("bron är avstängd igen", "när öppnar badet", "lekplatsen är fin", "bussen var sen", "det luktar vid ån")


@pytest.fixture(autouse=True)
def few(settings: object) -> None:
    """A model is tried after thirty of each."""
    policy.change_rule(key="triage.learn_each", value=30, by=factories.TESTER, now=NOW, reason="Prov")


def comments(channel: Channel, texts: list[str]) -> list[Item]:
    """Many comments taken in at once."""
    return factories.items(
        channel,
        [
            factories.captured(f"comment/l{n}", text=text, at=THURSDAY + timedelta(seconds=n))
            for n, text in enumerate(texts)
        ],
    )


def judged(rows: list[Item], holds: list[bool], by: object) -> None:
    """Staff say of each whether the ground holds."""
    Judgement.objects.bulk_create(
        Judgement(
            item=row, version_id=row.version_id, ground=GROUND, agreed=so, source="page", by=by, at=NOW,
            detector_version="v", found=False,
        )
        for row, so in zip(rows, holds, strict=True)
    )  # fmt: skip


def written(number: int, chance: random.Random) -> tuple[list[str], list[bool]]:
    """Comments, of which a third are of the sort that only people here know."""
    holds = [n % 3 == 0 for n in range(number)]
    texts = [
        f"{chance.choice(TALK)}, {chance.choice(SLANG if so else TALK)} {chance.randrange(10_000)}" for so in holds
    ]
    return texts, holds


def test_a_model_that_is_surely_better_is_heard_and_one_that_is_not_is_off() -> None:
    """First with answers by chance, then with answers that mean something: versioned, with figures, and then heard."""
    chance = random.Random(7)
    channel = factories.channel()
    officer = factories.officer(channel)
    texts, holds = written(240, chance)
    rows = comments(channel, texts)
    judged(rows[:120], [chance.random() < 0.4 for _row in rows[:120]], officer)
    [off] = lessons.learn(now=NOW)
    assert (off.ground, off.number, off.on) == (GROUND, 1, False)
    assert local.in_force() == []
    assert lessons.learn(now=NOW) == [], "nothing new was said"

    judged(rows, holds, officer)
    [on] = lessons.learn(now=NOW + timedelta(days=1))
    assert (on.number, on.on) == (2, True)
    assert (on.held_positives, on.held_negatives) == (24, 48)
    right, wrong, missed = on.model_figures
    assert right + missed == on.held_positives
    assert right >= 20
    assert wrong <= 5
    assert on.rules_figures[0] + on.rules_figures[2] == on.held_positives
    assert on.gained > on.lost
    lines = {line.ground.code: line for line in figures.lines()}
    assert lines[GROUND].tone == "success"
    assert (lines[GROUND].yes, lines[GROUND].no) == (80, 160)

    new = item(channel, "vi tog hjälp av kvarnfix och det gick fort", at=THURSDAY + timedelta(hours=1))
    ours = item(channel, "hör med kvarnfix", at=THURSDAY + timedelta(hours=2), direction=factories.Direction.DRAWN_UP)
    taken(new, ours)
    [finding] = Finding.objects.filter(kind="local")
    assert (finding.version_id, finding.ground, finding.detector_version) == (new.version_id, GROUND, f"{GROUND}.2")
    seen = queries.seen([new], Reader(everything=True))[new.pk]
    assert 2 <= seen.level <= rules.FIRST
    assert seen.spans == [] or all(span != (0, len(new.version.text)) for span in seen.spans)
    assert not Alarm.objects.exists()


def test_with_too_few_of_either_answer_nothing_is_learned() -> None:
    """Thirty that hold and five that do not teach nothing."""
    channel = factories.channel()
    rows = comments(channel, [f"text {n}" for n in range(35)])
    judged(rows, [n < 30 for n in range(35)], factories.officer(channel))
    assert lessons.learn(now=NOW) == []
    assert not LocalModel.objects.exists()


def test_the_newest_judgements_are_held_out_and_copies_are_not_measured_twice() -> None:
    """In order of time: what came last is what the model must tell."""
    found = [lessons.Example(n, n, bool(n % 2), False) for n in range(100)]
    old, held = lessons.split(found)
    assert (len(old), len(held)) == (70, 30)
    assert max(one.judgement for one in old) < min(one.judgement for one in held)


def test_better_means_by_more_than_chance() -> None:
    """A sign test beside the score."""
    good, poor = rules.Score(20, 2, 4), rules.Score(10, 5, 14)
    assert rules.beats(good, poor, gained=14, lost=3)
    assert not rules.beats(good, poor, gained=4, lost=3)
    assert not rules.beats(poor, good, gained=14, lost=3)
    assert not rules.beats(rules.Score(0, 0, 5), rules.Score(0, 3, 5), gained=3, lost=0)


def test_a_model_is_numbers_and_bytes_that_are_none_of_ours_are_refused() -> None:
    """No code in it, no words of anybody; a changed form, a number that is none, another length: refused."""
    model = Weights(GROUND, -1.5, 0.5, array("f", [0.25]) * BUCKETS)
    body = model.write()
    assert weights.read(body).probability("abc") == pytest.approx(model.probability("abc"))
    assert not lessons.NOT_LEARNED & {GROUND}
    nan = Weights(GROUND, -1.5, 0.5, array("f", [float("nan")]) * BUCKETS).write()
    for bad in (b"", b"\x80\x04\x95", body[:-1], body + b"\0", body.replace(b"65536", b"65535"), nan):
        with pytest.raises(BadWeights):
            weights.read(bad)


def test_a_model_whose_bytes_are_gone_stops_no_reading() -> None:
    """Reading goes on by the rules."""
    sha = blobs.put(b"no model", "application/octet-stream", now=NOW)
    LocalModel.objects.create(
        ground=GROUND, number=1, trained_at=NOW, blob_id=sha, through=1, positives=1, negatives=1, held_positives=1,
        held_negatives=1, rules_figures=[0, 0, 0], model_figures=[0, 0, 0], gained=0, lost=0, threshold=0.5, on=True,
    )  # fmt: skip
    assert local.in_force() == []
    assert taken(item(factories.channel(), "Hej"))


def test_the_workers_and_the_pages_never_load_what_learns(tmp_path: Path) -> None:
    """It takes seconds to load and a hundred megabytes: only the process that learns does."""
    asked = (
        "import django, sys; django.setup(); from uppsikt.triage import jobs, views; print('sklearn' in sys.modules)"
    )
    surroundings = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(lessons.SOURCE),
        "DJANGO_SETTINGS_MODULE": "uppsikt.settings",
        "UPPSIKT_DATA": str(tmp_path),
    }
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, env=surroundings)
    assert done.stdout.strip() == "False"


def test_an_empty_text_and_a_huge_one_are_read_as_any_other() -> None:
    """Nothing to count; and of a long text the beginning."""
    assert weights.counted("  \n ") == {}
    long = weights.counted("ab" * 500_000)
    assert sum(value * value for value in long.values()) == pytest.approx(1.0)
