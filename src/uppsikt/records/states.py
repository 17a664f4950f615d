"""How the network shows an item, as we know it; how far a search has come on its way to a file."""

from uppsikt.kernel.machine import STAYS, Machine

ITEM = Machine(
    start="visible",
    steps={
        "take_in": (("visible", "held", "hidden", "gone"), STAYS),
        "change": (("visible", "held", "hidden"), STAYS),
        "show": (("held", "hidden", "gone"), "visible"),
        "hold": (("visible", "hidden", "gone"), "held"),
        "hide": (("visible", "held", "gone"), "hidden"),
        # Two re-fetches said so, an interval apart.
        "lose": (("visible", "held", "hidden"), "gone"),
        "first_gone": (("visible", "held", "hidden"), STAYS),
        "know": (("visible", "held", "hidden", "gone"), STAYS),
    },
)

STEP_TO = {"visible": "show", "held": "hold", "hidden": "hide", "gone": "lose"}

# A search that is written to a file. What has ended, in whatever way, has no bytes left but where it is "ready".
EXPORT = Machine(
    start="waiting",
    steps={
        "start": (("waiting",), "running"),
        "finish": (("running",), "ready"),
        "fail": (("waiting", "running"), "failed"),
        "cancel": (("waiting", "running"), "cancelled"),
        "download": (("ready",), STAYS),
        "expire": (("ready",), "expired"),
        "remove": (("ready",), "expired"),
    },
)
