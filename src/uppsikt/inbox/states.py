"""The lives of a case, of a forwarded question and of an answer."""

from uppsikt.kernel.machine import STAYS, Machine

OPEN = ("open", "promised")
ANY = ("open", "promised", "closed")

CASE = Machine(
    start="open",
    steps={
        "open": (("open",), STAYS),
        "join": (OPEN, STAYS),
        "take": (OPEN, STAYS),
        "assign": (OPEN, STAYS),
        "release": (OPEN, STAYS),
        "claim": (OPEN, STAYS),
        "forward": (OPEN, STAYS),
        "expert_answered": (ANY, STAYS),
        "send": (OPEN, STAYS),
        "not_sent": (OPEN, STAYS),
        # The holding answer is out; what it promised is the deadline now.
        "promise": (OPEN, "promised"),
        "answered": (ANY, "closed"),
        # The citizen wrote again while the answer was on its way.
        "answered_but_more": (OPEN, "open"),
        "no_answer": (OPEN, "closed"),
        "pass_on": (OPEN, "closed"),
        "reopen": (("closed",), "open"),
    },
)

FORWARD = Machine(
    start="sent",
    steps={
        "answer": (("sent",), "answered"),
        "hand_back": (("sent",), "handed_back"),
        "withdraw": (("sent",), "withdrawn"),
        "open": (("sent",), STAYS),
        "remind": (("sent",), STAYS),
    },
)

ANSWER = Machine(
    start="sending",
    steps={
        "publish": (("sending", "uncertain", "failed"), "published"),
        "fail": (("sending", "uncertain"), "failed"),
        "doubt": (("sending",), "uncertain"),
        "again": (("failed",), "sending"),
        "give_up": (("failed",), "dropped"),
    },
)
"""An answer is "uncertain" while nobody can tell whether the network took it; none other can be sent meanwhile."""
