"""A channel on a real practice network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

import factories
from practice_network import Network
from uppsikt.channels import connecting
from uppsikt.channels.models import Channel
from uppsikt.records import pulling
from uppsikt.records.models import Item

HANDLE = "provet"


@dataclass
class Connected:
    """The network, the channel, and a post that citizens comment."""

    network: Network
    channel: Channel
    post: str

    def pull(self) -> pulling.Pulled:
        """One pull, at the real time."""
        self.channel.refresh_from_db()
        return pulling.pull(self.channel, clock=timezone.now)

    def comment(self, text: str, to: str = "", name: str = "Maria L.") -> str:
        """A citizen says something; returns its native id."""
        return self.network.say(text, to=to or self.post, name=name)

    def item(self, native_id: str) -> Item:
        """The record of it."""
        return Item.objects.select_related("version").get(channel=self.channel, native_id=native_id)

    def trouble(self, kind: str, **more: Any) -> None:
        """Let the network misbehave."""
        self.network.control("POST", "troubles", kind=kind, **more)

    def calm(self) -> None:
        """Let it behave again."""
        self.network.control("DELETE", "troubles")

    def replies(self) -> list[str]:
        """What the account has answered, as the network has it."""
        return [
            row["text"]
            for row in self.network.dump(HANDLE)
            if row["kind"] == "comment" and row["person_id"] is None and row["state"] != "deleted"
        ]


@pytest.fixture
def connected(db: None, tmp_path: Path, settings: Any) -> Iterator[Connected]:
    """An account on a real practice network, connected as a channel, with one post."""
    network = Network(tmp_path / "practice", ["--speed", "1", "--rate", "0"])
    network.start()
    settings.ALLOW_PRIVATE = frozenset({network.host})
    token = network.open(HANDLE)
    found = connecting.recognise(f"{network.base}/@{HANDLE}")
    channel = factories.channel(
        network="practice",
        address=found.address,
        settings=dict(found.settings),
        secrets={"token": token},
        now=timezone.now(),
    )
    yield Connected(network, channel, network.say("Nu plogar vi.", handle=HANDLE))
    network.stop()
