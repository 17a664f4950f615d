"""What keeps the queue itself alive."""

from __future__ import annotations

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app

from uppsikt import env

log = logging.getLogger(__name__)

# A worker that has not said it lives for this long is dead: its jobs are taken up again.
STALLED_AFTER = env.number("UPPSIKT_STALLED_SECONDS", 30, least=2)


@app.periodic(cron="* * * * *")
@app.task(name="kernel.retry_stalled", queue="upkeep", queueing_lock="kernel.retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Put back the jobs of workers that died, kill -9 and power cuts included."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        log.warning("job %s (%s) had stalled and is taken up again", job.id, job.task_name)
        await manager.retry_job(job)
    await manager.prune_stalled_workers(STALLED_AFTER)
