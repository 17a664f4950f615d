"""The life of a like or a follow (D32, D33)."""

from uppsikt.kernel.machine import STAYS, Machine

RELATION = Machine(
    start="in_force",
    steps={
        "change": (("in_force",), STAYS),
        "end": (("in_force",), "ended"),
    },
)
