"""Going through the seals: is everything that was sealed still there, and as it was? (D18, D40)

It goes in bites, and can be written down between two of them, so that a job need not hold a worker for hours and a
crash loses little. Memory stays bounded: rows stream through, of the seals one bite at a time is held.

The order: the chain of seals; the rows of each table against their seals; the bytes of blobs; time-stamps and heads
that were kept elsewhere; how much waits for its seal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Max, Sum
from psycopg import sql

from uppsikt.capture.stamping import BadStamp
from uppsikt.kernel import blobs, ranges, sealed, seals, stamps
from uppsikt.kernel.findings import Code, Finding, Findings, Remark
from uppsikt.kernel.models import Blob, Seal, TimeStamp
from uppsikt.kernel.ranges import Range
from uppsikt.kernel.sealed import Source, UnknownColumn
from uppsikt.kernel.seals import NOTHING, Head

SEALS_AT_ONCE = 2_000  # in the chain, without their leaves
ROWS_AT_ONCE = 50_000
BLOBS_AT_ONCE = 100
DIGEST = 32  # bytes
CLOCK_SLACK = timedelta(seconds=5)
STAMP_SLACK = timedelta(minutes=5)


@dataclass
class Place:
    """How far it is. Everything in it can be written as JSON."""

    stage: str = "chain"
    kind: str = ""
    number: int = 0  # the last seal, blob or time-stamp that was gone through in this stage
    before: str = NOTHING
    made_at: str = ""
    high: int = 0  # the highest key of the table that a seal so far has named
    pending: list[list[int]] = field(default_factory=list)  # keys met below it that no seal so far has named
    bad: list[int] = field(default_factory=list)  # seals that are not to be trusted


class Examination:
    """One going through. Call `step` until it says False; `progress` and `outcome` may be read at any time.

    `since` leaves out the rows and blobs that an earlier one, which ended there, has seen; the chain is always gone
    through whole. `heads` are heads that were kept elsewhere. Reads only.
    """

    def __init__(
        self, *, since: Head | None = None, with_blobs: bool = True, heads: Sequence[Head] = (), to: Head | None = None
    ) -> None:
        self.to = to or seals.head()
        self.since = since or Head()
        self.with_blobs = with_blobs
        self.heads = [*heads, *([since] if since and since.number else [])]
        self.found, self.remarks = Findings(), Findings()
        self.place = Place()
        self.rows: dict[str, int] = {}
        self.seals = self.blobs = self.stamps = 0
        self.unsealed: dict[str, int] = {}
        mine = Seal.objects.filter(number__gt=self.since.number, number__lte=self.to.number)
        self.now = datetime.now(UTC)
        self.expected: int = mine.aggregate(rows=Sum("count"))["rows"] or 0

    @classmethod
    def resume(cls, data: dict[str, Any]) -> Examination:
        """What `as_data` wrote, to go on from there."""
        since, to = Head.parse(data["since"]), Head.parse(data["to"])
        self = cls(since=since, with_blobs=data["with_blobs"], to=to)
        self.heads = [Head.parse(one) for one in data["heads"]]
        self.found, self.remarks = Findings(data["found"]), Findings(data["remarks"])
        self.place = Place(**data["place"])
        self.rows, self.unsealed, self.expected = data["rows"], data["unsealed"], data["expected"]
        self.seals, self.blobs, self.stamps = data["seals"], data["blobs"], data["stamps"]
        return self

    def as_data(self) -> dict[str, Any]:
        """All of it, as JSON can hold it."""
        return {
            "since": str(self.since),
            "to": str(self.to),
            "with_blobs": self.with_blobs,
            "heads": [str(one) for one in self.heads],
            "place": vars(self.place).copy(),
            "expected": self.expected,
            **self.outcome(),
        }

    def outcome(self) -> dict[str, Any]:
        """What was gone through and what was found."""
        return {
            "rows": dict(self.rows),
            "seals": self.seals,
            "blobs": self.blobs,
            "stamps": self.stamps,
            "unsealed": dict(self.unsealed),
            "found": self.found.as_data(),
            "remarks": self.remarks.as_data(),
        }

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong, so far."""
        return not self.found.any()

    def step(self, *, now: datetime) -> bool:
        """Go through one bite more. False when all is done."""
        stages = {
            "chain": self._chain,
            "rows": self._rows,
            "blobs": self._blobs,
            "stamps": self._stamps,
            "heads": self._heads,
        }
        self.now = now
        if self.place.stage == "end":
            return False
        if self.place.stage == "rows" and not self.place.kind:
            self._next_kind(now)
        else:
            stages[self.place.stage]()
        return True

    # The chain

    def _chain(self) -> None:
        place = self.place
        links = list(
            Seal.objects.filter(number__gt=place.number, number__lte=self.to.number)
            .order_by("number")
            .defer("leaves")[:SEALS_AT_ONCE]
        )
        for seal in links:
            self._link(seal)
        if len(links) < SEALS_AT_ONCE:
            if place.number < self.to.number:  # the last ones went while we read
                self.found.add(
                    Code.CUT_SEALS, self.to.number - place.number, first=place.number + 1, last=self.to.number
                )
            self.place = Place("rows", bad=place.bad)

    def _link(self, seal: Seal) -> None:
        place, made = self.place, seal.made_at.isoformat()
        whole = seals.digest_of(seal) == seal.digest and self._well_formed(seal)
        for number in range(place.number + 1, seal.number):
            self.found.add(Code.MISSING_SEAL, seal=number, first=number, last=number)
        if not whole:
            self._distrust(seal, made)
        elif seal.number == place.number + 1 and seal.before != place.before and self._said_of(seal) == seal.digest:
            # The next one knows this one as it is: so it is the one before that was another when this one was made.
            if not place.number:
                self._distrust(seal, made)
            elif place.number not in place.bad:
                self._distrust(Seal(number=place.number), place.made_at)
        if place.made_at and seal.made_at < datetime.fromisoformat(place.made_at) - CLOCK_SLACK:
            self.remarks.add(Remark.CLOCK_BACK, seal=seal.number, made_at=made)
        place.number, place.made_at = seal.number, made
        # What the next one must say. Of a seal that was changed nobody can tell; let the next one say it.
        place.before = seal.digest if whole else self._said_of(seal)
        self.seals += 1

    @staticmethod
    def _well_formed(seal: Seal) -> bool:
        try:
            keys = ranges.read(seal.ids)
        except ValueError:
            return False
        return bool(keys) and (keys[0][0], keys[-1][1], ranges.size(keys)) == (seal.first, seal.last, seal.count)

    @staticmethod
    def _said_of(seal: Seal) -> str:
        after = Seal.objects.filter(number=seal.number + 1).values_list("before", flat=True).first()
        return after or seal.digest

    def _distrust(self, seal: Seal, made: str) -> None:
        self.place.bad.append(seal.number)
        self.found.add(Code.CHANGED_SEAL, seal=seal.number, made_at=made, first=seal.number, last=seal.number)

    # The rows

    def _next_kind(self, now: datetime) -> None:
        """Begin with the next table; after the last one, go on to what comes after the rows."""
        begun = set(self.rows)
        for source in sealed.sources():
            if source.kind not in begun:
                self.rows[source.kind] = 0
                self.unsealed[source.kind] = seals.unsealed(source, now=now)
                high = seals.highest(source, until=self.since.number) if self.since.number else 0
                self.place = Place("rows", source.kind, self.since.number, high=high, bad=self.place.bad)
                return
        skipped = Place("blobs", bad=self.place.bad)
        if self.with_blobs:
            skipped.number = (
                Seal.objects.filter(kind=Blob._meta.label_lower, number__lte=self.since.number).aggregate(
                    last=Max("last")
                )["last"]
                or 0
            )
        else:
            skipped.stage = "stamps"
        self.place = skipped

    def _source(self) -> Source:
        return next(source for source in sealed.sources() if source.kind == self.place.kind)

    def _rows(self) -> None:
        source, place = self._source(), self.place
        begun = place.number
        bite = self._bite(source)
        # What goes on upwards streams through in one piece; what came late is looked up.
        for (late, columns), group in groupby(self._sorted(bite), key=lambda pair: (pair[0], pair[1].columns)):
            links = [seal for _late, seal in group]
            try:
                if late:
                    for seal in links:
                        self._late(source, seal, columns.split(","))
                else:
                    self._upwards(source, links, columns.split(","))
            except UnknownColumn:
                for seal in links:
                    self.found.add(Code.CHANGED_SEAL, seal=seal.number, made_at=seal.made_at.isoformat())
        if place.number == begun:
            self._end_of_kind(source)
            self.place = Place("rows", bad=place.bad)

    def _bite(self, source: Source) -> list[Seal]:
        """The table's next seals, some rows' worth."""
        chosen: list[int] = []
        size = 0
        mine = Seal.objects.filter(kind=source.kind, number__gt=self.place.number, number__lte=self.to.number)
        for number, count in mine.order_by("number").values_list("number", "count")[:SEALS_AT_ONCE]:
            size += count
            self.place.number = number
            chosen.append(number)
            if size >= ROWS_AT_ONCE:
                break
        # What a seal that was changed says of its rows is worth nothing; they will lie about without a seal.
        trusted = [number for number in chosen if number not in self.place.bad]
        return list(mine.filter(number__in=trusted).order_by("number")) if trusted else []

    def _sorted(self, links: Sequence[Seal]) -> Iterator[tuple[bool, Seal]]:
        high = self.place.high
        for seal in links:
            yield seal.last <= high, seal
            high = max(high, seal.last)

    def _upwards(self, source: Source, links: Sequence[Seal], columns: Sequence[str]) -> None:
        """Seals that go on where the table's last one ended, against the rows there."""
        place = self.place
        stream = sealed.rows(source, sealed.after(source, place.high, until=links[-1].last), columns)
        waiting: tuple[int, bytes] | None = next(stream, None)
        for seal in links:
            keys: list[int] = []
            digests: list[bytes] = []
            while waiting is not None and waiting[0] <= seal.last:
                keys.append(waiting[0])
                digests.append(waiting[1])
                waiting = next(stream, None)
            self._compare(seal, keys, digests)
            place.high = seal.last

    def _late(self, source: Source, seal: Seal, columns: Sequence[str]) -> None:
        """A seal over rows that appeared below those that were sealed already."""
        wanted = seals.keys_of(seal)
        found = list(sealed.rows(source, sealed.within(source, wanted), columns))
        self._compare(seal, [key for key, _digest in found], [digest for _key, digest in found])
        self.place.pending = [list(one) for one in ranges.without(self._pending(), wanted)]

    def _pending(self) -> list[Range]:
        return [(first, last) for first, last in self.place.pending]

    def _compare(self, seal: Seal, keys: list[int], digests: list[bytes]) -> None:
        """The rows that were found where a seal lies, against what it says."""
        place = self.place
        leaves = bytes(seal.leaves)
        if hashlib.sha256(leaves).hexdigest() != seal.rows or len(leaves) != DIGEST * seal.count:
            self._distrust(seal, seal.made_at.isoformat())
            return
        # A row's digest is over its key too: the same digests in the same order are the same rows.
        if b"".join(digests) == leaves:
            self.rows[place.kind] += len(keys)
            return
        found = dict(zip(keys, digests, strict=True))
        for number, key in enumerate(ranges.each(ranges.read(seal.ids))):
            was, now_is = leaves[number * DIGEST : (number + 1) * DIGEST], found.pop(key, None)
            if now_is != was:
                code = Code.MISSING_ROW if now_is is None else Code.CHANGED_ROW
                made = seal.made_at.isoformat()
                self.found.add(code, kind=place.kind, first=key, last=key, seal=seal.number, made_at=made)
        self.rows[place.kind] += len(keys) - len(found)
        strangers = ranges.pack(sorted(found))
        place.pending = [list(one) for one in ranges.merge([*self._pending(), *strangers])]

    def _end_of_kind(self, source: Source) -> None:
        """What is left over when all seals of a table have been gone through."""
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("SELECT max({}) FROM {}").format(sql.Identifier(source.key), sql.Identifier(source.table))
            )
            newest = cursor.fetchone()[0] or 0
        cut = [
            one
            for one in self.found.kept
            if one.code == Code.MISSING_ROW and one.kind == source.kind and one.first > newest
        ]
        if cut:
            whole = Finding(Code.CUT_TAIL, source.kind, cut[0].first, cut[-1].last, "", cut[0].seal, cut[0].made_at)
            self.found.replace(cut, whole, sum(one.last - one.first + 1 for one in cut))
        self._strangers(source)

    def _strangers(self, source: Source) -> None:
        """Rows below the highest sealed key that no seal names."""
        pending = self._pending()
        if not pending:
            return
        since = Seal.objects.filter(kind=source.kind, number__gt=self.to.number).defer("leaves").order_by("number")
        sealed_since = [one for seal in since for one in seals.keys_of(seal)]
        pending = ranges.without(pending, [*sealed_since, *seals.open_holes(source, self.now)])
        for first, last in pending:
            # Where a seal is gone or worthless, its rows lie about without one: that is told already.
            if self.found.any(Code.MISSING_SEAL, Code.CHANGED_SEAL):
                self.remarks.add(Remark.LOOSE_ROWS, last - first + 1, kind=source.kind, first=first, last=last)
            else:
                after = (
                    Seal.objects.filter(kind=source.kind, last__gte=first, number__lte=self.to.number)
                    .order_by("number")
                    .defer("leaves")
                    .first()
                )
                self.found.add(
                    Code.INSERTED_ROW,
                    last - first + 1,
                    kind=source.kind,
                    first=first,
                    last=last,
                    seal=after.number if after else 0,
                    made_at=after.made_at.isoformat() if after else "",
                )

    # Blobs, time-stamps, heads

    def _blobs(self) -> None:
        """The bytes of each blob."""
        rows = Blob.objects.filter(number__gt=self.place.number).order_by("number")
        bite = list(rows.values_list("number", "sha256")[:BLOBS_AT_ONCE])
        for number, sha256 in bite:
            try:
                blobs.read(sha256)
            except blobs.Damaged as error:
                # What could not be found has a cause; what was found and is something else has none.
                code = Code.MISSING_BLOB if error.__cause__ else Code.CHANGED_BLOB
                self.found.add(code, name=sha256)
            self.blobs += 1
            self.place.number = number
        if len(bite) < BLOBS_AT_ONCE:
            self.place = Place("stamps", bad=self.place.bad)

    def _stamps(self) -> None:
        """Each time-stamp against its seal and the roots that are trusted."""
        bite = list(TimeStamp.objects.filter(pk__gt=self.place.number).order_by("pk")[:BLOBS_AT_ONCE])
        for stamp in bite:
            self._stamp(stamp)
            self.stamps += 1
            self.place.number = stamp.pk
        if len(bite) < BLOBS_AT_ONCE:
            self.place = Place("heads", bad=self.place.bad)

    def _stamp(self, stamp: TimeStamp) -> None:
        made = stamp.stamped_at.isoformat()
        kept: dict[str, Any] = {"seal": stamp.number, "made_at": made}
        try:
            at = stamps.check(bytes(stamp.token), Head(stamp.number, stamp.digest))
        except BadStamp as error:
            self.found.add(Code.BAD_STAMP, name=error.why, **kept)
            return
        if not stamps.roots():
            self.remarks.add(Remark.STAMP_UNCHECKED, **kept)
        seal = self._expected(Head(stamp.number, stamp.digest), Code.STAMP_MISMATCH, made)
        if seal and seal.made_at > at + STAMP_SLACK:
            self.remarks.add(Remark.CLOCK_BACK, **kept)

    def _heads(self) -> None:
        """Heads that were kept elsewhere."""
        for kept in self.heads:
            if kept.number:
                self._expected(kept, Code.OTHER_CHAIN, "")
        self.place = Place("end")

    def _expected(self, kept: Head, code: Code, made: str) -> Seal | None:
        """The seal that is known to have been there; what is wrong with it is a finding."""
        seal = Seal.objects.filter(number=kept.number).defer("leaves").first()
        if seal is None:
            if not Seal.objects.filter(number__gt=kept.number).exists():
                last = Seal.objects.aggregate(last=Max("number"))["last"] or 0
                if not self.found.any(Code.CUT_SEALS):
                    self.found.add(Code.CUT_SEALS, kept.number - last, first=last + 1, last=kept.number, made_at=made)
        elif seal.digest != kept.digest and kept.number not in self.place.bad:
            self.found.add(code, seal=kept.number, made_at=made)
        return seal
