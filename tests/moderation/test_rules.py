"""D20, D45, D68: who decides, since when it was known, who took it away: the plain rules, from all sides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uppsikt.connectors.base import Deed
from uppsikt.moderation import rules, states
from uppsikt.moderation.rules import Standing, Who

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MANDATES = [
    frozenset[str](),
    frozenset({"answer"}),
    frozenset({"hide"}),
    frozenset({"remove"}),
    frozenset({"hide", "remove"}),
]
EVERYBODY = [
    Standing(mandate, manager, central, communications)
    for mandate, manager, central, communications in product(MANDATES, *[[False, True]] * 3)
]


@pytest.mark.parametrize("proposer", [False, True])
@pytest.mark.parametrize("people", [1, 2, 3])
@pytest.mark.parametrize("deed", rules.TAKING)
def test_d45_who_may_decide_what_from_all_sides(deed: Deed, people: int, proposer: bool) -> None:
    for who in EVERYBODY:
        decides = rules.may_decide(who, deed, people=people, proposer=proposer)
        if people > 1 and deed is Deed.REMOVE:
            assert not (decides and proposer), "never alone where two are asked"
            may = who.manager or who.communications or (who.central and "remove" in who.mandate)
            assert decides == (may and not proposer)
        else:
            assert decides == (who.manager or rules.may_propose(who, deed)), who
        if not (who.mandate or who.manager or who.communications):
            assert not decides, "nobody without mandate and without a role"


def test_d21_to_remove_is_more_than_to_hide_and_answering_is_neither() -> None:
    for who in EVERYBODY:
        assert rules.may_propose(who, Deed.REMOVE) == ("remove" in who.mandate)
        assert rules.may_propose(who, Deed.HIDE) == bool({"hide", "remove"} & who.mandate)


@given(
    st.none() | st.integers(0, 10_000),
    st.lists(st.integers(0, 10_000), max_size=5),
    st.lists(st.integers(0, 10_000), max_size=2),
)
def test_known_at_is_the_first_that_anybody_learnt_of_it(
    person: int | None, system: list[int], reports: list[int]
) -> None:
    """BBS 1998:112 4 a §: a person's knowledge counts, the system's, and what we were told, whichever came first."""
    ago = [NOW - timedelta(minutes=minutes) for minutes in system]
    told = [NOW - timedelta(minutes=minutes) for minutes in reports]
    learnt = None if person is None else NOW - timedelta(minutes=person)
    at, by = rules.first_known(learnt, ago, told, now=NOW)
    assert at == min([*ago, *told, *([learnt] if learnt else [])], default=NOW)
    whose = {"person": [learnt] if learnt or ago or told else [NOW], "system": ago, "report": told}
    assert at in whose[by]


@given(
    st.sampled_from(["received", "drawn_up"]),
    st.sets(st.sampled_from([who.value for who in Who if who is not Who.UNKNOWN])),
)
def test_by_whom_is_never_guessed(direction: str, takers: set[str]) -> None:
    found = rules.by_whom(direction, takers)
    if direction == "drawn_up" and "network" not in takers:
        assert found is Who.US
    elif len(takers) == 1:
        assert takers == {found.value}
    else:
        assert found is Who.UNKNOWN


@given(st.integers(-3, 50))
def test_a_try_waits_longer_than_the_one_before_and_never_for_ever(tries: int) -> None:
    assert rules.WAITS[0] <= rules.wait(tries) <= rules.wait(tries + 1) <= rules.WAITS[-1]


def test_d43_nothing_acts_on_the_network_but_from_decided_and_preserved() -> None:
    """The graph itself: no way leads from a proposal to the network that does not pass a decision."""
    into = {target: set(sources) for name, (sources, target) in states.REMOVAL.steps.items() if name == "act"}
    assert into == {"acting": {"decided", "preserving"}}
    done = {
        source for name, (sources, target) in states.REMOVAL.steps.items() if target == "done" for source in sources
    }
    assert done == {"acting", "decided", "preserving", "restoring"}
    assert {"proposed", "rejected", "withdrawn", "failed"}.isdisjoint(done)
