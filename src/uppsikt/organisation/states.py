"""The life of a spreadsheet that is handed in."""

from uppsikt.kernel.machine import Machine

SHEET = Machine(
    start="waiting",
    steps={
        "start": (("waiting",), "running"),
        "done": (("running",), "done"),
        "fail": (("running",), "failed"),
        "drop": (("waiting", "running", "failed"), "dropped"),
    },
)
