"""How well triage does, by ground, and what is missed, measured by lot. What is secret does not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from uppsikt.policy import queries as policy
from uppsikt.policy.models import Ground
from uppsikt.text import reading as text
from uppsikt.triage import asking, catching_up, lessons, local, rules, words
from uppsikt.triage.models import CatchUp, Endpoint, Judgement, LocalModel, Sample
from uppsikt.triage.rules import Score, Share


@dataclass(frozen=True, slots=True)
class Measure:
    """Precision and recall of something, each with its interval; None where nothing can be said."""

    score: Score
    precision: Share | None
    recall: Share | None


@dataclass(frozen=True, slots=True)
class Line:
    """One ground: what was judged, how the rules did, and how it is with the model."""

    ground: Ground
    yes: int
    no: int
    rules: Measure
    model: LocalModel | None
    model_measure: Measure | None
    rules_held: Measure | None
    state: str
    tone: str


def measure(score: Score) -> Measure:
    """A score with its intervals."""
    return Measure(
        score,
        rules.share(score.right, score.right + score.wrong),
        rules.share(score.right, score.right + score.missed),
    )


def lines() -> list[Line]:
    """Every ground that rules or people point to, in the order in which people read them."""
    grounds = policy.grounds()
    found = lessons.examples(ground.code for ground in grounds)
    models = {row.ground: row for row in local.newest()}
    return [line(ground, found[ground.code], models.get(ground.code)) for ground in grounds]


def line(ground: Ground, found: list[lessons.Example], model: LocalModel | None) -> Line:
    """One ground's line."""
    yes, no = lessons.counts(found)
    state, tone = words.learned(
        learnable=ground.code not in lessons.NOT_LEARNED,
        enough=lessons.enough(found),
        model=model,
        asked=policy.number("triage.learn_each"),
    )
    return Line(
        ground=ground,
        yes=yes,
        no=no,
        rules=measure(lessons.score_of_rules(found)),
        model=model,
        model_measure=measure(Score(*model.model_figures)) if model else None,
        rules_held=measure(Score(*model.rules_figures)) if model else None,
        state=state,
        tone=tone,
    )


@dataclass(frozen=True, slots=True)
class Missed:
    """What the lots tell: drawn, looked at, and in how many of those nothing had been found and something was there."""

    share: int
    drawn: int
    looked_at: int
    estimate: Share | None


def missed() -> Missed:
    """What is missed, by the items drawn by lot in which the rules had found nothing and that somebody has judged."""
    drawn = Sample.objects.filter(item__secret=False)
    own = Judgement.objects.filter(item=OuterRef("item"))
    looked = drawn.filter(Exists(own))
    nothing = looked.filter(found=False)
    # The last word on a ground counts: who changed their mind has said so last.
    later = Judgement.objects.filter(item=OuterRef("item"), ground=OuterRef("ground"), pk__gt=OuterRef("pk"))
    there = Judgement.objects.filter(~Exists(later), item=OuterRef("item"), agreed=True).exclude(ground="")
    return Missed(
        share=policy.number("triage.sample_per_thousand"),
        drawn=drawn.count(),
        looked_at=looked.count(),
        estimate=rules.share(nothing.filter(Exists(there)).count(), nothing.count()),
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far today's rules have read what was there before them; `percent` is None before it has begun."""

    version: str
    percent: int | None
    done_at: datetime | None


def progress() -> Progress:
    """How far the reading of older wordings has come."""
    walk: CatchUp | None = catching_up.progress()
    if walk is None:
        return Progress(text.VERSION, None, None)
    percent = 100 if not walk.bottom else 100 - 100 * walk.bottom // max(walk.top, 1)
    return Progress(text.VERSION, percent, walk.done_at)


def endpoint() -> dict[str, Any]:
    """How it is with the language model: off, on, or not answering, and what was thrown away."""
    where = asking.place()
    row = Endpoint.objects.filter(pk=where.url[:300]).first() if where else None
    thrown = [(words.thrown(code), count) for code, count in sorted(row.thrown.items())] if row else []
    return {"place": where, "row": row, "thrown": thrown, "trouble": words.trouble(row.trouble) if row else ""}


def context() -> dict[str, Any]:
    """All that the page shows."""
    return {
        "lines": lines(),
        "missed": missed(),
        "progress": progress(),
        "endpoint": endpoint(),
        "urgent_percent": policy.number("triage.urgent_percent"),
    }
