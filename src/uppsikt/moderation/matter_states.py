"""The lives of what is done around a removal: blocks, rulings, reports, notes, reconsiderations, incidents."""

from uppsikt.kernel.machine import STAYS, Machine

BLOCK = Machine(
    start="proposed",
    steps={
        "propose": (("proposed",), STAYS),
        "approve": (("proposed",), "approved"),
        "refuse": (("proposed",), "refused"),
        # No network here takes it from a program: somebody does it there, and says so.
        "done_by_hand": (("approved",), "in_force"),
        # Its time is up, or somebody ended it before.
        "end": (("proposed", "approved", "in_force"), "ended"),
        "end_early": (("approved", "in_force"), "ended"),
        # Taken away on the network as well.
        "undone": (("ended",), "lifted"),
        "remind": (("ended",), STAYS),
    },
)

RULING = Machine(
    start="asked",
    steps={
        "ask": (("asked",), STAYS),
        "remind": (("asked",), STAYS),
        "answer": (("asked",), "answered"),
        "withdraw": (("asked",), "withdrawn"),
    },
)

REPORT = Machine(
    start="sending",
    steps={
        "report": (("sending",), STAYS),
        # The network takes no report from a program: the page is opened, and somebody says that it is done.
        "by_hand": (("sending",), "to_do"),
        "sent": (("sending",), "done"),
        "done_by_hand": (("to_do",), "done"),
        "drop": (("to_do",), "dropped"),
    },
)

POLICE = Machine(
    start="making",
    steps={
        "begin": (("making",), STAYS),
        "made": (("making",), "made"),
        "fail": (("making",), "failed"),
        "again": (("failed", "made"), "making"),
        "hand_in": (("made",), "handed_in"),
    },
)

NOTE = Machine(
    start="sending",
    steps={
        "write": (("sending",), STAYS),
        "sent": (("sending",), "sent"),
        "fail": (("sending",), "unreachable"),
        # There is no way to reach whoever wrote it; that is written down.
        "unreachable": (("sending",), "unreachable"),
    },
)

RECONSIDERATION = Machine(
    start="asked",
    steps={
        "ask": (("asked",), STAYS),
        "remind": (("asked",), STAYS),
        "uphold": (("asked",), "upheld"),
        "change": (("asked",), "changed"),
    },
)

INCIDENT = Machine(
    start="open",
    steps={
        "begin": (("open",), STAYS),
        "remind": (("open",), STAYS),
        "note": (("open", "reported", "not_reportable"), STAYS),
        "tell_people": (("open", "reported", "not_reportable"), STAYS),
        "report": (("open",), "reported"),
        "no_report": (("open",), "not_reportable"),
        "close": (("reported", "not_reportable"), "closed"),
    },
)

REGISTERING = Machine(
    start="waits",
    steps={
        "want": (("waits",), STAYS),
        "register": (("waits",), "registered"),
        "leave": (("waits",), "left"),
    },
)
