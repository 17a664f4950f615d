"""The trail sealed: a chain of seals, each over some rows of one table and the seal before (D18, D40).

Writers never wait for it: a job reads afterwards what has come, and writes a seal. A key is taken before its
transaction ends, so a row can appear below keys that are sealed already. Such places are looked at again, until
nobody can be about to fill them any more; what lies there goes into a seal of its own. A row that turns up in one of
them later is never sealed, and verifying names it.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max, Q

from uppsikt.kernel import bulk, ranges, sealed
from uppsikt.kernel.models import Seal
from uppsikt.kernel.ranges import Range
from uppsikt.kernel.sealed import Row, Source

log = logging.getLogger(__name__)

BITE = 10_000  # rows that one seal holds at most
NOTHING = "0" * 64  # what stands before the first seal
# For so long, at least, a key that was passed over may still be filled by somebody who took it in time …
PATIENCE = timedelta(hours=1)
# … and behind so many seals of its table, should the clock make a leap.
PATIENT_SEALS = 20
LOCK = 0x5EA1  # the number of the lock that one who seals holds

OLDEST = """
SELECT least(
  (SELECT min(xact_start) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()),
  (SELECT min(prepared) FROM pg_prepared_xacts)
)
"""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: the last seal's number and digest. Kept elsewhere, it shows if the end was cut off."""

    number: int = 0
    digest: str = NOTHING

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """What `str` wrote. Raises ValueError."""
        number, _colon, digest = text.strip().lower().partition(":")
        if not (number.isascii() and number.isdigit() and re.fullmatch("[0-9a-f]{64}", digest)):
            raise ValueError(f"not a seal's number and digest: {text!r}")
        return cls(int(number), digest)


def head() -> Head:
    """The chain's end as it is now; `Head()` where nothing is sealed. For whoever keeps it elsewhere, as backups do."""
    last = Seal.objects.order_by("-number").values_list("number", "digest").first()
    return Head(*last) if last else Head()


def digest_of(seal: Seal) -> str:
    """The digest that a seal with these contents has (hexadecimal)."""
    said = (
        "uppsikt seal 1\n"
        f"number: {seal.number}\n"
        f"kind: {seal.kind}\n"
        f"columns: {seal.columns}\n"
        f"ids: {seal.ids}\n"
        f"count: {seal.count}\n"
        f"rows: {seal.rows}\n"
        f"before: {seal.before}\n"
        f"made: {seal.made_at.astimezone(UTC).isoformat(timespec='microseconds')}\n"
    )
    return hashlib.sha256(said.encode()).hexdigest()


def seal_all(*, now: datetime, seconds: float = 10.0, clock: Callable[[], float] = time.monotonic) -> tuple[int, bool]:
    """Seal what has come in every table, for about so many seconds. Returns the rows sealed, and whether that was all.

    Killed at any point it leaves whole seals behind, and the next run goes on after them.
    """
    end, done = clock() + seconds, 0
    for source in sealed.sources():
        while made := seal_next(source, now=now):
            done += sum(seal.count for seal in made)
            if clock() > end:
                return done, False
    return done, True


def seal_next(source: Source, *, now: datetime) -> list[Seal]:
    """Seal the next rows of a table: those after the last that is sealed, and those that came late. May be none."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        holes = open_holes(source, now)
        late = list(sealed.rows(source, sealed.within(source, holes, limit=BITE))) if holes else []
        fresh = list(sealed.rows(source, sealed.after(source, highest(source), limit=BITE)))
        return [add(source, rows, now=now) for rows in (late, fresh) if rows]


def add(source: Source, rows: Sequence[Row], *, now: datetime) -> Seal:
    """Write the chain's next seal, over these rows."""
    before = head()
    leaves = b"".join(digest for _key, digest in rows)
    seal = Seal(
        number=before.number + 1,
        kind=source.kind,
        columns=",".join(source.columns),
        first=rows[0][0],
        last=rows[-1][0],
        count=len(rows),
        ids=ranges.write(ranges.pack(key for key, _digest in rows)),
        leaves=leaves,
        rows=hashlib.sha256(leaves).hexdigest(),
        before=before.digest,
        made_at=now.astimezone(UTC),
    )
    seal.digest = digest_of(seal)
    # Leaves are large; as a word in a statement they would be read and copied several times over.
    names = [str(field.column) for field in Seal._meta.concrete_fields]
    bulk.copy(Seal, names, [[getattr(seal, name) for name in names]])
    return seal


def highest(source: Source, *, until: int | None = None) -> int:
    """The highest key that is sealed in a table (by the seals up to a number); 0 where there is none."""
    rows = Seal.objects.filter(kind=source.kind)
    if until is not None:
        rows = rows.filter(number__lte=until)
    return rows.aggregate(last=Max("last"))["last"] or 0


def open_holes(source: Source, now: datetime) -> list[Range]:
    """The keys below the highest sealed that are in no seal, and that somebody may still be about to fill."""
    mine = Seal.objects.filter(kind=source.kind).order_by("-number")
    newest = list(mine.values_list("number", flat=True)[:PATIENT_SEALS])
    if not newest:
        return []
    recent = list(mine.filter(Q(number__gte=newest[-1]) | Q(made_at__gt=patient_since(now))).defer("leaves"))
    low = highest(source, until=min(seal.number for seal in recent) - 1)
    high = max(low, *(seal.last for seal in recent))
    return ranges.without([(low + 1, high)], [one for seal in recent for one in keys_of(seal)])


def patient_since(now: datetime) -> datetime:
    """From when on seals are followed by somebody who may still fill a hole in them."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST)
        oldest = cursor.fetchone()[0]
    patient = now - PATIENCE
    return min(patient, oldest - PATIENCE) if oldest else patient


def unsealed(source: Source, *, now: datetime) -> int:
    """How many rows of a table wait for their seal."""
    with connection.cursor() as cursor:
        cursor.execute(sealed.counting(source, sealed.after(source, highest(source), ordered=False)))
        fresh: int = cursor.fetchone()[0]
        if not (holes := open_holes(source, now)):
            return fresh
        cursor.execute(sealed.counting(source, sealed.within(source, holes, ordered=False)))
        return fresh + int(cursor.fetchone()[0])


def keys_of(seal: Seal) -> list[Range]:
    """The keys that a seal names; where they cannot be read, somebody changed them, and its first and last must do."""
    try:
        return ranges.read(seal.ids)
    except ValueError:
        return [(seal.first, max(seal.first, seal.last))]
