"""The made-up people of Älvsta."""

from __future__ import annotations

import re
import unicodedata

from practice import script
from practice.grammar import dice
from practice.speech import TEMPERS, weighted
from practice.store import Store

CROWD = 420
SPEAKS = 0.3
SPEAKS_ENGLISH = 0.025


def move_in(store: Store, seed: str) -> None:
    """Let the people move in, once; the same people for the same seed."""
    if store.number("SELECT count(*) FROM people"):
        return
    rng = dice(seed, "people")
    parts = script.load("people")
    names = list(parts["odd"])
    while len(names) < CROWD:
        name = f"{rng.choice(parts['first'])} {rng.choice(parts['last'])}"
        if name not in names:
            names.append(name)
    rows = []
    for number, name in enumerate(names, start=1):
        language = _language(name, rng.random())
        rows.append([number, name, f"{_plain(name) or 'alvstabo'}-{number}", language, weighted(rng, TEMPERS), None])
    store.write_many("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?)", rows)


def _language(name: str, luck: float) -> str:
    """Some write in the language that their name comes from; a few others in English."""
    for language, names in script.load("people")["speaks"].items():
        if any(part in names for part in name.split()):
            return str(language) if luck < SPEAKS else "sv"
    return "en" if luck < SPEAKS_ENGLISH else "sv"


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", ".", letters).strip(".")[:30]
