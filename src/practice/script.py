"""The content as the program uses it: word lists, accounts, topics, sentences for any topic."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"
Exchange = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Topic:
    """What is said about one thing: posts, and comments by sort, some with the answers that they get."""

    name: str
    months: tuple[int, ...]
    posts: tuple[str, ...]
    questions: tuple[Exchange, ...]
    complaints: tuple[Exchange, ...]
    opinions: tuple[str, ...]
    praise: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs the municipality's answers."""

    name: str
    title: str
    unit: str


@dataclass(frozen=True, slots=True)
class Role:
    """An account of the made-up municipality, and how lively it is."""

    handle: str
    name: str
    flavour: str
    colour: str
    description: str
    topics: Mapping[str, int]
    weekly: float
    crowd: float
    signers: tuple[Signer, ...]


@cache
def load(name: str) -> dict[str, Any]:
    """One content file by its name without ending."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def words() -> Mapping[str, Sequence[str]]:
    """The word lists that templates take from."""
    return {name: tuple(values) for name, values in load("words").items()}


@cache
def topics() -> Mapping[str, Topic]:
    """All topics by name."""
    return {path.stem: _topic(path.stem) for path in sorted((CONTENT / "topics").glob("*.toml"))}


@cache
def roles() -> tuple[Role, ...]:
    """The accounts, in order."""
    return tuple(
        Role(**{**entry, "signers": tuple(Signer(*one.split("|")) for one in entry["signers"])})
        for entry in load("accounts")["accounts"]
    )


@cache
def role(handle: str) -> Role | None:
    """The account's part in the play; None for an account opened for a test."""
    return next((one for one in roles() if one.handle == handle), None)


@cache
def follows() -> tuple[tuple[str, str, str, str], ...]:
    """What the accounts like and follow: handle, like or follow, name, address."""
    rows = (one.split("|") for one in load("follows")["follows"])
    return tuple((handle, bond, name, url) for handle, bond, name, url in rows)


def common(name: str) -> tuple[str, ...]:
    """Sentences that fit any topic."""
    return tuple(load("common")[name])


def exchanges(found: Sequence[Sequence[str]]) -> tuple[Exchange, ...]:
    """Pairs of what is asked and how it may be answered."""
    return tuple((one[0], tuple(one[1:])) for one in found)


def _topic(name: str) -> Topic:
    found = load(f"topics/{name}")
    return Topic(
        name,
        tuple(found.get("months", range(1, 13))),
        tuple(found["posts"]),
        exchanges(found["questions"]),
        exchanges(found["complaints"]),
        tuple(found["opinions"]),
        tuple(found["praise"]),
    )
