"""What a removal asks for, in plain Python: who decides, when it was known, who took away what is gone (D20, D45)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from uppsikt.connectors.base import Deed

# What is decided about an item: out of sight, where it can stay on the network, or away from it.
TAKING = (Deed.HIDE, Deed.REMOVE)


class Sort(StrEnum):
    """How much a proof holds, the best first."""

    # The page was opened, and shows all that the network says is there.
    WHOLE = "whole"
    # The page was opened, and the report says what of it is lacking.
    PARTLY = "partly"
    # The page could not be opened: the network's raw answer, and a picture of the item drawn here.
    CARD = "card"
    # Taken after the item was gone: what was captured when it came in.
    INTAKE = "intake"


class Who(StrEnum):
    """By whom an item went away."""

    AUTHOR = "author"
    NETWORK = "network"
    US = "us"
    UNKNOWN = "unknown"


# After a failed capture, in seconds; then the last one is repeated.
WAITS = (5, 30, 120, 600)
# So many times the page itself is tried; then what there is without it is kept, and the evidence says so.
PAGE_TRIES = 3
# So many times in all; then a person must look, and nothing is removed meanwhile.
TRIES = 12


def wait(tries: int) -> float:
    """Seconds to the next try."""
    return float(WAITS[min(max(tries, 1), len(WAITS)) - 1])


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to a channel: what the delegation asks about (house.md, D21, D45).

    `mandate`: acts of a mandate in force there. `manager`: of the unit. `central`: editor, customer centre or
    communications unit, on a central channel, or the communications unit anywhere.
    """

    mandate: frozenset[str]
    manager: bool = False
    central: bool = False
    communications: bool = False


def may_propose(who: Standing, deed: Deed) -> bool:
    """Whether somebody may say that an item should go: with a mandate for that on the channel."""
    return deed.value in who.mandate or Deed.REMOVE.value in who.mandate


def may_decide(who: Standing, deed: Deed, *, people: int, proposer: bool) -> bool:
    """Whether somebody may decide it. `people`: how many the policy asks for; `proposer`: it is their own proposal.

    One is enough: whoever may propose decides. Two: somebody else, the unit's manager, or on central channels the
    communications unit and its editors. To hide is undone by a click, and one is enough whatever the policy says.
    """
    if deed is Deed.HIDE or people < 2:  # noqa: PLR2004 two pairs of eyes
        return may_propose(who, deed) or who.manager
    return not proposer and (who.manager or who.communications or (who.central and Deed.REMOVE.value in who.mandate))


def first_known(
    person: datetime | None, system: Iterable[datetime], reports: Iterable[datetime], *, now: datetime
) -> tuple[datetime, str]:
    """When the matter was first known here, and how: "person", "system" or "report" (BBS 1998:112 4 a §, 5 §).

    What somebody outside has told us is known to us from then on, whoever of us read it and when.
    """
    times = [(at, "system") for at in system] + [(at, "report") for at in reports]
    if person is not None:
        times.append((person, "person"))
    return min(times, default=(now, "person"))


def by_whom(direction: str, takers: Collection[str]) -> Who:
    """Who took away an item that is gone, as far as can be told from here.

    What we drew up only we take away. `takers` are those who can on that network, as its connector says; where it is
    one alone, it was they.
    """
    if direction == "drawn_up" and "network" not in takers:
        return Who.US
    only = set(takers)
    return Who(only.pop()) if len(only) == 1 else Who.UNKNOWN
