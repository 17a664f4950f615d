"""Common first names in Sweden, and which of them are ordinary words too. Both what is said of somebody and whom it
is said of ask here.
"""

from __future__ import annotations

from functools import cache

from uppsikt.text.lexicon import FOLDER

# Names that are words too: with a small letter they are nobody. Others are names in careless writing.
ALSO_WORDS = frozenset(
    """bo per love max kim sam gun stig björn maj iris viola saga linda alva sune tom mats jan karl milan said
    tim siv ros ted neo leo ken noel rut ella stella linn moa klara vera ulla signe sten frans ove pia kent
    tove lovis roger sara nora pär åke ture ali leon sol majs pers bos maxs toms jans karls stigs björns
    sams tims kents alvas sagas""".split()
)


@cache
def first_names() -> frozenset[str]:
    """The names of `lexicons/names.txt`, in lower case."""
    return frozenset((FOLDER / "names.txt").read_text(encoding="utf-8").split("[name]")[1].split())
