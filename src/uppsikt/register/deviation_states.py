"""The lives of a deviation and of an exemption from a check."""

from uppsikt.kernel.machine import STAYS, Machine

OPEN = ("found", "taken")

DEVIATION = Machine(
    start="found",
    steps={
        "take": (("found",), "taken"),
        # To another owner, who has not taken it yet.
        "hand": (OPEN, "found"),
        "postpone": (OPEN, STAYS),
        # What was said or done about it: a talk, a letter.
        "note": (OPEN, STAYS),
        # The fault is another than it was: fewer people, another part of the text.
        "reword": (OPEN, STAYS),
        # Its time ran out, and the manager was told.
        "late": (OPEN, STAYS),
        "mend": (OPEN, "mended"),
        "excuse": (OPEN, "excused"),
    },
)

EXEMPTION = Machine(
    start="in_force",
    steps={
        "end": (("in_force",), "ended"),
    },
)
