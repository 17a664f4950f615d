"""Backups and drills as they are run and remembered: by hand or by the clock, with the outcome told."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from uppsikt import env
from uppsikt.kernel.backups import keeping, news, ours, taking
from uppsikt.kernel.backups.keeping import Pruned
from uppsikt.kernel.backups.manifest import Manifest
from uppsikt.kernel.backups.rows import BackupRun
from uppsikt.kernel.backups.taking import Progress, nothing
from uppsikt.kernel.stores import Store, Unreachable
from uppsikt.kernel.terminal import Trouble
from uppsikt.kernel.working import ZONE

BACKUP, DRILL = "backup", "drill"
REMEMBERED = timedelta(days=400)


def backup(
    place: Store, keys_place: Store | None, passphrase: str, *, keep: int, progress: Progress = nothing
) -> tuple[Manifest, Pruned]:
    """Take a backup, let go of all but the newest `keep` (0 keeps every one), and remember how it went.

    Raises Trouble and Unreachable, having written that down and told of it.
    """
    with remembered(BACKUP, place.words) as run:
        order = ours.order(place, keys_place, passphrase)
        # One lock over both: a backup begun in between would count on blobs that the other one lets go.
        with taking.alone(order.url):
            made = taking.make(order, now=timezone.now(), progress=progress)
            pruned = keeping.prune(place, keep, keys_place=keys_place) if keep else Pruned()
        run.backup = made.id
        run.facts = {
            "steps": made.counts.get("kernel_step", 0),
            "blobs": made.blobs["count"],
            "copied": made.blobs["copied"],
            "bytes": made.size,
            "let_go": len(pruned.backups),
        }
        if made.wanting:
            run.trouble = "; ".join(list(made.wanting.values())[:5])
            run.facts["wanting"] = len(made.wanting)
    return made, pruned


class remembered:  # noqa: N801 used as a statement
    """`with remembered(kind, place) as run:` writes down that it began, and how it ended; failures are told."""

    def __init__(self, kind: str, place: str) -> None:
        """Nothing is written yet."""
        self.run = BackupRun(kind=kind, place=place[:500], begun_at=timezone.now())

    def __enter__(self) -> BackupRun:
        """It begins."""
        self.run.save()
        return self.run

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """It has ended, well or not."""
        if error is not None:
            self.run.trouble = str(error) if isinstance(error, Trouble | Unreachable) else type(error).__name__
        finish(self.run)


def finish(run: BackupRun) -> None:
    """Write down how it went, and tell where it went wrong."""
    run.ended_at, run.went_well = timezone.now(), not run.trouble
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()  # it may have lain idle for hours
    with transaction.atomic():
        run.save()
        if not run.went_well:
            news.WENT_WRONG.tell(run_id=run.pk)


def newest(kind: str = BACKUP) -> BackupRun | None:
    """The last one that was begun."""
    return BackupRun.objects.filter(kind=kind).order_by("-begun_at").first()


def last_good(kind: str = BACKUP) -> BackupRun | None:
    """The newest one that went well."""
    return BackupRun.objects.filter(kind=kind, went_well=True).order_by("-begun_at").first()


def recent(number: int) -> list[BackupRun]:
    """The last ones of both kinds, newest first."""
    return list(BackupRun.objects.order_by("-begun_at")[:number])


def asked_for() -> bool:
    """Whether backups are to be made by the clock (UPPSIKT_BACKUP_TO)."""
    return bool(env.text("UPPSIKT_BACKUP_TO", ""))


def longest() -> timedelta:
    """How old the last good backup may be (UPPSIKT_BACKUP_WARN_HOURS)."""
    return timedelta(hours=env.number("UPPSIKT_BACKUP_WARN_HOURS", 36, least=1))


def too_old(*, now: datetime) -> bool:
    """Whether backups are asked for and the last good one is older than it may be.

    Before the first one, time counts from the oldest attempt; a fresh installation is given its first night.
    """
    return wanting(now=now)[0]


def wanting(*, now: datetime) -> tuple[bool, bool]:
    """Whether the last good backup is too old, and whether the newest drill went wrong; one question."""
    backups = BackupRun.objects.filter(kind=BACKUP)
    found = list(
        BackupRun.objects.filter(kind=DRILL)
        .order_by("-begun_at")[:1]
        .union(backups.filter(went_well=True).order_by("-begun_at")[:1], backups.order_by("begun_at")[:1], all=True)
    )
    tried = [run.begun_at for run in found if run.kind == BACKUP]
    good = [run.begun_at for run in found if run.kind == BACKUP and run.went_well]
    old = bool(tried) and asked_for() and max(good, default=min(tried, default=now)) < now - longest()
    return old, any(run.kind == DRILL and run.went_well is False for run in found)


def clock() -> time:
    """The time of day for backups (UPPSIKT_BACKUP_AT), local. Raises SettingError."""
    words = env.text("UPPSIKT_BACKUP_AT", "02:30")
    try:
        return time.fromisoformat(words)
    except ValueError as error:
        raise env.SettingError(f"UPPSIKT_BACKUP_AT is {words!r}. Write a time of day, like 02:30.") from error


def last_time(now: datetime) -> datetime:
    """The last moment, up to now, when a backup was to be made."""
    local = now.astimezone(ZONE)
    due = datetime.combine(local.date(), clock(), tzinfo=ZONE)
    return due if due <= local else due - timedelta(days=1)


def backup_due(*, now: datetime) -> bool:
    """Whether the night's backup has not been begun. One that was missed while we were down is made late, and the
    very first one at once."""
    if not asked_for():
        return False
    last = newest()
    return last is None or last.begun_at < last_time(now)


def drill_due(*, now: datetime) -> bool:
    """Whether a drill is due (UPPSIKT_DRILL_DAYS; 0, as from the start, is never), after a backup that went well."""
    days = env.number("UPPSIKT_DRILL_DAYS", 0)
    if not days or not asked_for() or last_good() is None:
        return False
    last = newest(DRILL)
    return last is None or last.begun_at < now - timedelta(days=days)


def scheduled_backup() -> None:
    """The backup that the settings ask for."""
    place = ours.place(env.text("UPPSIKT_BACKUP_TO"))
    keys = env.text("UPPSIKT_BACKUP_KEYS", "")
    backup(
        place,
        ours.keys_place(keys) if keys else None,
        env.text("UPPSIKT_BACKUP_PASSPHRASE", ""),
        keep=env.number("UPPSIKT_BACKUP_KEEP", 0),
    )
    BackupRun.objects.filter(begun_at__lt=timezone.now() - REMEMBERED).delete()


def scheduled_drill() -> None:
    """A drill in a process of its own, which remembers its outcome itself."""
    subprocess.run([sys.executable, "-m", "uppsikt.cli", "drill"], check=False, cwd=ours.ROOT)


def tell_age(*, now: datetime) -> None:
    """Tell, once a day, where the last good backup is older than it may be."""
    last = newest()
    if last is None or not too_old(now=now) or (last.told_at and last.told_at > now - timedelta(days=1)):
        return
    good = last_good()
    hours = int((now - good.begun_at).total_seconds() // 3600) if good else None
    with transaction.atomic():
        BackupRun.objects.filter(pk=last.pk).update(told_at=now)
        news.TOO_OLD.tell(hours=hours)
