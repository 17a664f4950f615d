"""How a room's function becomes a job: one way, with connections minded and failures retried."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, close_old_connections, connection, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import Task, configure_task

P = ParamSpec("P")
T = TypeVar("T")

# Two workers: what people wait for never stands behind a slow network or a long history.
QUICK = ("send", "news", "mail", "upkeep")
SLOW = ("capture", "pull", "attachments", "backups", "exports")

# Those whose jobs reach people and networks outside; a restored copy calls them off.
OUTWARD = ("send", "mail")

# A job that fails on something passing (the database restarted) is tried again after 2, 4, 8 … seconds.
PATIENT = RetryStrategy(max_attempts=8, exponential_wait=2)


def minded(function: Callable[P, T]) -> Callable[P, T]:
    """Worker threads live long: a connection that the database closed must not be met by the next job."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        close_old_connections()
        try:
            return function(*args, **kwargs)
        finally:
            close_old_connections()

    return run


def job(
    name: str,
    *,
    queue: str,
    cron: str | None = None,
    queueing_lock: str | None = None,
    patient: bool = True,
) -> Callable[[Callable[..., Any]], Task[Any, Any, Any]]:
    """Make a function a job on one of the queues. `cron` runs it by itself; it then takes `timestamp`, seconds since
    1970. Raises ValueError for a queue that no worker serves.

    A job that fails is tried again, unless it is not `patient`: what runs by itself anyway, and what is queued
    `once`. There a second try would collide with the job that waits under the same name, and never end.
    """

    if queue not in (*QUICK, *SLOW):
        raise ValueError(f"no worker serves the queue {queue}")

    def register(function: Callable[..., Any]) -> Task[Any, Any, Any]:
        retry = PATIENT if patient and not cron else False
        task: Task[Any, Any, Any] = app.task(name=name, queue=queue, queueing_lock=queueing_lock, retry=retry)(
            minded(function)
        )
        if cron:
            app.periodic(cron=cron)(task)
        return task

    return register


def priority(at: datetime | None, behind: timedelta = timedelta()) -> int:
    """0 for what may run now; for what must wait the lower the later, in minutes since 1970.

    `behind` lets it stand in line as if its time came so much later: what comes in droves lets others go first.

    The queue lets no job pass one of the same lock and priority that was queued before it, not even while
    that one waits for its time: an answer that is tried again in an hour would hold up the whole channel.
    """
    return 0 if at is None else -int((at + behind).timestamp() // 60)


def defer(
    name: str,
    *,
    lock: str | None = None,
    once: str | None = None,
    at: datetime | None = None,
    behind: timedelta = timedelta(),
    **facts: Any,
) -> bool:
    """Queue a job by its name, in the transaction that is open. The only way to do it.

    A task's own `defer` will not do: inside a worker the queue's app writes through a connection of the
    worker's, so the job could run before the transaction that it tells of is there, or without it.

    Jobs with the same `lock` run one at a time. With `once`, a job that waits under that name is not
    queued twice, and False says so. `at` is when it may run at the earliest; until then, and after, jobs with
    the same lock that may run before it go first. `behind`: see `priority`.
    """
    job_to_do = configure_task(
        name=name,
        job_manager=JobManager(DjangoConnector(alias=DEFAULT_DB_ALIAS)),
        queue=app.tasks[name].queue,
        lock=lock,
        queueing_lock=once,
        schedule_at=at,
        priority=priority(at, behind),
    )
    try:
        with transaction.atomic():
            job_to_do.defer(**facts)
    except AlreadyEnqueued:
        return False
    return True


def call_off(queues: tuple[str, ...]) -> int:
    """Call off all jobs of some queues that are not done, and say how many. No worker may be at work on them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'aborted'"
            " WHERE status IN ('todo', 'doing') AND queue_name = ANY(%s)",
            [list(queues)],
        )
        return int(cursor.rowcount)
