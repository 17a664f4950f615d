"""Going through the seals by schedule or by hand: begun, brought on in pieces by a job, ended, told (D18, D40)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from uppsikt.kernel import seal_news, sealed, seals, trail
from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Seal, Step, TimeStamp, Verification
from uppsikt.kernel.queue import defer
from uppsikt.kernel.seals import Head
from uppsikt.kernel.trail import Doer
from uppsikt.kernel.verify import Examination

VERIFIER = Doer.system("verify")
PIECE = 45.0  # seconds that one job goes on; then it makes room for others
SAVE_EVERY = 3.0  # seconds
# One that has not moved for so long will not move any more.
DEAD_AFTER = timedelta(hours=2)
# Steps that wait longer than this for their seal: something is wrong with the sealing.
STALE_AFTER = timedelta(minutes=15)
# A little before the hour, so that what is due "each day" is not a minute short of it.
EARLY = timedelta(hours=2)


def begin(*, whole: bool, by: Doer, now: datetime) -> Verification:
    """Begin to go through everything that is sealed, or what was sealed since the last one that found nothing wrong.

    Raises Refused("already_running").
    """
    busy = Refused("already_running", _("En kontroll pågår redan. Vänta tills den är klar."))
    with transaction.atomic():
        running = Verification.objects.select_for_update().filter(state="running").first()
        if running is not None:
            if running.moved_at > now - DEAD_AFTER:
                raise busy
            trail.take("stop", running, by=by, at=now, ended_at=now)
        since = None if whole else last_head()
        work = Examination(since=since, heads=kept_heads())
        row = Verification(
            whole=since is None,
            begun_at=now,
            moved_at=now,
            place=work.as_data(),
            rows_expected=work.expected,
            head=str(work.to),
        )
        try:
            with transaction.atomic():
                trail.begin(row, by=by, at=now, also={"whole": row.whole, "head": row.head})
        except IntegrityError as error:  # somebody began one this very moment
            raise busy from error
        defer("kernel.verify_on", once=f"verify:{row.pk}", verification_id=row.pk)
    return row


def go_on(
    row: Verification,
    *,
    clock: Callable[[], datetime],
    seconds: float = PIECE,
    timer: Callable[[], float] = time.monotonic,
) -> bool:
    """Go on for some seconds. Returns whether it is done. A crash loses what came after the last writing down."""
    if row.state != "running":
        return True
    work = Examination.resume(row.place)
    begun = saved = timer()
    while more := work.step(now=clock()):
        if timer() - saved > SAVE_EVERY:
            write_down(row, work, now=clock())
            saved = timer()
        if timer() - begun > seconds:
            break
    if more:
        with transaction.atomic():
            write_down(row, work, now=clock())
            defer("kernel.verify_on", once=f"verify:{row.pk}", verification_id=row.pk)
        return False
    end(row, work, now=clock())
    return True


def write_down(row: Verification, work: Examination, *, now: datetime) -> None:
    """How far it is."""
    Verification.objects.filter(pk=row.pk, state="running").update(
        place=work.as_data(), rows=sum(work.rows.values()), moved_at=now
    )


def end(row: Verification, work: Examination, *, now: datetime) -> None:
    """Write down what it came to; what is wrong, and was not told the last time, is told."""
    before = Verification.objects.filter(state="failed").exclude(pk=row.pk).order_by("-id").first()
    outcome = work.outcome()
    with transaction.atomic():
        trail.take(
            "pass" if work.passed else "find",
            row,
            by=VERIFIER,
            at=now,
            also={"head": row.head, "found": outcome["found"]["counts"]},
            ended_at=now,
            moved_at=now,
            rows=sum(work.rows.values()),
            place={},
            outcome=outcome,
        )
        if not work.passed and (before is None or before.outcome["found"] != outcome["found"]):
            seal_news.WRONG.tell(verification_id=row.pk)


def begin_due(*, now: datetime) -> Verification | None:
    """Begin the one that the schedule asks for (UPPSIKT_VERIFY_DAYS, UPPSIKT_VERIFY_WHOLE_DAYS), if any."""

    def due(days: int, rows_whole: bool) -> bool:
        ended = Verification.objects.filter(state__in=["passed", "failed"])
        if rows_whole:
            ended = ended.filter(whole=True)
        return bool(days) and not ended.filter(begun_at__gt=now - timedelta(days=days) + EARLY).exists()

    whole = due(settings.VERIFY_WHOLE_DAYS, True)
    if not whole and not due(settings.VERIFY_DAYS, False):
        return None
    try:
        return begin(whole=whole, by=VERIFIER, now=now)
    except Refused:
        return None


def last_head() -> Head | None:
    """Where the last one ended that found nothing wrong."""
    head = Verification.objects.filter(state="passed").order_by("-id").values_list("head", flat=True).first()
    return Head.parse(head) if head else None


def kept_heads() -> list[Head]:
    """Heads that this database remembers from earlier; those kept elsewhere are worth more."""
    head = last_head()
    return [head] if head and head.number else []


def last_ended() -> Verification | None:
    """The last one that came to its end."""
    return Verification.objects.filter(state__in=["passed", "failed"]).order_by("-id").first()


def waiting_since() -> datetime | None:
    """When the step happened that has waited longest for its seal; None where none waits."""
    source = sealed.source_of(Step, Step.sealed)
    return Step.objects.filter(pk__gt=seals.highest(source)).order_by("pk").values_list("at", flat=True).first()


def watch(*, now: datetime) -> None:
    """Tell, once a day (the job's schedule), where steps wait too long for their seal."""
    since = waiting_since()
    if since is not None and now - since > STALE_AFTER:
        last = Seal.objects.order_by("-number").values_list("made_at", flat=True).first()
        if last is None or now - last > STALE_AFTER:
            seal_news.STALE.tell(minutes=int((now - since).total_seconds() // 60))


@dataclass(frozen=True, slots=True)
class DayHead:
    """The last seal of a day, and when an authority saw it (None: it has not)."""

    day: date
    number: int
    digest: str
    made_at: datetime
    stamped_at: datetime | None


def day_heads(*, now: datetime, days: int = 14) -> list[DayHead]:
    """The last seal of each of the latest days, newest first."""
    recent = Seal.objects.filter(made_at__gt=now - timedelta(days=days)).annotate(day=TruncDate("made_at"))
    last = {
        row["number"]: row["day"] for row in recent.values("day").annotate(number=Max("number")).values("day", "number")
    }
    stamps = dict(TimeStamp.objects.filter(number__in=last).order_by("pk").values_list("number", "stamped_at"))
    rows = Seal.objects.filter(number__in=last).order_by("-number").values_list("number", "digest", "made_at")
    return [DayHead(last[number], number, digest, made, stamps.get(number)) for number, digest, made in rows]
