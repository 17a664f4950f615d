"""Reading wordings, in batches: what the rules and the learned models find, written once for each version of theirs.

Reading takes place before the transaction, writing in it, and each table is written to once for a batch.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from django.db import connection, transaction
from django.db.models import F

from uppsikt.channels.models import Channel
from uppsikt.kernel import bulk
from uppsikt.policy import queries as policy
from uppsikt.records.models import Version
from uppsikt.text import reading as text
from uppsikt.text.finding import Finding as Found
from uppsikt.triage import local, rules
from uppsikt.triage.known import known
from uppsikt.triage.models import Finding, Reading, Sample
from uppsikt.triage.rules import CHANCES

RULES, MODEL, ENDPOINT = Reading.Source.RULES.value, Reading.Source.MODEL.value, Reading.Source.ENDPOINT.value
# One writer at a time, so that two jobs that read the same wording do not both write of it.
LOCK = "SELECT pg_advisory_xact_lock(hashtext('triage.reading'))"

STAND = """
INSERT INTO triage_standing (item_id, version_id, level, rank, read_at)
SELECT i.id, i.version_id, max(r.level), greatest(max(r.level), max(s.rank)), %s
FROM records_item i
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (source) level FROM triage_reading WHERE version_id = i.version_id ORDER BY source, id DESC
) r
LEFT JOIN triage_sample s ON s.item_id = i.id
WHERE i.id = ANY(%s)
GROUP BY i.id, i.version_id
ORDER BY i.id
ON CONFLICT (item_id) DO UPDATE
SET version_id = EXCLUDED.version_id, level = EXCLUDED.level, rank = EXCLUDED.rank, read_at = EXCLUDED.read_at
WHERE (triage_standing.version_id, triage_standing.level, triage_standing.rank)
    IS DISTINCT FROM (EXCLUDED.version_id, EXCLUDED.level, EXCLUDED.rank)
"""


@dataclass(slots=True)
class Wording:
    """A wording that is to be read, with what has to be known of its item."""

    pk: int
    item_id: int
    channel_id: int
    direction: str
    state: str
    at: datetime
    newest: bool
    title: str
    text: str

    @property
    def own(self) -> bool:
        """Whether we said it ourselves."""
        return self.direction == "drawn_up"


@dataclass(slots=True)
class Read:
    """A wording with what was found in it: (part, finding), those that matter most first; and by the learned models."""

    wording: Wording
    found: list[tuple[str, Found]]
    level: int
    count: int
    local: list[local.Hit] = field(default_factory=list)
    # The keys of its urgent findings, once they are written.
    urgent: list[int] = field(default_factory=list)


FIELDS = (
    "pk", "item_id", "item__channel_id", "item__direction", "item__state", "item__at", "newest", "title", "text",
)  # fmt: skip


def unread(version_ids: Iterable[int]) -> list[Wording]:
    """Those of the wordings that this version of the rules has not read."""
    rows = Version.objects.filter(pk__in=list(version_ids)).exclude(
        pk__in=Reading.objects.filter(
            version__in=list(version_ids), source=RULES, detector_version=text.VERSION
        ).values("version_id")
    )
    named = rows.annotate(newest=F("item__version_id")).order_by("pk")
    return [
        Wording(pk, item, channel, direction, state, at, newest == pk, title, words)
        for pk, item, channel, direction, state, at, newest, title, words in named.values_list(*FIELDS)
    ]


def sure() -> float:
    """How sure the rules must be that something is a crime before people are told at once."""
    return policy.number("triage.urgent_percent") / 100


def find(wordings: Sequence[Wording]) -> list[Read]:
    """Read the wordings, in the order given: no question to the database but for who we are and what was learned."""
    ours, limit, models = known(), sure(), local.in_force()
    found: dict[int, list[tuple[str, Found]]] = {}
    for own in (False, True):
        group = [one for one in wordings if one.own is own]
        texts = chain.from_iterable((one.title, one.text) for one in group)
        results = text.read_many(texts, own=own, known=ours)
        for one, titled, said in zip(group, results, results, strict=False):
            found[one.pk] = [*(("title", each) for each in titled), *(("text", each) for each in said)]
    return [weigh(one, found[one.pk], limit, models) for one in wordings]


def weigh(one: Wording, found: list[tuple[str, Found]], limit: float, models: Sequence[local.Local]) -> Read:
    """The wording's level by its findings, those that matter most first."""
    ordered = sorted(
        found, key=lambda pair: (-rules.level(pair[1].kind, pair[1].score, sure=limit), -pair[1].score, pair[1].start)
    )
    level = max((rules.level(each.kind, each.score, sure=limit) for _part, each in found), default=rules.NOTHING)
    hits = [] if one.own else local.hits(models, f"{one.title}\n{one.text}" if one.title else one.text)
    return Read(one, ordered[: rules.MOST], level, len(found), hits)


