"""The lives of a proof, of a removal, and of something that vanished by itself."""

from uppsikt.kernel.machine import STAYS, Machine

EVIDENCE = Machine(
    start="wanted",
    steps={
        "take": (("wanted",), "taking"),
        # Whoever was taking it died, or the page or the time-stamp authority could not be reached: tried again.
        "wait": (("taking",), "wanted"),
        "keep": (("taking",), "kept"),
        # A picture taken by hand, put beside what was kept.
        "add": (("wanted", "taking", "kept", "failed"), STAYS),
        # Nothing could be kept; a person must look.
        "fail": (("taking",), "failed"),
        "again": (("failed",), "wanted"),
    },
)

REMOVAL = Machine(
    start="proposed",
    steps={
        "propose": (("proposed",), STAYS),
        "decide": (("proposed",), "decided"),
        "reject": (("proposed",), "rejected"),
        # The evidence is not kept yet: the act waits for it.
        "preserve": (("decided",), "preserving"),
        # The one who decided changes their mind before anything has left the building.
        "withdraw": (("proposed", "decided", "preserving"), "withdrawn"),
        "stop": (("decided", "preserving"), "failed"),
        # From here on the database asks for kept evidence.
        "act": (("decided", "preserving"), "acting"),
        # Nobody can tell whether the network did it: it is looked up, or put before a person.
        "doubt": (("acting", "restoring"), STAYS),
        "finish": (("acting",), "done"),
        # It was done outside the product, and this says on what ground.
        "own_up": (("decided", "preserving"), "done"),
        "refuse": (("acting",), "failed"),
        "again": (("failed",), "decided"),
        "give_up": (("failed",), "withdrawn"),
        "restore": (("done",), "restoring"),
        "restored": (("restoring",), "restored"),
        "not_restored": (("restoring",), "done"),
        # Somebody put it back outside the product.
        "came_back": (("done",), "restored"),
    },
)

# In these somebody is seeing to the item: no second removal of it is begun.
STANDING = ("proposed", "decided", "preserving", "acting", "restoring", "failed")

VANISHING = Machine(
    start="found",
    steps={
        # By whom cannot be told from here: the responsible person is asked.
        "ask": (("found",), "asked"),
        "remind": (("asked",), STAYS),
        # Told by the network, or by the one who was asked: the author's, the network's, or ours with its ground.
        "settle": (("found", "asked"), "settled"),
        # It is there again, before anybody had to say anything.
        "back": (("found", "asked"), "back"),
    },
)
