"""The queue worker's own program: `python -m uppsikt.cli.queue_worker CONCURRENCY QUEUE…`."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from typing import cast

import django
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from uppsikt import env


async def work(concurrency: int, queues: list[str]) -> None:
    """Do jobs of these queues until told to stop; those under way get their time to finish."""
    with app.replace_connector(cast("DjangoConnector", app.connector).get_worker_connector()) as ours:
        async with ours.open_async():
            await ours.run_worker_async(
                name=f"{socket.gethostname()}:{os.getpid()}",
                queues=queues,
                concurrency=concurrency,
                fetch_job_polling_interval=0.5,
                update_heartbeat_interval=env.number("UPPSIKT_HEARTBEAT_SECONDS", 5, least=1),
                stalled_worker_timeout=env.number("UPPSIKT_STALLED_SECONDS", 30, least=2),
                shutdown_graceful_timeout=20,
            )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "uppsikt.settings")
    django.setup()
    asyncio.run(work(int(sys.argv[1]), sys.argv[2:]))
