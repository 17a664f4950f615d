"""A pull that meets what nobody thought of says so on the channel (D5, D40: no channel stops in silence)."""

from __future__ import annotations

import pytest

from records.conftest import Connected
from uppsikt.connectors import practice
from uppsikt.records.states import ITEM, STEP_TO


def test_a_fault_of_our_own_is_put_on_the_channel(connected: Connected, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(*_args: object) -> None:
        raise LookupError("nobody thought of this")

    connected.comment("Hej")
    with monkeypatch.context() as patched:
        patched.setattr(practice, "_read_all", stumble)
        pulled = connected.pull()
    assert pulled.trouble is not None
    connected.channel.refresh_from_db()
    assert (connected.channel.trouble_code, connected.channel.trouble_kind) == ("our_fault", "permanent")
    assert connected.channel.next_pull_at is not None
    assert connected.pull().new == 2, "what was said meanwhile is not lost"
    connected.channel.refresh_from_db()
    assert connected.channel.trouble_code == ""


def test_d18_whatever_a_network_shows_next_there_is_a_step_for_it() -> None:
    for before in ITEM.states:
        for after, step in STEP_TO.items():
            if after not in {before, "gone"}:
                assert ITEM.target(step, before) == after
