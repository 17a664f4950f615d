"""The lives of a channel and of a mandate."""

from uppsikt.kernel.machine import STAYS, Machine

CHANNEL = Machine(
    # Known here, and not opened to the public yet: what the policy asks of it is being seen to (D9-D16).
    start="opening",
    steps={
        # The register has found that what the policy asks for is there.
        "open": (("opening",), "live"),
        # It was live on its network before it was known here.
        "take_over": (("opening",), "live"),
        "give_up": (("opening",), "closed"),
        "pause": (("live",), "paused"),
        "resume": (("paused",), "live"),
        "close": (("live", "paused"), "closed"),
        # Another owner has it from that minute, by decision of the board (D53, D56).
        "hand_over": (("live", "paused"), "closed"),
        "change": (("opening", "live", "paused"), STAYS),
        # It looks otherwise on its network than it did: name, description, picture.
        "profile": (("opening", "live", "paused"), STAYS),
        "link": (("opening", "live", "paused"), STAYS),
        "reconnect": (("opening", "live", "paused"), STAYS),
        "trouble": (("opening", "live", "paused"), STAYS),
        "well": (("opening", "live", "paused"), STAYS),
    },
)

# It is read and can be written to, where it is connected. What comes in before the opening is a public record too.
AT_WORK = ("opening", "live")

MANDATE = Machine(
    start="in_force",
    steps={
        "end": (("in_force",), "ended"),
        # Its last day is over; it opened nothing from that moment, whether this step was written or not.
        "lapse": (("in_force",), "ended"),
        "renew": (("in_force",), STAYS),
        "remind": (("in_force",), STAYS),
        # Given without an end, before all had one.
        "limit": (("in_force",), STAYS),
    },
)
