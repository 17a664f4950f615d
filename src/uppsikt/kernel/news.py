"""Telling upstairs: news is a job deferred in the same transaction as the step that it tells of.

The queue rolls back with the transaction, so nobody hears of what did not happen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from procrastinate.tasks import Task

from uppsikt.kernel.queue import defer, job


class Topic:
    """One sort of news. A room below owns it; rooms above listen."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.listeners: list[tuple[Task[Any, Any, Any], str]] = []

    def heard_by(self, room: str, *, lock: str = "") -> Callable[[Callable[..., Any]], Task[Any, Any, Any]]:
        """Make a function in a room's `jobs.py` a job that runs for each piece of this news.

        `lock` is a pattern over the facts ("case:{channel_id}"): news with the same lock runs one at a time.
        """

        def register(function: Callable[..., Any]) -> Task[Any, Any, Any]:
            task = job(f"{room}.hears.{self.name}", queue="news")(function)
            self.listeners.append((task, lock))
            return task

        return register

    def tell(self, **facts: Any) -> None:
        """Defer a job for each listener, inside the transaction that is open."""
        for task, lock in self.listeners:
            defer(task.name, lock=lock.format(**facts) if lock else None, **facts)
