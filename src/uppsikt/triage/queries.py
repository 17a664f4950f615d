"""Reads of triage that other rooms may ask: how items stand, in which order, and why. Of what the reader may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from uppsikt.kernel.once import once
from uppsikt.policy import queries as policy
from uppsikt.records import reading as secrecy
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader
from uppsikt.triage import words
from uppsikt.triage.models import Finding, Judgement, Reading, Sample, Standing


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody made of a reason: whether it holds, who said so and when."""

    agreed: bool
    by: str
    at: datetime


@dataclass(slots=True)
class Reason:
    """Why somebody should look: in words, with the ground it points to; `count` places, `said` by staff since."""

    kind: str
    name: str
    tone: str
    why: str
    level: int
    ground: str = ""
    ground_name: str = ""
    law: str = ""
    count: int = 1
    said: Said | None = None


@dataclass(slots=True)
class Seen:
    """How an item stands, for a page: the reasons with the weightiest first, and the places in the text."""

    level: int = 0
    sampled: bool = False
    reasons: list[Reason] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    title_spans: list[tuple[int, int]] = field(default_factory=list)
    # Grounds that staff named though nothing had pointed to them, and that there was nothing to remark.
    added: list[Reason] = field(default_factory=list)
    passed: Said | None = None

    @property
    def first(self) -> Reason | None:
        """The weightiest reason."""
        return self.reasons[0] if self.reasons else None

    @property
    def grounds(self) -> list[Reason]:
        """The reasons that point to a ground, one for each ground: what staff may say of it."""
        return list({reason.ground: reason for reason in reversed(self.reasons) if reason.ground}.values())[::-1]

    @property
    def judged(self) -> bool:
        """Whether staff have said anything of it."""
        return bool(self.passed or self.added or any(reason.said for reason in self.reasons))

    @property
    def marked(self) -> bool:
        """Whether a list says anything of it: what only asks for an answer is said elsewhere."""
        return self.sampled or self.level > 1


def order(items: QuerySet[Item]) -> QuerySet[Item]:
    """The items with what is most urgent first, then the oldest; nothing is left out.

    Each has `triage_level` (0-4), `triage_rank` and `sampled`; what has not been read yet stands last, at level 0.
    """
    own = Standing.objects.filter(item=OuterRef("pk"))
    return items.annotate(
        triage_level=Coalesce(Subquery(own.values("level")[:1]), 0),
        triage_rank=Coalesce(Subquery(own.values("rank")[:1]), 0),
        sampled=Exists(Sample.objects.filter(item=OuterRef("pk"))),
    ).order_by("-triage_rank", "at", "id")


def drawn(items: QuerySet[Item]) -> QuerySet[Item]:
    """Of these items those that were drawn by lot."""
    return items.filter(pk__in=Sample.objects.values("item_id"))


def newest_readings(version_ids: Collection[int]) -> QuerySet[Reading]:
    """Of each of the wordings the newest reading from each source."""
    rows = Reading.objects.filter(version__in=list(version_ids))
    return rows.order_by("version_id", "source", "-id").distinct("version_id", "source")


def findings(version_ids: Collection[int], reader: Reader) -> dict[int, list[Finding]]:
    """What is found in these wordings, by wording, the weightiest first; of items that may not be read, nothing."""
    found = defaultdict[int, list[Finding]](list)
    for row in held(version_ids, reader).order_by("version_id", "-level", "-score", "id"):
        found[row.version_id].append(row)
    return dict(found)


def held(version_ids: Collection[int], reader: Reader) -> QuerySet[Finding]:
    """The findings that hold of these wordings, as far as the reader may read them."""
    rows = Finding.objects.filter(reading__in=newest_readings(version_ids).values("pk"))
    if reader.everything:
        return rows
    return rows.filter(version__item__in=secrecy.readable(Item.objects.all(), reader).values("pk"))


def pointed_to(item: Item, ground: str) -> bool:
    """Whether the rules point to the ground in the item's wording; "" asks for any ground."""
    rows = Finding.objects.filter(reading__in=newest_readings([item.version_id or 0]).values("pk"))
    rows = rows.filter(reading__source=Reading.Source.RULES)
    return (rows.filter(ground=ground) if ground else rows.exclude(ground="")).exists()


