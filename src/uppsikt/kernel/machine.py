"""A graph of states as data, checked when it is imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

STAYS = "="


class WrongStep(Exception):
    """The step does not lead from the state that the thing is in."""

    def __init__(self, step: str, state: str) -> None:
        super().__init__(f"{step} does not lead from {state}")
        self.step = step
        self.state = state


@dataclass(frozen=True)
class Machine:
    """`steps` maps a step's name to (states it leads from, state it leads to).

    `STAYS` as target keeps the state: the step is written in the trail all the same.
    Raises ValueError when a state cannot be reached or a step leads from nowhere.
    """

    start: str
    steps: Mapping[str, tuple[Iterable[str], str]]

    def __post_init__(self) -> None:
        reached, before = {self.start}, set[str]()
        while reached != before:
            before = set(reached)
            reached |= {to for froms, to in self.steps.values() if to != STAYS and reached & set(froms)}
        named = self.states
        if named - reached:
            raise ValueError(f"never reached from {self.start}: {sorted(named - reached)}")

    @property
    def states(self) -> set[str]:
        """Every state that is named."""
        named = {self.start}
        for froms, to in self.steps.values():
            named |= set(froms) | ({to} - {STAYS})
        return named

    def target(self, step: str, before: str) -> str:
        """The state after `step`. Raises KeyError for an unknown step, WrongStep where it does not lead from here."""
        froms, to = self.steps[step]
        if before not in set(froms):
            raise WrongStep(step, before)
        return before if to == STAYS else to

    def open_steps(self, state: str) -> list[str]:
        """The steps that lead from `state`, in the order they were declared."""
        return [name for name, (froms, _to) in self.steps.items() if state in set(froms)]
