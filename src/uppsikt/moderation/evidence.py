"""Evidence of what an item said and how it was shown: wanted before anything is removed, kept for good (D43).

What takes it is in `taking`; here is what is asked of it, and what is written down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from uppsikt.kernel import blobs, queue, trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.moderation import rules
from uppsikt.moderation.models import Evidence, EvidenceFile
from uppsikt.moderation.rules import Sort
from uppsikt.organisation.models import Person
from uppsikt.records import reading
from uppsikt.records.models import Item, Thread
from uppsikt.records.reading import Reader

TAKER = Doer.system("evidence")
# What was kept so lately of the same wording serves again.
FRESH = timedelta(hours=1)
# A job that has not been heard of for so long has got lost.
LOST = timedelta(minutes=3)
# Pictures that a person may put beside what was kept.
BY_HAND = {"image/png": "png", "image/jpeg": "jpg"}
SIGNS = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
MOST_BYTES, MOST_BY_HAND = 15_000_000, 10


@dataclass(frozen=True, slots=True)
class File:
    """One file of a proof, before it is kept."""

    name: str
    media_type: str
    body: bytes


def want(item: Item, *, now: datetime, by: Doer) -> Evidence:
    """The proof of the item's wording: one kept of late, one under way (begun again where it had failed), or a new one.

    The item is locked by the caller.
    """
    known = Evidence.objects.filter(version=item.version_id).order_by("-pk")
    fresh = known.filter(state="kept", taken_at__gte=now - FRESH).exclude(sort=Sort.INTAKE).first()
    if fresh:
        return fresh
    under_way = known.exclude(state="kept").first()
    if under_way is None:
        if item.version is None:
            raise Refused("not_there", _("Handlingen finns inte."))
        under_way = trail.begin(
            Evidence(
                item=item,
                version=item.version,
                shown=item.state,
                address=item.link,
                wanted_at=now,
                next_try_at=now,
            ),
            by=by,
            at=now,
            step="want",
            also={"item": item, "version": item.version},
        )
    elif under_way.state == "failed":
        trail.take("again", under_way, by=by, at=now, tries=0, next_try_at=now)
    defer(under_way)
    return under_way


def defer(row: Evidence, *, at: datetime | None = None) -> None:
    """Queue the taking; one at a time for each proof."""
    queue.defer("moderation.capture", lock=f"evidence:{row.pk}", at=at, evidence_id=row.pk)


def begin(pk: int, *, now: datetime) -> Evidence | None:
    """Say that it is being taken from now on; None where it is taken already or not due."""
    with transaction.atomic():
        row = (
            Evidence.objects.select_for_update(of=("self",)).select_related("item__channel", "version__raw").get(pk=pk)
        )
        if row.state == "taking":
            # Its jobs run one at a time, so whoever was taking it is dead.
            trail.take("wait", row, by=TAKER, at=now, trouble_code="worker_died", trouble_facts={}, next_try_at=now)
        if row.state != "wanted" or (row.next_try_at and row.next_try_at > now):
            return None
        trail.take("take", row, by=TAKER, at=now, begun_at=now, tries=row.tries + 1)
    return row


def not_now(row: Evidence, code: str, facts: dict[str, str], *, now: datetime) -> Evidence:
    """It came to nothing this time: tried again later, or put before a person. Nothing is removed meanwhile."""
    with transaction.atomic():
        fields: dict[str, Any] = {"trouble_code": code[:40], "trouble_facts": facts}
        if row.tries >= rules.TRIES:
            return trail.take("fail", row, by=TAKER, at=now, next_try_at=None, **fields)
        # That a worker of ours died says nothing of the page: after it the waits begin anew.
        tries = 1 if row.trouble_code == "worker_died" else row.tries
        again_at = now + timedelta(seconds=rules.wait(tries))
        row = trail.take("wait", row, by=TAKER, at=now, next_try_at=again_at, **fields)
        defer(row, at=again_at)
    return row


def keep(
    row: Evidence,
    sort: Sort,
    files: Iterable[File],
    *,
    report: dict[str, Any],
    code: str,
    now: datetime,
    stamped_at: datetime | None = None,
) -> Evidence:
    """Keep the files, for good. `code` says what made it less than the whole, if anything did."""
    listed = list(files)
    digests = blobs.put_many([(file.body, file.media_type) for file in listed], now=now)
    with transaction.atomic():
        EvidenceFile.objects.bulk_create(
            EvidenceFile(evidence=row, name=file.name, media_type=file.media_type, blob_id=digest, at=now)
            for file, digest in zip(listed, digests, strict=True)
        )
        return trail.take(
            "keep",
            row,
            by=TAKER,
            at=now,
            also={"files": [file.name for file in listed], "digests": digests},
            sort=sort.value,
            report=report,
            trouble_code=code[:40],
            trouble_facts={},
            taken_at=now,
            next_try_at=None,
            stamped_at=stamped_at,
        )


def add_by_hand(row: Evidence, body: bytes, media_type: str, *, why: str, by: Person, now: datetime) -> EvidenceFile:
    """Put a picture that somebody took by hand beside what was kept. Raises Refused for what is no picture."""
    if not body.startswith(SIGNS.get(media_type, b"\0\0\0")):
        raise Refused("no_picture", _("Välj en bild i formatet PNG eller JPEG."))
    if len(body) > MOST_BYTES:
        raise Refused("too_large", _("Bilden är för stor. Den får vara högst 15 MB."))
    sha256 = blobs.put(body, media_type, now=now)
    with transaction.atomic():
        row = Evidence.objects.select_for_update().get(pk=row.pk)
        number = row.files.exclude(by=None).count() + 1
        if number > MOST_BY_HAND:
            raise Refused("too_many", _("Det finns redan tio bilder som är tagna för hand."))
        made = EvidenceFile.objects.create(
            evidence=row,
            name=f"by-hand-{number:03}.{BY_HAND[media_type]}",
            media_type=media_type,
            blob_id=sha256,
            by=by,
            why=why.strip()[:300],
            at=now,
        )
        trail.take("add", row, by=by.doer, at=now, reason=why.strip(), also={"file": made.name, "sha256": sha256})
    return made


def again(row: Evidence, *, by: Person, now: datetime) -> Evidence:
    """Take a proof that failed once more. Raises Refused where it is under way or kept."""
    with transaction.atomic():
        row = trail.take("again", row, by=by.doer, at=now, tries=0, next_try_at=now)
        defer(row)
    return row


def forgotten(*, now: datetime) -> QuerySet[Evidence]:
    """Proofs that should be under way, and of which nothing has been heard."""
    lost = now - LOST
    return Evidence.objects.filter(
        Q(state="wanted", next_try_at__lt=lost) | Q(state="taking", begun_at__lt=now - 5 * LOST)
    ).order_by("pk")


def readable(row: Evidence, reader: Reader) -> bool:
    """Whether somebody may read the proof: it is as secret as everything that its pages show (D20).

    A page shows the whole conversation under a post: where anything of that is kept from the reader, the proof is.
    """
    if reader.reads_secrets_of(row.item.channel_id):
        return True
    if not reading.may_read(reader, row.item):
        return False
    thread = row.item.thread
    threads = Q(pk=thread.pk)
    if thread.post_native_id:
        threads |= Q(channel_id=thread.channel_id, post_native_id=thread.post_native_id)
    around = Thread.objects.filter(threads).values("pk")
    return not reading.kept_from(reader).filter(thread__in=around).exists()
