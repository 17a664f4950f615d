"""An account's own page kept as it was: before the account ends, and when something great has changed (D49, D52, D56).

What was written there is a record since it came in; this shows the account itself, and before it ends its newest posts
on their own pages too (`captures_posts`). It is signed and time-stamped as evidence is. Where no program can open the
page, a person lays in what the network lets its owner take out.
"""

from __future__ import annotations

import json
import logging
import mimetypes
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, Max, Min, QuerySet
from django.utils.translation import gettext as _

from uppsikt.capture import package, page
from uppsikt.capture.errors import CaptureFailed
from uppsikt.channels.models import Channel
from uppsikt.kernel import blobs, queue, trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.trail import Doer
from uppsikt.moderation import closing, opening, rules, taking
from uppsikt.organisation.models import Person
from uppsikt.records import reading
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader
from uppsikt.register import captures_posts
from uppsikt.register.closing_models import Capture, CaptureFile

log = logging.getLogger(__name__)
TAKER = Doer.system("capture")
LOST = timedelta(minutes=10)
STANDING = "standing.json"
# The account ends after these, so that its newest posts' pages are kept too.
LAST = ("closing", "transfer")
# What a person may lay in: a picture, a document, the file that a network gives its account's owner.
BY_HAND = {"zip": b"PK\x03\x04", "pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff"}
MOST_BYTES = 60_000_000


def want(channel: Channel, *, why: str, by: Doer, now: datetime) -> Capture:
    """Have the account's page kept as it is now; the one that is under way for the same reason serves again.

    Raises Refused for an account that has ended: it may be somebody else's by now (D56).
    """
    with transaction.atomic():
        # Of two who ask at once, one finds what the other asked for.
        channel = Channel.objects.select_for_update(no_key=True, of=("self",)).get(pk=channel.pk)
        if channel.state == "closed":
            raise Refused("closed", _("Kontot är avslutat. Det går inte längre att ta en bild av det."))
        under_way = Capture.objects.filter(channel=channel, why=why, state__in=["wanted", "taking"]).first()
        if under_way is not None:
            return under_way
        row = Capture(
            channel=channel, address=channel.address, why=why, by_id=by.person_id, wanted_at=now, next_try_at=now
        )
        trail.begin(row, by=by, at=now, step="want", also={"channel": channel, "why": why})
        defer(row)
    return row


def defer(row: Capture, *, at: datetime | None = None) -> None:
    """Queue the taking; one at a time for each."""
    queue.defer("register.capture", lock=f"account:{row.pk}", at=at, capture_id=row.pk)


def begin(pk: int, *, now: datetime) -> Capture | None:
    """Say that it is being taken from now on; None where it is taken already, not due, or not to be taken any more."""
    with transaction.atomic():
        row = Capture.objects.select_for_update(of=("self",)).select_related("channel__unit").get(pk=pk)
        if row.state == "taking":
            # Its jobs run one at a time, so whoever was taking it is dead.
            trail.take("wait", row, by=TAKER, at=now, trouble_code="worker_died", next_try_at=now)
        if row.state != "wanted" or (row.next_try_at and row.next_try_at > now):
            return None
        over = "closed" if row.channel.state == "closed" else row.trouble_code if row.tries >= rules.TRIES else ""
        if over:
            trail.take("fail", row, by=TAKER, at=now, trouble_code=over, next_try_at=None)
            return None
        trail.take("take", row, by=TAKER, at=now, begun_at=now, tries=row.tries + 1)
    return row


def take(pk: int, *, clock: Callable[[], datetime]) -> None:
    """Take it as far as it goes this time. What passes by itself is tried again; no fault leaves it half taken."""
    row = begin(pk, now=clock())
    if row is None:
        return
    folder = Path(settings.DATA) / "captures" / f"account-{row.pk}"
    try:
        if not (folder / taking.READY).exists():
            gather(row, folder)
        sort = str(package.read_report(folder).get("state", ""))
        facts = {"url": row.address, "state": sort, "channel": row.channel.name, "why": row.why}
        stamped_at = closing.close(folder, facts, now=clock())
        row = keep(row, folder, sort=sort, stamped_at=stamped_at, now=clock())
    except CaptureFailed as failed:
        row = not_now(row, failed.code, retryable=failed.retryable, now=clock())
    except package.PackFailed as failed:
        # The page is here already, and only its time-stamp is waited for.
        row = not_now(row, failed.code, retryable=failed.retryable, now=clock(), tries=rules.TRIES)
    except (OperationalError, InterfaceError):
        # Passing faults of the database: the job is looked for and begun anew.
        raise
    except Exception as error:  # a boundary: strangers' pages are opened here, and no fault may pass in silence
        log.exception("capture %s: a fault of ours", row.pk)
        row = not_now(row, f"our_fault {type(error).__name__}", retryable=True, now=clock())
    if row.state != "wanted":
        shutil.rmtree(folder, ignore_errors=True)


