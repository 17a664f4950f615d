"""The small words that rules look at around the listed ones."""

from __future__ import annotations

FIRST = frozenset("jag ja vi".split())
SOMEONE = frozenset("man någon nån de dom".split())
# Whom a deed strikes.
THEE = frozenset("dig dej er eder honom henne dom dem".split())
YOU = frozenset("du ni dig dej er".split())
THEIR = frozenset("din ditt dina er ert era hans hennes deras".split())
KIN = frozenset(
    "familj barn unge ungar son dotter fru man sambo mamma pappa mor far hund katt hus bil kropp hals skalle huvud "
    "knäskålar ben fingrar ansikte käft".split()
)
WILL = frozenset("ska skall kommer tänker tänkte vill borde måste lovar svär hoppas".split())
SHALL_SUFFER = frozenset("ska skall borde bör måste förtjänar kommer".split())
IS = frozenset("är e ä var blir".split())
BE = frozenset("är som e".split())
SELF = frozenset("jag mig mej min mitt mina själv vi oss".split())
