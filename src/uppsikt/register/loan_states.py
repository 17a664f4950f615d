"""The life of a loan (D31): asked for, agreed to, running, ended, handed back with a note."""

from uppsikt.kernel.machine import STAYS, Machine

LOAN = Machine(
    start="asked",
    steps={
        "agree": (("asked",), "agreed"),
        "refuse": (("asked",), "refused"),
        "withdraw": (("asked",), "withdrawn"),
        "acknowledge": (("agreed", "running"), STAYS),
        "begin": (("agreed",), "running"),
        "end": (("agreed", "running"), "ended"),
        "hand_back": (("ended",), "handed_back"),
    },
)

# Agreed to and not over: its people may act, once each of them has acknowledged it and its time has come.
OPEN = ("agreed", "running")