def write(results: list[Read], *, now: datetime) -> list[Read]:
    """Write readings and findings, draw lots, and bring the queue up to date, in one transaction; what was new."""
    if not results:
        return []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(LOCK)
        ids = [one.wording.pk for one in results]
        there = set(
            Reading.objects.filter(version__in=ids, source=RULES, detector_version=text.VERSION).values_list(
                "version_id", flat=True
            )
        )
        fresh = [one for one in results if one.wording.pk not in there]
        add(fresh, now=now)
        draw(fresh, now=now)
        stand([one.wording.item_id for one in fresh], now=now)
    return fresh


READING = ("id", "version_id", "source", "detector_version", "at", "level", "found")
FINDING = (
    "id", "reading_id", "version_id", "part", "kind", "start", "end", "ground", "law", "score", "level", "why",
    "detector", "detector_version",
)  # fmt: skip
Row = tuple[object, ...]


def add(results: Sequence[Read], *, now: datetime) -> None:
    """Write the readings and the findings, each table once."""
    learned = not_said(results)
    drawn = bulk.keys(
        {
            Reading: len(results) + len(learned),
            Finding: sum(len(one.found) for one in results) + sum(len(one.local) for one in learned),
        }
    )
    limit, readings, findings = sure(), list[Row](), list[Row]()
    for one in results:
        key, pk = next(drawn[Reading]), one.wording.pk
        readings.append((key, pk, RULES, text.VERSION, now, one.level, one.count))
        for part, each in one.found:
            finding = next(drawn[Finding])
            level = rules.level(each.kind, each.score, sure=limit)
            if level == rules.URGENT:
                one.urgent.append(finding)
            findings.append(
                (finding, key, pk, part, each.kind, each.start, each.end, each.ground, each.law, each.score, level,
                 each.why, each.detector[:60], each.version[:60])
            )  # fmt: skip
    for one in learned:
        key, pk = next(drawn[Reading]), one.wording.pk
        readings.append((key, pk, MODEL, local.stamp(one.local), now, max(h.level for h in one.local), len(one.local)))
        findings += [
            (next(drawn[Finding]), key, pk, "text", local.KIND, 0, len(one.wording.text), hit.ground, "", hit.score,
             hit.level, local.WHY, local.DETECTOR, hit.version)
            for hit in one.local
        ]  # fmt: skip
    bulk.copy(Reading, READING, readings)
    bulk.copy(Finding, FINDING, findings)


def not_said(results: Sequence[Read]) -> list[Read]:
    """Those of which learned models say something that the same models have not said of the same wording before."""
    learned = [one for one in results if one.local]
    if not learned:
        return []
    rows = Reading.objects.filter(version__in=[one.wording.pk for one in learned], source=MODEL)
    said = set(rows.values_list("version_id", "detector_version"))
    return [one for one in learned if (one.wording.pk, local.stamp(one.local)) not in said]


def draw(results: Sequence[Read], *, now: datetime) -> None:
    """Draw lots among what was received: an item's lot is the same at every reading, so it is drawn once."""
    chance = policy.number("triage.sample_per_thousand")
    drawn = {
        one.wording.item_id: one
        for one in results
        if one.wording.newest and not one.wording.own and rules.lot(one.wording.item_id) < min(chance, CHANCES)
    }
    Sample.objects.bulk_create(
        [
            Sample(
                item_id=item,
                at=now,
                share=chance,
                rank=rules.lot_rank(item),
                found=any(each.ground for _part, each in one.found),
            )
            for item, one in drawn.items()
        ],
        ignore_conflicts=True,
    )


def stand(item_ids: Collection[int], *, now: datetime) -> None:
    """Work out anew how these items stand, by the readings of the wording that each has now."""
    if item_ids:
        with connection.cursor() as cursor:
            cursor.execute(STAND, [now, sorted(set(item_ids))])


def newest_of(item_ids: Iterable[int]) -> list[int]:
    """The keys of the wordings that the items have now."""
    return list(Version.objects.filter(item__in=list(item_ids), pk=F("item__version_id")).values_list("pk", flat=True))


def channels_of(results: Iterable[Read]) -> dict[int, Channel]:
    """The channels of what was read, with their units."""
    keys = {one.wording.channel_id for one in results}
    return {row.pk: row for row in Channel.objects.filter(pk__in=keys).select_related("unit")}
