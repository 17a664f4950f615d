"""Backups by the clock: made each night, late rather than never; administrators hear of what went wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import factories
from uppsikt.kernel.backups import runs
from uppsikt.kernel.models import BackupRun
from uppsikt.kernel.terminal import Trouble
from uppsikt.notices import jobs
from uppsikt.notices.models import Notice
from uppsikt.organisation.rules import Role

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)  # 9 o'clock in Sweden; the backup was due at 02.30


@pytest.fixture(autouse=True)
def asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The setting that asks for backups."""
    monkeypatch.setenv("UPPSIKT_BACKUP_TO", str(tmp_path / "kopior"))


def made(at: datetime, *, well: bool = True, kind: str = runs.BACKUP) -> BackupRun:
    """A backup of some time ago."""
    return BackupRun.objects.create(kind=kind, place="x", begun_at=at, ended_at=at, went_well=well)


def test_a_backup_is_due_once_a_night_and_a_missed_one_is_made_late(monkeypatch: pytest.MonkeyPatch) -> None:
    assert runs.backup_due(now=MORNING), "the first one at once"
    made(MORNING - timedelta(days=2))
    assert runs.backup_due(now=MORNING), "the machine was off at night"
    made(MORNING, well=False)
    assert not runs.backup_due(now=MORNING + timedelta(hours=1)), "one that failed is not tried the whole day"
    assert not runs.backup_due(now=MORNING + timedelta(hours=17))
    assert runs.backup_due(now=MORNING + timedelta(hours=18))
    monkeypatch.delenv("UPPSIKT_BACKUP_TO")
    assert not runs.backup_due(now=MORNING + timedelta(days=9))


def test_a_drill_is_due_when_asked_for_and_there_is_something_to_drill(monkeypatch: pytest.MonkeyPatch) -> None:
    made(MORNING)
    assert not runs.drill_due(now=MORNING)
    monkeypatch.setenv("UPPSIKT_DRILL_DAYS", "30")
    assert runs.drill_due(now=MORNING)
    made(MORNING, kind=runs.DRILL)
    assert not runs.drill_due(now=MORNING + timedelta(days=29))
    assert runs.drill_due(now=MORNING + timedelta(days=31))


def test_administrators_are_told_once_a_day_when_the_last_good_one_is_too_old() -> None:
    boss, other = factories.person(Role.ADMINISTRATOR), factories.person(Role.OFFICER)
    made(MORNING - timedelta(days=3))
    last = made(MORNING - timedelta(hours=2), well=False)
    assert runs.too_old(now=MORNING)
    runs.tell_age(now=MORNING)
    last.refresh_from_db()
    assert last.told_at == MORNING
    runs.tell_age(now=MORNING + timedelta(hours=3))
    last.refresh_from_db()
    assert last.told_at == MORNING, "not again the same day"
    jobs.backup_too_old.func.__wrapped__(hours=72)  # type: ignore[attr-defined]  # functools.wraps sets it
    assert "72" in Notice.objects.get(person=boss).words
    assert not Notice.objects.filter(person=other).exists()


def test_a_failure_is_kept_and_told() -> None:
    boss = factories.person(Role.ADMINISTRATOR)
    with pytest.raises(Trouble), runs.remembered(runs.BACKUP, "/srv/kopior"):
        raise Trouble("Disken är full.", "The disk is full.")
    run = BackupRun.objects.get()
    assert (run.went_well, run.ended_at is not None) == (False, True)
    jobs.backup_went_wrong.func.__wrapped__(run_id=run.pk)  # type: ignore[attr-defined]  # functools.wraps sets it
    notice = Notice.objects.get(person=boss)
    assert "full" in notice.words
    assert (notice.urgent, notice.url) == (True, "/drift/")


def test_a_cut_off_backup_is_neither_good_nor_bad() -> None:
    BackupRun.objects.create(kind=runs.BACKUP, place="x", begun_at=MORNING - timedelta(days=3))
    assert runs.last_good() is None
    assert runs.too_old(now=MORNING)
