"""A channel on a real practice network, with people who may hide and remove there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

import factories
from records.conftest import HANDLE, Connected
from records.conftest import connected as connected  # noqa: PLC0414  # a fixture
from uppsikt.channels.rules import Act
from uppsikt.connectors.base import Deed
from uppsikt.kernel.queue import app
from uppsikt.moderation import actions, queries
from uppsikt.moderation.models import Removal
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.models import Item

QUEUES = ("moderation.", "channels.publish")


def run_jobs(*, turns: int = 20) -> None:
    """Do what the workers would: every waiting job that has to do with removals, until none is due."""
    for _turn in range(turns):
        waiting = [
            row
            for row in ProcrastinateJob.objects.filter(status="todo").order_by("-priority", "id")
            if row.task_name.startswith(QUEUES) and (row.scheduled_at is None or row.scheduled_at <= timezone.now())
        ]
        if not waiting:
            return
        for row in waiting:
            ProcrastinateJob.objects.filter(pk=row.pk).delete()
            app.tasks[row.task_name].func.__wrapped__(**row.args)


@dataclass
class Stage:
    """The network, an officer, a manager, and what they do."""

    connected: Connected
    officer: Person
    manager: Person

    def comment(self, text: str = "Dra åt skogen, idiot.", name: str = "Maria L.") -> Item:
        """A citizen says something, and it is pulled."""
        native_id = self.connected.comment(text, name=name)
        self.connected.pull()
        return self.connected.item(native_id)

    def remove(self, item: Item, *, by: Person | None = None, act: Deed = Deed.REMOVE, **fields: Any) -> Removal:
        """Remove as the officer, on an ordinary house rule and the standing decision."""
        asked = {"ground": "rule.coarse", "reason": "", "obvious": False, **fields}
        decision = queries.decisions_for(item)[0]
        return actions.remove(item, act=act, decision=decision, by=by or self.officer, now=timezone.now(), **asked)

    def state(self, item: Item) -> str:
        """How the network has it."""
        rows = self.connected.network.dump(HANDLE)
        return next(str(row["state"]) for row in rows if f"{row['kind']}/{row['id']}" == item.native_id)

    def acts(self, item: Item) -> list[str]:
        """What was done to it on the network, and by whom."""
        told = self.connected.network.control("GET", "acts")["acts"]
        return [f"{row['act']} by {row['by']}" for row in told if row["item"] == item.native_id]


@pytest.fixture
def stage(connected: Connected, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    # Without a browser a proof is the network's answer and a card; opening pages has tests of its own.
    monkeypatch.setenv("UPPSIKT_BROWSER", "/nonexistent")
    settings.DATA = tmp_path / "data"
    settings.BLOBS = tmp_path / "blobs"
    factories.disposal_decision()
    officer = factories.person(Role.OFFICER, name="Eva Eriksson")
    factories.mandate(officer, connected.channel, Act.ANSWER, Act.HIDE, Act.REMOVE)
    yield Stage(connected, officer, factories.person(Role.MANAGER, name="Maj Månsson"))
