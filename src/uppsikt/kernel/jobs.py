"""What keeps the queue itself alive."""

from __future__ import annotations

import logging

from django.core.management import call_command
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from uppsikt import env
from uppsikt.kernel.queue import job

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
