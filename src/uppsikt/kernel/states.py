"""The life of an intent, an effect outside the building; and of a going through of the seals."""

from uppsikt.kernel.machine import STAYS, Machine

INTENT = Machine(
    start="written",
    steps={
        "try": (("written",), "trying"),
        # We know that it took, because the network said so or because we read it back.
        "done": (("trying", "unknown"), "done"),
        # We know that it did not take, and trying again may help.
        "wait": (("trying",), "written"),
        # We know that it did not take, and trying again will not help.
        "fail": (("trying", "written"), "failed"),
        # We cannot tell: the worker died or the connection broke after sending.
        "lose": (("trying",), "unknown"),
        "ask_person": (("unknown",), STAYS),
        # Put back from a backup: it may have been tried since the backup was made, and nobody here can tell.
        "restored": (("written", "trying", "unknown"), "unknown"),
        "not_there": (("unknown",), "written"),
        "again": (("failed",), "written"),
        "settle_done": (("unknown",), "done"),
        "settle_failed": (("unknown",), "failed"),
        "withdraw": (("written", "failed"), "withdrawn"),
    },
)

VERIFICATION = Machine(
    start="running",
    steps={
        "begin": (("running",), STAYS),
        "pass": (("running",), "passed"),
        "find": (("running",), "failed"),
        # It could not be brought to an end.
        "stop": (("running",), "stopped"),
    },
)
