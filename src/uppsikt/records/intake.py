"""Taking in: readings become items, versions, threads and actors, in one transaction with the cursor.

One path serves a single comment and a history of thousands, and the number of questions to the database does not
depend on the number of items: what it holds already is read in one go for a batch, and what is new or changed is
written in one go (see `writing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from uppsikt.channels import progress
from uppsikt.channels.models import Channel
from uppsikt.connectors.base import BadItem, Captured, Visibility
from uppsikt.kernel import trail
from uppsikt.kernel.trail import Doer
from uppsikt.policy import queries as policy
from uppsikt.records import indexing, news, rules, secrecy, writing
from uppsikt.records.models import Item
from uppsikt.records.states import STEP_TO
from uppsikt.records.writing import Held, Line

PULLER = Doer.system("pull")
# News of more than this is told in parts: whoever hears of it need not hold up all others with one long job.
TOLD_AT_ONCE = 500


@dataclass
class TakenIn:
    """What a batch came to: keys of new items and of items that changed in wording or in how they are shown."""

    new: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    misread: int = 0


@dataclass
class Batch:
    """One batch on its way in: each reading with what the records are to hold of it."""

    channel: Channel
    now: datetime
    by: Doer
    fresh: list[Line] = field(default_factory=list)
    known: list[Line] = field(default_factory=list)


def take_in(
    channel: Channel,
    captured: Sequence[Captured],
    *,
    now: datetime,
    by: Doer = PULLER,
    cursor: Mapping[str, Any] | None = None,
    left: int | None = None,
    bad: Sequence[BadItem] = (),
    first: bool = False,
) -> TakenIn:
    """Take readings in, and save the cursor that is true once they are safe.

    Reading the same again changes nothing. Bytes are on disk before the transaction ends, so a crash
    leaves at worst a file that nothing points at. `left` is how many more the network says there are, `first` that
    this is the channel's history.
    """
    last = {one.native_id: one for one in captured}
    with transaction.atomic():
        # One taking in at a time for a channel, whoever started it: what is not there now, nobody writes meanwhile.
        Channel.objects.select_for_update().get(pk=channel.pk)
        batch = sort_out(Batch(channel, now, by), list(last.values()))
        writing.add(channel, batch.fresh, batch.known, bad, now=now)
        writing.look_again(batch.known, now=now)
        trail.write_many(Item, steps(batch), by=by, at=now)
        # What has been pulled is found from the moment on when it is there.
        indexing.index([line.pk for line in batch.fresh], fresh=True)
        indexing.index([line.pk for line in batch.known if line.reworded])
        # And what comes under something secret is never open, not for a moment.
        secrecy.follow(channel, [line.pk for line in batch.fresh], now=now)
        if cursor is not None:
            progress.advance(channel, cursor, read=len(last), left=left, now=now)
        result = TakenIn(
            new=[line.pk for line in batch.fresh],
            changed=sorted(line.pk for line in batch.known if line.reworded or line.moved),
            misread=len(bad),
        )
        tell(channel, result, first=first)
    return result


def sort_out(batch: Batch, captured: Sequence[Captured]) -> Batch:
    """Tell what is new from what is known, and settle what is to be written of each."""
    held = writing.held(batch.channel, [one.native_id for one in captured])
    plan = policy.recheck_plan()
    for one in captured:
        before = held.get(one.native_id)
        line = new_line(one) if before is None else known_line(one, before)
        line.next_check_at = next_look(line, batch.now, plan)
        (batch.fresh if before is None else batch.known).append(line)
    return batch


def new_line(one: Captured) -> Line:
    """A reading of something that was not known.

    An item that we first meet in a bin is hidden; that it is gone takes two looks, as for any other.
    """
    return Line(
        one,
        at=rules.believable(one.published_at, one.raw.fetched_at),
        state=(Visibility.HIDDEN if one.visibility is Visibility.GONE else one.visibility).value,
        fingerprint=one.fingerprint,
        can=writing.listed(one.can),
        reworded=True,
    )


def known_line(one: Captured, before: Held) -> Line:
    """A reading of something that the records hold: follow its wording, and how the network shows it.

    Approved, held, hidden, back again; but that it is gone takes two looks (see `sweep`).
    """
    moved = one.visibility is not Visibility.GONE and before.state != one.visibility.value
    fingerprint = one.fingerprint
    return Line(
        one,
        at=before.at,
        state=one.visibility.value if moved else before.state,
        fingerprint=fingerprint,
        can=writing.listed(one.can),
        before=before,
        pk=before.pk,
        number=before.versions_count,
        reworded=before.fingerprint != fingerprint,
        moved=moved,
        actor_id=before.actor_id,
        version_id=before.version_id,
    )


def next_look(line: Line, now: datetime, plan: Iterable[tuple[float, float]]) -> datetime | None:
    """When to re-fetch an item read now: at once where it lies in a bin, else by its age.

    Often while it is new, ever more seldom as it ages, and not at all when it is older than the whole plan.
    """
    binned = line.one.visibility is Visibility.GONE and line.state != Visibility.GONE
    return now if binned else rules.next_check(now - line.at, now, plan)


def steps(batch: Batch) -> Iterator[trail.Many]:
    """The trail's steps: taken in, reworded, shown otherwise."""
    ending = f" ({batch.channel.pk})"
    for line in batch.fresh:
        facts = {"fingerprint": line.fingerprint, "address": line.one.address}
        yield trail.Many(line.pk, line.one.native_id + ending, "take_in", "", line.state, facts)
    for line in batch.known:
        if line.before is None or not (line.reworded or line.moved):
            continue
        before, label = line.before.state, line.one.native_id + ending
        if line.reworded and line.number > 1:
            changed = {"version": line.number, "fingerprint": line.fingerprint}
            yield trail.Many(line.pk, label, "change", before, before, changed)
        if line.moved:
            seen_at = {"address": line.one.raw.url}
            yield trail.Many(line.pk, label, STEP_TO[line.state], before, line.state, seen_at)


def tell(channel: Channel, result: TakenIn, *, first: bool) -> None:
    """Tell upstairs, some at a time."""
    for some in parts(result.new):
        news.TAKEN_IN.tell(channel_id=channel.pk, item_ids=some, first=first)
    for some in parts(result.changed):
        news.CHANGED.tell(channel_id=channel.pk, item_ids=some)


def parts(ids: Sequence[int]) -> list[list[int]]:
    """The keys, some at a time."""
    return [list(ids[start : start + TOLD_AT_ONCE]) for start in range(0, len(ids), TOLD_AT_ONCE)]