def gather(row: Capture, folder: Path) -> None:
    """The account's page, its newest posts' pages where it is the last picture, and what is held here of the account.

    Raises CaptureFailed where the account's own page cannot be opened; then there is no picture.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    page.capture(row.address, out=folder, limits=opening.LIMITS, allow=settings.ALLOW_PRIVATE)
    told = standing(row.channel)
    if row.why in LAST:
        told["posts"] = captures_posts.take(row.channel, folder)
    (folder / STANDING).write_text(json.dumps(told, indent=1, default=str), encoding="utf-8")
    # Written last: without it, what lies in the folder was broken off.
    (folder / taking.READY).touch()


def standing(channel: Channel) -> dict[str, Any]:
    """What is held here of the channel: how many records of each kind, from when to when, and when it was last read.

    Those that are secret are left out: whoever opens the picture need not be among those who may know of them (D20).
    """
    rows = Item.objects.filter(channel=channel, secret=False).order_by().values("kind", "direction")
    counted = rows.annotate(number=Count("pk"), first=Min("at"), last=Max("at"))
    return {
        "channel": channel.name,
        "network": channel.network,
        "address": channel.address,
        "unit": channel.unit.name,
        "profile": channel.profile,
        "pulled_at": channel.pulled_at,
        "records": sorted(counted, key=lambda row: (row["kind"], row["direction"])),
    }


def keep(row: Capture, folder: Path, *, sort: str, stamped_at: datetime | None, now: datetime) -> Capture:
    """Keep the folder's files, for good."""
    files = taking.files_of(folder)
    report = dict(package.read_report(folder))
    report["posts"] = json.loads((folder / STANDING).read_text(encoding="utf-8")).get("posts")
    digests = blobs.put_many([(file.body, file.media_type) for file in files], now=now)
    with transaction.atomic():
        if Channel.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.channel_id).state == "closed":
            # It was handed over while its page was open: what was seen may be another's by then.
            return trail.take("fail", row, by=TAKER, at=now, trouble_code="closed", next_try_at=None)
        CaptureFile.objects.bulk_create(
            CaptureFile(capture=row, name=file.name, media_type=file.media_type, blob_id=digest, at=now)
            for file, digest in zip(files, digests, strict=True)
        )
        return trail.take(
            "keep", row, by=TAKER, at=now, also={"files": [file.name for file in files], "digests": digests},
            sort=sort[:10], report=report, trouble_code="", taken_at=now, next_try_at=None, stamped_at=stamped_at,
        )  # fmt: skip


def not_now(row: Capture, code: str, *, retryable: bool, now: datetime, tries: int = rules.PAGE_TRIES) -> Capture:
    """It came to nothing this time: tried again later, at most so many times in all, or put before a person."""
    if not retryable or row.tries >= tries:
        return trail.take("fail", row, by=TAKER, at=now, trouble_code=code[:40], next_try_at=None)
    at = now + timedelta(seconds=rules.wait(row.tries))
    with transaction.atomic():
        row = trail.take("wait", row, by=TAKER, at=now, trouble_code=code[:40], next_try_at=at)
        defer(row, at=at)
    return row


def by_hand(channel: Channel, body: bytes, name: str, *, why: str, by: Person, now: datetime) -> Capture:
    """What a person took of the account where no program can, kept as it is. Raises Refused for other files."""
    ending = next((ending for ending, sign in BY_HAND.items() if body.startswith(sign)), "")
    if not ending:
        raise Refused("bad_file", _("Välj en zip-fil, en PDF eller en bild (PNG eller JPEG)."))
    if len(body) > MOST_BYTES:
        raise Refused("too_large", _("Filen är för stor. Den får vara högst 60 MB."))
    media_type = mimetypes.types_map.get(f".{ending}", "application/octet-stream")
    digest = blobs.put(body, media_type, now=now)
    with transaction.atomic():
        if Channel.objects.select_for_update(no_key=True, of=("self",)).get(pk=channel.pk).state == "closed":
            raise Refused("closed", _("Kontot är avslutat. Det går inte längre att lägga in en bild av det."))
        row = Capture(channel=channel, address=channel.address, why=why, by=by, wanted_at=now)
        trail.begin(row, by=by.doer, at=now, step="want", also={"channel": channel, "why": why})
        trail.take("take", row, by=by.doer, at=now, begun_at=now)
        CaptureFile.objects.create(capture=row, name=f"by-hand.{ending}", media_type=media_type, blob_id=digest, at=now)
        return trail.take(
            "keep", row, by=by.doer, at=now, also={"name": name[:200], "digests": [digest]}, sort="by_hand",
            taken_at=now,
        )  # fmt: skip


def forgotten(*, now: datetime) -> QuerySet[Capture]:
    """Those that should be under way, and of which nothing has been heard."""
    lost = now - LOST
    return Capture.objects.filter(state="wanted", next_try_at__lt=lost) | Capture.objects.filter(
        state="taking", begun_at__lt=lost
    )


def readable(row: Capture, reader: Reader) -> bool:
    """Whether somebody may read the files: the page shows all that stood there, what is secret by now too (D20)."""
    if reader.reads_secrets_of(row.channel_id):
        return True
    return not reading.kept_from(reader).filter(channel_id=row.channel_id).exists()
