"""The kinds of notice, the ways they may take, and the hours when somebody wants quiet. Plain Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum


class Way(StrEnum):
    """How a notice reaches a person."""

    PAGE = "page"
    EMAIL = "email"
    DIGEST = "digest"
    PUSH = "push"
    SMS = "sms"
    WEBHOOK = "webhook"


# By letter at once and by letter once a day are two answers to one question.
LETTERS = (Way.EMAIL, Way.DIGEST)
# These wake people; they wait out the quiet hours. A page or a daily letter disturbs nobody.
LOUD = frozenset({Way.EMAIL, Way.PUSH, Way.SMS, Way.WEBHOOK})
# These need an address that the person gives and confirms; e-mail goes to the one they log in with.
ADDRESSED = frozenset({Way.PUSH, Way.SMS, Way.WEBHOOK})

# What each kind does unless a person says otherwise.
KINDS: dict[str, tuple[Way, ...]] = {
    "assigned": (Way.PAGE, Way.EMAIL),
    "expert_answered": (Way.PAGE, Way.EMAIL),
    "not_sent": (Way.PAGE, Way.EMAIL),
    "late": (Way.PAGE, Way.EMAIL),
    "due_soon": (Way.PAGE,),
    "woken": (Way.PAGE,),
    "channel_trouble": (Way.PAGE, Way.EMAIL),
    "triage.urgent": (Way.PAGE, Way.EMAIL),
    "triage.history": (Way.PAGE, Way.EMAIL),
    "login_changed": (Way.PAGE, Way.EMAIL),
    "login_locked": (Way.PAGE, Way.EMAIL),
    "backup_trouble": (Way.PAGE, Way.EMAIL),
    "seals_wrong": (Way.PAGE, Way.EMAIL),
    "way_stopped": (Way.PAGE, Way.EMAIL),
    "removal_asked": (Way.PAGE, Way.EMAIL),
    "removal_answered": (Way.PAGE,),
    "removal_failed": (Way.PAGE, Way.EMAIL),
    "vanished": (Way.PAGE, Way.EMAIL),
    "ruling": (Way.PAGE, Way.EMAIL),
    "block": (Way.PAGE, Way.EMAIL),
    "reconsideration": (Way.PAGE, Way.EMAIL),
    "incident": (Way.PAGE, Way.EMAIL, Way.PUSH, Way.SMS),
    # Heightened oversight reaches people out of hours by whatever they have given: what has no address is left out.
    "heightened": (Way.PAGE, Way.EMAIL, Way.PUSH, Way.SMS),
    "round_due": (Way.PAGE,),
    "round_missed": (Way.PAGE, Way.EMAIL, Way.PUSH),
    "rota_hole": (Way.PAGE, Way.EMAIL),
    "mandate": (Way.PAGE, Way.EMAIL),
    "guideline": (Way.PAGE, Way.EMAIL),
    "loan": (Way.PAGE, Way.EMAIL),
    "order": (Way.PAGE, Way.EMAIL),
    "deviation": (Way.PAGE, Way.DIGEST),
    "deviation_late": (Way.PAGE, Way.EMAIL),
    "account_still": (Way.PAGE, Way.EMAIL),
    "account_ends": (Way.PAGE, Way.EMAIL),
    "profile_changed": (Way.PAGE, Way.DIGEST),
}
# A browser, telephone or webhook of the person's own is not there any more.
STOPPED = "way_stopped"
# A trial, which nobody chooses: it goes where one asks it to go.
TEST = "test"

# After a failure to hand something over, in seconds.
WAITS = (30, 120, 600, 3600, 14400)
# What waits for the same telephone, browser or mailbox goes as one; a machine wants each by itself.
BUNDLED = frozenset({Way.EMAIL, Way.PUSH, Way.SMS})


def wait(tries: int) -> int | None:
    """Seconds to the next try, or None when it is given up."""
    return WAITS[tries - 1] if tries <= len(WAITS) else None


@dataclass(frozen=True, slots=True)
class Quiet:
    """When somebody wants no sound: between two times of day (over midnight too), and on days off.

    Times are local. `urgent_through` lets what is urgent through all the same (D26).
    """

    start: time | None = None
    end: time | None = None
    free_days: bool = False
    urgent_through: bool = True

    def by_clock(self, clock: time) -> bool:
        """Whether a time of day is quiet."""
        if self.start is None or self.end is None or self.start == self.end:
            return False
        if self.start < self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end


# Nobody's days off are longer than this; a calendar without working days must not hold a notice for ever.
LONGEST_QUIET = 60


def sounds_at(local: datetime, quiet: Quiet, *, is_working_day: Callable[[date], bool]) -> datetime:
    """The first moment from `local` on that is not quiet; the same moment where it is not. Local, aware times."""
    at = local
    for _step in range(2 * LONGEST_QUIET):
        if quiet.free_days and not is_working_day(at.date()):
            at = datetime.combine(at.date() + timedelta(days=1), time.min, at.tzinfo)
        elif quiet.by_clock(at.time()):
            end = quiet.end or time.min
            day = at.date() if at.time() < end else at.date() + timedelta(days=1)
            at = datetime.combine(day, end, at.tzinfo)
        else:
            return at
    return local


def next_clock(local: datetime, clock: time, *, is_working_day: Callable[[date], bool]) -> datetime:
    """The next working day's (or today's) given time of day, later than `local`."""
    day = local.date()
    for _step in range(LONGEST_QUIET):
        at = datetime.combine(day, clock, local.tzinfo)
        if at > local and is_working_day(day):
            return at
        day += timedelta(days=1)
    return datetime.combine(local.date() + timedelta(days=1), clock, local.tzinfo)


def phone_number(words: str) -> str | None:
    """A telephone number as gateways want it (E.164), or None. A number without a country is Swedish."""
    signs = "".join(sign for sign in words if sign not in " -–./()\u00a0")
    if signs.startswith("00"):
        signs = f"+{signs[2:]}"
    elif signs.startswith("0"):
        signs = f"+46{signs[1:]}"
    digits = signs[1:]
    fits = signs.startswith("+") and digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 15  # noqa: PLR2004
    return signs if fits and digits[0] != "0" else None
