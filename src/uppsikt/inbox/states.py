"""The lives of a case, of a forwarded question and of an answer."""

from uppsikt.kernel.machine import STAYS, Machine

OPEN = ("open", "promised")
ANY = ("open", "promised", "merged", "closed")
UNANSWERED = ("open", "promised", "merged")

CASE = Machine(
    start="open",
    steps={
        "open": (("open",), STAYS),
        "join": (UNANSWERED, STAYS),
        "take": (OPEN, STAYS),
        "assign": (OPEN, STAYS),
        "release": (OPEN, STAYS),
        "claim": (OPEN, STAYS),
        "to_unit": (OPEN, STAYS),
        "snooze": (OPEN, STAYS),
        "wake": (OPEN, STAYS),
        # Answered together: another case leads, and answers for this one until they part.
        "merge": (OPEN, "merged"),
        "follow": (("merged",), STAYS),
        "part": (("merged",), "open"),
        "part_promised": (("merged",), "promised"),
        "lead": (OPEN, STAYS),
        "let_go": (ANY, STAYS),
        # Part of a conversation became a case of its own.
        "split": (OPEN, STAYS),
        "forward": (OPEN, STAYS),
        "expert_answered": (ANY, STAYS),
        "send": (UNANSWERED, STAYS),
        "not_sent": (UNANSWERED, STAYS),
        # The publisher took the answer back before it left the house.
        "regret": (UNANSWERED, STAYS),
        # The holding answer is out; what it promised is the deadline now.
        "promise": (OPEN, "promised"),
        # The same, of a case that another leads.
        "told": (("merged",), STAYS),
        "answered": (ANY, "closed"),
        # The citizen wrote again while the answer was on its way.
        "answered_but_more": (OPEN, "open"),
        "no_answer": (UNANSWERED, "closed"),
        "pass_on": (UNANSWERED, "closed"),
        "reopen": (("closed",), "open"),
    },
)

# The question is with the expert, who may be waiting for word from the officer.
OUT = ("sent", "asked_back")

FORWARD = Machine(
    start="sent",
    steps={
        "answer": (OUT, "answered"),
        "hand_back": (OUT, "handed_back"),
        # The one who was asked named somebody else, who has a link of their own.
        "hand_on": (OUT, "handed_on"),
        "ask_back": (("sent",), "asked_back"),
        "explain": (("asked_back",), "sent"),
        "withdraw": (OUT, "withdrawn"),
        "open": (OUT, STAYS),
        "renew": (OUT, STAYS),
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
        "regret": (("sending",), "dropped"),
    },
)
"""An answer is "uncertain" while nobody can tell whether the network took it; none other can be sent meanwhile."""
