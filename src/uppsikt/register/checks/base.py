"""What a check is, and what it is given to look at. A check reads; it changes nothing and asks no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from uppsikt.channels.models import Channel
from uppsikt.register.models import Entry
from uppsikt.register.profile_models import HandLook


@dataclass(frozen=True, slots=True)
class Subject:
    """One channel with its entry in the register and its profile as the network last showed it, at a time.

    `profile` is `channel.profile` ({} where nobody tells). `looked` is the newest look by hand at an account that no
    program reads (`hand_looks`).
    """

    channel: Channel
    entry: Entry
    profile: Mapping[str, Any]
    at: datetime
    looked: HandLook | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    `mark` tells several faults of one check on one channel apart ("" where there can be but one): a person's key, a
    part of the text. `facts` are short strings, safe to show; the words of the check are filled in with them.
    """

    mark: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def always(_subject: Subject) -> bool:
    """What stands in the register itself can always be seen."""
    return True


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of the audit. What cannot be seen is neither right nor wrong: `sees` comes before `look`.

    `code` names it in policy, trail and words; `duty` and `law` are what it carries out and can be read on the
    deviation. `must` says that a channel may not go live with it broken, unless the policy says otherwise.
    `exempt` says that the guideline itself lets a channel be exempt from it (D15), even where it is a must.
    `look` gives all that is wrong, or nothing. `sees` says whether what it looks at can be seen now.
    """

    code: str
    duty: str
    law: str
    look: Callable[[Subject], list[Fault]]
    must: bool = False
    exempt: bool = False
    sees: Callable[[Subject], bool] = always
