"""The lives of a channel and of a mandate."""

from uppsikt.kernel.machine import STAYS, Machine

CHANNEL = Machine(
    start="live",
    steps={
        "pause": (("live",), "paused"),
        "resume": (("paused",), "live"),
        "close": (("live", "paused"), "closed"),
        "change": (("live", "paused"), STAYS),
        "reconnect": (("live", "paused"), STAYS),
        "trouble": (("live", "paused"), STAYS),
        "well": (("live", "paused"), STAYS),
    },
)

MANDATE = Machine(
    start="in_force",
    steps={
        "end": (("in_force",), "ended"),
    },
)
