"""The doctor's checks of backups and drills; imported once Django is set up."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from uppsikt import env
from uppsikt.cli.doctor import MIND, OK, WRONG, Check, Finding
from uppsikt.kernel.backups import runs
from uppsikt.kernel.models import BackupRun
from uppsikt.kernel.terminal import tell


def checks() -> Iterator[tuple[str, Check]]:
    """Both by name."""
    yield tell("Säkerhetskopia", "Backup"), backup
    yield tell("Övad återställning", "Drilled restore"), drilled


def backup() -> Finding:
    """Backups are made by themselves, and the last good one is not too old."""
    last = runs.last_good()
    if not runs.asked_for():
        return Finding(
            MIND,
            tell("tas inte av sig själv", "is not made by itself"),
            tell(
                "Sätt UPPSIKT_BACKUP_TO till en mapp på en annan disk eller s3://hink/prefix.",
                "Let UPPSIKT_BACKUP_TO name a folder on another disk, or s3://bucket/prefix.",
            ),
        )
    if runs.too_old(now=timezone.now()):
        return Finding(
            WRONG,
            tell(f"den senaste som gick bra är {aged(last)}", f"the last one that went well is {aged(last)}"),
            tell("Se varför: ./uppsikt backup", "See why: ./uppsikt backup"),
        )
    if last is None:
        return Finding(MIND, tell("ingen har gått bra än", "none has gone well yet"), "./uppsikt backup")
    if not env.text("UPPSIKT_BACKUP_KEYS", ""):
        return Finding(
            MIND,
            tell(f"{aged(last)}, men utan nycklarna", f"{aged(last)}, but without the keys"),
            tell(
                "Sätt UPPSIKT_BACKUP_KEYS till en annan plats, eller spara mappen keys någon annanstans.",
                "Let UPPSIKT_BACKUP_KEYS name another place, or keep the folder keys somewhere else.",
            ),
        )
    return Finding(OK, aged(last))


def drilled() -> Finding:
    """Somebody has seen that a backup can be restored."""
    last = runs.last_good(runs.DRILL)
    newest = runs.newest(runs.DRILL)
    if newest is not None and newest.went_well is False:
        return Finding(
            WRONG,
            tell("den senaste övningen misslyckades", "the last drill failed"),
            tell("Se varför: ./uppsikt drill", "See why: ./uppsikt drill"),
        )
    if last is None:
        return Finding(
            MIND,
            tell("ingen har prövat att återställa", "nobody has tried to restore"),
            tell("Kör: ./uppsikt drill", "Run: ./uppsikt drill"),
        )
    return Finding(OK, aged(last))


def aged(run: BackupRun | None) -> str:
    """How old one is, in words."""
    if run is None:
        return tell("ingen", "none")
    hours = int((timezone.now() - run.begun_at).total_seconds() // 3600)
    return tell(f"för {hours} timmar sedan", f"{hours} hours ago")
