"""Whom the municipality's accounts may like and follow, by kind of party (D32, D33). Plain Python.

To like is to say a good word for somebody; to follow is to hear what they say. What a network lets an account do at all
stands with the network (`policy.networks`).
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Kind(StrEnum):
    """What the account does."""

    LIKE = "like"
    FOLLOW = "follow"


class Party(StrEnum):
    """Whose account the other one is."""

    OWN = "own"
    MUNICIPALITY = "municipality"
    AUTHORITY = "authority"
    ASSOCIATION = "association"
    CULTURE = "culture"
    PROJECT = "project"
    COMPANY = "company"
    POLITICAL = "political"
    PRIVATE = "private"


class Verdict(StrEnum):
    """What the guideline says of a relation."""

    FINE = ""
    # The network has no such thing.
    UNKNOWN_THERE = "unknown_there"
    # Only with a strong local tie, and it is not stated.
    TIE = "tie"
    # Never liked.
    NOT_LIKED = "not_liked"


ALWAYS = frozenset({Party.OWN, Party.MUNICIPALITY, Party.AUTHORITY})
WITH_TIE = frozenset({Party.ASSOCIATION, Party.CULTURE, Party.PROJECT})
# A tie is said in words: "ja" says nothing.
TIE_LETTERS = 10


def key_of(address: str) -> str:
    """What tells one page from another: people and networks write the same address in several ways.

    Scheme, "www.", a slash at the end and a place on the page make no difference. Any text has a key.
    """
    bare = address.strip().partition("#")[0]
    host, slash, path = bare.partition("://")[2].partition("/") if "://" in bare else bare.partition("/")
    return f"{host.lower().removeprefix('www.')}{slash}{path}".rstrip("/")


def verdict(kind: Kind, party: Party, *, tie: str, allows: Collection[str]) -> Verdict:
    """What the guideline says of liking or following somebody on a network that `allows` such things."""
    if kind.value not in allows:
        return Verdict.UNKNOWN_THERE
    if kind is Kind.FOLLOW or party in ALWAYS:
        return Verdict.FINE
    if party in WITH_TIE:
        return Verdict.FINE if len(tie.strip()) >= TIE_LETTERS else Verdict.TIE
    return Verdict.NOT_LIKED
