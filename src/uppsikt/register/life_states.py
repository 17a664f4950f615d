"""The lives of a search for accounts, of one found, of one that lies still, of its end and its last picture."""

from uppsikt.kernel.machine import STAYS, Machine

SEARCH = Machine(
    start="running",
    steps={
        "begin": (("running",), STAYS),
        "done": (("running",), "done"),
        "fail": (("running",), "failed"),
    },
)

FIND = Machine(
    start="new",
    steps={
        "find": (("new",), STAYS),
        # It stands in the register now.
        "take_in": (("new", "not_ours", "impersonation", "gone"), "taken_in"),
        "not_ours": (("new", "impersonation"), "not_ours"),
        # It uses the municipality's name and is somebody else's.
        "impersonate": (("new", "not_ours"), "impersonation"),
        "gone": (("new", "impersonation"), "gone"),
        "again": (("gone",), "new"),
    },
)

STILLNESS = Machine(
    start="still",
    steps={
        "find": (("still",), STAYS),
        # The manager may have said that it stays: then there is a new talk, and a new time.
        "talk": (("still", "proposed"), "talked"),
        # The time that the talk gave has run out, and nothing has come.
        "propose": (("talked",), "proposed"),
        "rise": (("still", "talked", "proposed"), "risen"),
        "leave": (("still", "talked", "proposed"), "left"),
    },
)

CLOSING = Machine(
    start="asked",
    steps={
        "ask": (("asked",), STAYS),
        "write": (("asked", "approved"), STAYS),
        "view": (("asked",), STAYS),
        "approve": (("asked",), "approved"),
        "refuse": (("asked",), "refused"),
        "withdraw": (("asked", "approved"), "withdrawn"),
        "posted": (("approved",), STAYS),
        "capture": (("approved",), STAYS),
        "ended": (("approved",), STAYS),
        "finish": (("approved",), "closed"),
    },
)

TRANSFER = Machine(
    start="preparing",
    steps={
        "begin": (("preparing",), STAYS),
        "decide": (("preparing",), STAYS),
        "check": (("preparing",), STAYS),
        "write": (("preparing",), STAYS),
        "posted": (("preparing",), STAYS),
        "capture": (("preparing",), STAYS),
        "draw_up": (("preparing",), STAYS),
        "hand_over": (("preparing",), "transferred"),
        "withdraw": (("preparing",), "withdrawn"),
    },
)

CAPTURE = Machine(
    start="wanted",
    steps={
        "want": (("wanted",), STAYS),
        "take": (("wanted",), "taking"),
        "wait": (("taking",), "wanted"),
        "keep": (("taking",), "kept"),
        "fail": (("wanted", "taking"), "failed"),
    },
)
