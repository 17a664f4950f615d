"""Answers put together on their way in: as one by one, whatever comes between (D18: everything, and each wording)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import factories
from uppsikt.connectors.base import Batch, Captured, Retry, Visibility
from uppsikt.records import gathering

NOW = factories.THURSDAY
SHOWN = (Visibility.VISIBLE, Visibility.HELD)
READINGS = st.tuples(st.integers(1, 6), st.sampled_from(["Hej", "Hallå"]), st.sampled_from(SHOWN))


def reading(number: int, text: str, shown: Visibility) -> Captured:
    return factories.captured(f"comment/{number}", text=text, visibility=shown)


def states(batches: list[Batch]) -> dict[str, list[tuple[str, Visibility]]]:
    """What is seen of each item, one after the other, each sight that says something new."""
    seen: dict[str, list[tuple[str, Visibility]]] = {}
    for batch in batches:
        for one in {one.native_id: one for one in batch.items}.values():
            sight = (one.text, one.visibility)
            if seen.setdefault(one.native_id, [sight])[-1] != sight:
                seen[one.native_id].append(sight)
    return seen


@settings(deadline=None)
@given(st.lists(st.lists(READINGS, max_size=4), max_size=8), st.integers(1, 9))
def test_d40_every_wording_and_sight_is_kept(answers: list[list[tuple[int, str, Visibility]]], enough: int) -> None:
    given_ = [
        Batch(tuple({number: reading(number, *more) for number, *more in answer}.values()), {"n": place})
        for place, answer in enumerate(answers)
    ]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gathering, "ENOUGH", enough)
        got = list(gathering.gathered(iter(given_), clock=lambda: NOW))
    assert states(got) == states(given_)
    assert [batch.cursor for batch in got][-1:] == [batch.cursor for batch in given_][-1:]
    assert len(got) <= len(given_)


def test_what_came_before_the_trouble_comes_before_the_trouble() -> None:
    first = factories.captured("comment/1")

    def broken() -> Iterator[Batch]:
        yield Batch((first,), {"n": 1}, 7)
        raise Retry("site_down")

    batches = gathering.gathered(broken(), clock=lambda: NOW)
    assert next(batches) == Batch((first,), {"n": 1}, 7)
    with pytest.raises(Retry):
        next(batches)


@pytest.mark.parametrize("full", ["enough", "heavy", "long"])
def test_nothing_is_held_back_for_long(full: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(NOW + timedelta(seconds=2 * n) for n in range(100))
    monkeypatch.setattr(gathering, "ENOUGH", 2 if full == "enough" else 1000)
    monkeypatch.setattr(gathering, "HEAVY", 60 if full == "heavy" else 10**9)
    one = factories.captured()
    raws = [replace(one.raw, body=b"x" * 40) for _ in range(4)]
    given_ = [Batch((replace(one, native_id=f"comment/{n}", raw=raw),), {"n": n}) for n, raw in enumerate(raws)]
    clock = (lambda: next(ticks)) if full == "long" else (lambda: NOW)
    assert len(list(gathering.gathered(iter(given_), clock=clock))) == 2
