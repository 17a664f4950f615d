"""Graphs of states."""

import pytest

from uppsikt.channels.states import CHANNEL, MANDATE
from uppsikt.inbox.states import ANSWER, CASE, FORWARD
from uppsikt.kernel.machine import STAYS, Machine, WrongStep
from uppsikt.kernel.states import INTENT
from uppsikt.records.states import ITEM, STEP_TO


def test_a_state_that_nothing_leads_to_is_refused_at_import() -> None:
    with pytest.raises(ValueError, match="never reached"):
        Machine("a", {"go": (("a",), "b"), "lost": (("c",), "d")})


def test_a_step_leads_on_stays_or_is_refused() -> None:
    machine = Machine("a", {"go": (("a",), "b"), "look": (("a", "b"), STAYS)})
    assert machine.target("go", "a") == "b"
    assert machine.target("look", "b") == "b"
    with pytest.raises(WrongStep):
        machine.target("go", "b")
    with pytest.raises(KeyError):
        machine.target("fly", "a")


@pytest.mark.parametrize("machine", [CHANNEL, MANDATE, CASE, FORWARD, ANSWER, INTENT, ITEM])
def test_every_graph_begins_in_a_state_that_it_has(machine: Machine) -> None:
    assert machine.start in machine.states
    assert machine.open_steps(machine.start)


def test_an_item_can_be_shown_in_every_way_a_network_knows() -> None:
    for state, step in STEP_TO.items():
        froms = set(ITEM.steps[step][0])
        assert ITEM.steps[step][1] == state
        assert froms | {state} >= {"visible", "held"} - ({"held"} if state == "held" else set())


def test_an_intent_is_never_tried_again_from_unknown_without_a_look() -> None:
    """D40, nothing doubled: out of "unknown" lead only what a look or a person found out; a restore leaves it there."""
    found_out = {"done", "ask_person", "not_there", "settle_done", "settle_failed"}
    assert set(INTENT.open_steps("unknown")) == found_out | {"restored"}
    assert INTENT.target("restored", "unknown") == "unknown"
    assert INTENT.open_steps("done") == []
