"""The lives of a round, of an expected round, of heightened oversight, of a duty and of a hole in the rota."""

from uppsikt.kernel.machine import STAYS, Machine

ROUND = Machine(
    start="open",
    steps={
        "sign": (("open",), "signed"),
        # Of an account that is not read here: somebody states that they have looked at its own page, or takes it back.
        "look": (("open",), STAYS),
        "look_back": (("open",), STAYS),
        # Whoever opened it never signed it; what it showed was seen all the same, and the next round begins anew.
        "leave": (("open",), "left"),
    },
)

DUE = Machine(
    start="waiting",
    steps={
        "remind": (("waiting",), STAYS),
        "meet": (("waiting",), "met"),
        "miss": (("waiting",), "missed"),
        # The channel was paused or closed before the time was up: nobody owed it any more.
        "lapse": (("waiting",), "lapsed"),
        "tell_cover": (("missed",), STAYS),
        "tell_manager": (("missed",), STAYS),
        "tell_communications": (("missed",), STAYS),
        # Restored from a backup: it may have been told of since, or made good.
        "let_go": (("missed",), STAYS),
        # Somebody looked later; it stays missed in every report.
        "make_good": (("missed",), STAYS),
    },
)

HEIGHTENED = Machine(
    start="running",
    steps={
        # One more cause while it runs: it lasts as long as the longest of them.
        "extend": (("running",), STAYS),
        "end": (("running",), "ended"),
        "stop": (("running",), "ended"),
    },
)

DUTY = Machine(
    start="in_force",
    steps={
        "change": (("in_force",), STAYS),
        "end": (("in_force",), "ended"),
    },
)

HOLE = Machine(
    start="open",
    steps={
        "tell": (("open",), STAYS),
        "mend": (("open",), "mended"),
        # The day came, and nobody had been put there.
        "come": (("open",), "came"),
    },
)
