"""The lives of an order of an account and of its opening (D6, D9-D12)."""

from uppsikt.kernel.machine import STAYS, Machine

ORDER = Machine(
    start="draft",
    steps={
        # Written a bit at a time; what stands there is the order's own business until it is sent.
        "write": (("draft", "asked"), STAYS),
        "send": (("draft", "asked"), "sent"),
        "ask": (("sent",), "asked"),
        "approve": (("sent",), "consulting"),
        "refuse": (("sent", "proposed"), "refused"),
        # The communications unit is consulted; only where the policy gives it a veto can it say no (D6).
        "agree": (("consulting",), "approved"),
        "propose_central": (("consulting",), "proposed"),
        "veto": (("consulting",), "refused"),
        # The manager has heard the proposal, and decides.
        "keep": (("proposed",), "approved"),
        "use_central": (("proposed",), "central"),
        "withdraw": (("draft", "asked", "sent", "consulting", "proposed", "approved"), "withdrawn"),
        "open": (("approved",), "opened"),
    },
)

# Somebody is to do something with it.
UNDER_WAY = frozenset({"asked", "sent", "consulting", "proposed", "approved"})
ENDED = frozenset({"refused", "central", "withdrawn", "opened"})

OPENING = Machine(
    start="preparing",
    steps={
        "name_account": (("preparing",), STAYS),
        "open": (("preparing",), "opened"),
        "give_up": (("preparing",), "given_up"),
    },
)
