"""Whether the account is used, found from the website, kept up by somebody, and ours (D2, D9, D12, D16, D51)."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.register import activity
from uppsikt.register.checks.base import Check, Fault, Subject

SERVICE = "Förvaltningslagen (2017:900) 6–7 §§"
# No account of a network's: what people handed over by other ways (D60).
NO_ACCOUNT = "handed_over"


def still(subject: Subject) -> list[Fault]:
    """No post for longer than was promised, or than the policy lets any account be silent."""
    if subject.channel.network == NO_ACCOUNT or subject.channel.state != "live":
        return []
    is_still, last = activity.still_since(subject.channel, subject.entry, at=subject.at)
    if not is_still:
        return []
    days = str(activity.promised_days(subject.entry))
    if last is None:
        return [Fault("never", {"days": days})]
    # The day, and not how long ago: what is told again each night would be a new fault each night.
    return [Fault("", {"days": days, "since": timezone.localdate(last).isoformat()})]


def not_linked(subject: Subject) -> list[Fault]:
    """The municipality's website does not link to the account, as far as it has been gone through."""
    if subject.channel.network == NO_ACCOUNT or subject.entry.linked_from:
        return []
    return [Fault(facts={"address": subject.channel.address})]


def hours(subject: Subject) -> list[Fault]:
    """Nobody has promised any time for it."""
    if subject.channel.network == NO_ACCOUNT or subject.entry.hours_a_week:
        return []
    return [Fault()]


def elsewhere(subject: Subject) -> list[Fault]:
    """What is found outside the register is no channel's; whoever finds it tells of it (`discover`)."""
    return []


CHECKS: tuple[Check, ...] = (
    Check("life.still", "D51", SERVICE, still),
    Check("life.not_linked", "D12, D16", SERVICE, not_linked),
    Check("life.hours", "D9, D24", SERVICE, hours),
    Check("life.unregistered", "D2, D12", SERVICE, elsewhere),
    Check(
        "life.impersonation",
        "D13",
        "Lag (1970:498) om skydd för vapen och vissa andra officiella beteckningar",
        elsewhere,
    ),
)
