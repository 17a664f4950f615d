"""What differs between sorts of network: the practice network takes their shapes, not their names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flavour:
    """What an account of this sort lets one do.

    `depth` is how deep answers may nest: 1 means that an answer to an answer is put
    beside it. `text` is the longest text in characters. `gone` is the HTTP status of a
    deleted item. `holds_links` keeps a comment with a link until it is approved.
    `keys`: an answer sent again with the same Idempotency-Key is published once; most
    real networks promise no such thing.
    """

    name: str
    swedish: str
    depth: int = 1
    text: int = 8000
    hides: bool = True
    removes: bool = True
    edits: bool = True
    holds_links: bool = False
    pictures: bool = False
    titles: bool = False
    gone: int = 410
    closes_after_days: int | None = None
    keys: bool = True


FLAVOURS = {
    f.name: f
    for f in (
        Flavour("page", "sida"),
        Flavour("photo", "bildflöde", text=2200, edits=False, pictures=True, gone=404),
        Flavour("video", "filmkanal", text=10_000, pictures=True, titles=True),
        Flavour("microblog", "mikroblogg", depth=12, text=500, hides=False, removes=False, gone=404, keys=False),
        Flavour(
            "blog", "blogg", depth=3, text=60_000, edits=False, holds_links=True, titles=True, closes_after_days=90
        ),
        Flavour("podcast", "podd", text=4000, hides=False, titles=True),
    )
}