def seen(items: Iterable[Item], reader: Reader, *, brief: bool = False) -> dict[int, Seen]:
    """How each of the items stands and why, by key, in a number of questions that does not grow with them.

    `brief` gives the weightiest reason alone, for lists.
    """
    shown = {item.pk: item for item in items if secrecy.may_read(reader, item)}
    if not shown:
        return {}
    made = {pk: Seen() for pk in shown}
    drawn = Exists(Sample.objects.filter(item=OuterRef("item")))
    for pk, level, sampled in Standing.objects.filter(item__in=shown).values_list("item_id", "level", drawn):
        made[pk].level, made[pk].sampled = level, sampled
    of_version = {item.version_id: pk for pk, item in shown.items() if item.version_id}
    rows = held(of_version, Reader(everything=True)).order_by("version_id", "-level", "-score", "id")
    if brief:
        for row in rows.distinct("version_id"):
            made[of_version[row.version_id]].reasons = [reason(row)]
        return made
    judged = judgements(shown)
    for row in rows:
        add(made[of_version[row.version_id]], row, judged.get(of_version[row.version_id], {}))
    for pk, said in judged.items():
        remark(made[pk], said)
    return made


def reason(row: Finding) -> Reason:
    """A finding in words; what its ground is called costs a question, and is left to whoever shows it."""
    return Reason(row.kind, words.kind(row.kind), words.tone(row.level), words.why(row.why), row.level, row.ground)


def beside(item: str) -> dict[str, Any]:
    """What a list of other things shows of the item of each row, in the list's own query; `item` leads to it.

    Only for rows whose items may all be read. `seen_beside` reads what this puts on a row.
    """
    own = Standing.objects.filter(item=OuterRef(f"{item}_id"))
    newer = Reading.objects.filter(
        version=OuterRef("reading__version"), source=OuterRef("reading__source"), pk__gt=OuterRef("reading")
    )
    # By the reading and not by the wording itself: that is what there is an index for.
    found = Finding.objects.filter(~Exists(newer), reading__version=OuterRef(f"{item}__version_id"))
    return {
        "triage_level": Subquery(own.values("level")[:1]),
        "triage_kind": Subquery(found.order_by("-level", "-score", "id").values("kind")[:1]),
        "sampled": Exists(Sample.objects.filter(item=OuterRef(f"{item}_id"))),
    }


def seen_beside(row: object) -> Seen:
    """How the item of a row stands, from what `beside` put on it: its level, the weightiest reason, its lot."""
    level, kind = getattr(row, "triage_level", None) or 0, getattr(row, "triage_kind", None)
    reasons = [Reason(kind, words.kind(kind), words.tone(level), "", level)] if kind else []
    return Seen(level, bool(getattr(row, "sampled", False)), reasons)


def add(one: Seen, row: Finding, judged: dict[str, Said]) -> None:
    """Add a finding to how an item stands: places of one kind are one reason."""
    if row.kind not in words.WHOLE:
        (one.spans if row.part == "text" else one.title_spans).append((row.start, row.end))
    name = words.kind(row.kind)
    for known in one.reasons:
        if (known.name, known.ground) == (name, row.ground):
            known.count += 1
            return
    new = reason(row)
    new.ground_name, new.law = ground_name(row.ground), row.law
    new.said = judged.get(row.ground) if row.ground else None
    one.reasons.append(new)


def remark(one: Seen, judged: dict[str, Said]) -> None:
    """What staff said beside the reasons: grounds that nothing pointed to, and that there was nothing to remark."""
    pointed = {reason.ground for reason in one.reasons}
    for ground, said in judged.items():
        if not ground:
            one.passed = said
        elif ground not in pointed and said.agreed:
            name = ground_name(ground)
            one.added.append(Reason("", name, "neutral", "", 0, ground, name, said=said))


def judgements(item_ids: Collection[int]) -> dict[int, dict[str, Said]]:
    """What staff made of these items, by item and ground; of several who said something, the last."""
    rows = Judgement.objects.filter(item__in=list(item_ids)).order_by("id")
    found = defaultdict[int, dict[str, Said]](dict)
    for pk, ground, agreed, name, at in rows.values_list("item_id", "ground", "agreed", "by__name", "at"):
        found[pk][ground] = Said(agreed, name, at)
    return dict(found)


def ground_name(code: str) -> str:
    """What a ground is called, "" for none."""
    return ground_names().get(code, "") if code else ""


def ground_names() -> dict[str, str]:
    """The grounds of the policy by code, in the order in which people read them."""
    return once("triage.grounds", lambda: {row.code: row.name for row in policy.grounds()})


def left_to_see(reader: Reader) -> QuerySet[Item]:
    """What is urgent, still there and not judged: for a list in order, never by kind (2018:218 3 kap. 3 §)."""
    urgent = Standing.objects.filter(level=4).exclude(item__in=Judgement.objects.values("item_id"))
    rows = secrecy.readable(Item.objects.filter(pk__in=urgent.values("item_id")), reader)
    return rows.exclude(state="gone")
