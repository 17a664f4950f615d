"""What is known of each network: lengths, pictures, terms, and what an account can do there. Plain Python.

The facts stand in `networks.toml`, each network with its source and the day when that was read, so that whoever finds
that a network has changed can mend a number without code (D13-D15, D24, D29, D32, D33, D67).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Relation = Literal["like", "follow"]
KINDS = ("page", "profile", "blog", "video", "podcast", "wiki", "photos", "site")
SAID_BY = ("network", "others", "unconfirmed")
FILE = Path(__file__).with_name("networks.toml")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much room a network gives; None where no limit is known.

    Characters: `name`, `handle`, `description` (at the head of the account), `about` (the longer text one step away)
    and `post`. `bytes`: a text's most in UTF-8, where the network counts so too. `picture`: the least side, in pixels.
    """

    name: int | None = None
    handle: int | None = None
    description: int | None = None
    about: int | None = None
    post: int | None = None
    bytes: int | None = None
    picture: int | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """One network, as far as the house needs to know it."""

    code: str
    name: str
    kind: str
    hosts: tuple[str, ...]
    account: str
    personal_account_allowed: bool
    relations: frozenset[Relation]
    has_link: bool
    course: str
    terms: str
    limits: Limits
    source: str
    said_by: Literal["network", "others", "unconfirmed"]
    read_on: date

    def holds(self, text: str, most: int | None) -> bool:
        """Whether a text has room in one of the network's fields of `most` characters."""
        within = most is None or len(text) <= most
        return within and (self.limits.bytes is None or len(text.encode()) <= self.limits.bytes)


class Unlisted(ValueError):  # the house names errors by what went wrong
    """The file of networks says what it cannot say; the words are for whoever edits it."""


def read(text: str) -> Mapping[str, Network]:
    """The networks of a file like `networks.toml`, by code. Raises Unlisted, tomllib.TOMLDecodeError."""
    return MappingProxyType({code: _network(code, facts) for code, facts in tomllib.loads(text).items()})


def _network(code: str, facts: Mapping[str, Any]) -> Network:
    try:
        limits = _limits(code, facts["limits"])
        made = Network(
            code=code,
            name=facts["name"],
            kind=facts["kind"],
            hosts=tuple(facts["hosts"]),
            account=facts["account"],
            personal_account_allowed=facts["personal"],
            relations=frozenset(facts["relations"]),
            has_link=facts["link"],
            course=facts["course"],
            terms=facts["terms"],
            limits=limits,
            source=facts["source"],
            said_by=facts["said_by"],
            read_on=facts["read_on"],
        )
    except KeyError as missing:
        raise Unlisted(f"{code}: {missing} is missing") from missing
    if made.kind not in KINDS or not made.relations <= {"like", "follow"} or made.said_by not in SAID_BY:
        raise Unlisted(f"{code}: unknown kind, relation or said_by")
    return made


def _limits(code: str, given: Mapping[str, Any]) -> Limits:
    unknown = set(given) - {one.name for one in fields(Limits)}
    if unknown or not all(isinstance(most, int) and most > 0 for most in given.values()):
        raise Unlisted(f"{code}: limits are whole numbers by known names, not {sorted(given)}")
    return Limits(**given)


NETWORKS: Mapping[str, Network] = read(FILE.read_text(encoding="utf-8"))


def by_host(host: str) -> Network | None:
    """The network that a host belongs to, its subdomains too ("sv-se.facebook.com"), or None."""
    asked = host.lower().rstrip(".")
    return next(
        (one for one in NETWORKS.values() for known in one.hosts if asked == known or asked.endswith(f".{known}")), None
    )
