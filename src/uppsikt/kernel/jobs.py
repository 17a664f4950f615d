"""What keeps the queue itself alive, and the trail sealed and looked through."""

from __future__ import annotations

import logging

from django.core.management import call_command
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from uppsikt import env
from uppsikt.kernel import seals, stamps, verifications
from uppsikt.kernel.backups import runs
from uppsikt.kernel.models import Verification
from uppsikt.kernel.queue import defer, job

log = logging.getLogger(__name__)

KEEP_DONE_HOURS = 7 * 24
# A worker that has not said it lives for this long is dead: its jobs are taken up again.
STALLED_AFTER = env.number("UPPSIKT_STALLED_SECONDS", 30, least=2)


@app.periodic(cron="* * * * * */10")  # the sixth field is seconds
@app.task(name="kernel.retry_stalled", queue="upkeep", queueing_lock="kernel.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put back the jobs of workers that died, kill -9 and power cuts included."""
    manager = context.app.job_manager
    for stalled in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        log.warning("job %s (%s) had stalled and is taken up again", stalled.id, stalled.task_name)
        try:
            await manager.retry_job(stalled)
        except UniqueViolation:
            # One that does the same waits under its name already: that one goes on, this one is laid aside.
            await manager.finish_job_by_id_async(job_id=int(stalled.id or 0), status=Status.ABORTED, delete_job=False)
    await manager.prune_stalled_workers(STALLED_AFTER)


@app.periodic(cron="17 2 * * *")
@app.task(name="kernel.tidy", queue="upkeep", queueing_lock="kernel.tidy", pass_context=True)
async def tidy(context: JobContext, timestamp: int) -> None:
    """Let go of jobs that went well a week ago; those that failed stay until somebody has looked."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_DONE_HOURS, include_failed=False)


@job("kernel.tidy_sessions", queue="upkeep", cron="27 2 * * *", queueing_lock="kernel.tidy_sessions")
def tidy_sessions(timestamp: int) -> None:
    """Let go of sessions that have run out."""
    call_command("clearsessions")


@job("kernel.backups_due", queue="upkeep", cron="*/10 * * * *", queueing_lock="kernel.backups_due")
def backups_due(timestamp: int) -> None:
    """See whether a backup or a drill is due, and whether the last good backup has grown too old."""
    now = timezone.now()
    if runs.backup_due(now=now):
        defer("kernel.take_backup", lock="kernel.backups", once="kernel.take_backup")
    if runs.drill_due(now=now):
        defer("kernel.drill", lock="kernel.backups", once="kernel.drill")
    runs.tell_age(now=now)


@job("kernel.take_backup", queue="backups", patient=False)
def take_backup() -> None:
    """Make the backup that the settings ask for."""
    runs.scheduled_backup()


@job("kernel.drill", queue="backups", patient=False)
def drill() -> None:
    """Restore the newest backup in a place of its own and see that it works."""
    runs.scheduled_drill()


@job("kernel.seal", queue="upkeep", cron="* * * * *", queueing_lock="kernel.seal")
def seal(timestamp: int) -> None:
    """Seal what has come; a long backlog is taken some seconds' worth at a time."""
    seals.seal_all(now=timezone.now())


@job("kernel.stamp", queue="pull", cron="*/10 * * * *", queueing_lock="kernel.stamp")
def stamp(timestamp: int) -> None:
    """Have the last day's seal time-stamped, where an authority is named."""
    stamps.stamp_due(now=timezone.now())


@job("kernel.verify_due", queue="upkeep", cron="40 3 * * *", queueing_lock="kernel.verify_due")
def verify_due(timestamp: int) -> None:
    """Go through the seals as the settings say, and see that sealing is not behind."""
    verifications.begin_due(now=timezone.now())
    verifications.watch(now=timezone.now())


@job("kernel.verify_on", queue="backups")
def verify_on(verification_id: int) -> None:
    """Bring a verification on, some seconds' worth."""
    verifications.go_on(Verification.objects.get(pk=verification_id), clock=timezone.now)
