"""How the network shows an item, as we know it."""

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
