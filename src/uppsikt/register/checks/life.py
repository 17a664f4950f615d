"""Whether the account is used, found from the website, kept up by somebody, and ours (D2, D9, D12, D16, D51)."""

from __future__ import annotations

from django.utils import timezone

from uppsikt.kernel import trail
from uppsikt.register import activity, hand_looks
from uppsikt.register.checks.base import Check, Fault, Subject
from uppsikt.register.discover_models import Search

SERVICE = "Förvaltningslagen (2017:900) 6–7 §§"
# No account of a network's: what people handed over by other ways (D60).
NO_ACCOUNT = "handed_over"


def sees_posts(subject: Subject) -> bool:
    """Whether somebody can tell when the account last had a post: it is read to its end, or somebody looked."""
    channel, seen = subject.channel, subject.looked
    if channel.network == NO_ACCOUNT or channel.state == "opening":
        return True
    if channel.state != "live":
        return False
    if channel.connected_at is not None:
        return activity.is_read(channel)
    return seen is not None and seen.last_post_on is not None and hand_looks.is_fresh(seen, at=subject.at)


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


def sees_website(subject: Subject) -> bool:
    """Whether the website has been gone through since the account was known here, or somebody wrote where it links."""
    if subject.channel.network == NO_ACCOUNT or subject.entry.linked_from:
        return True
    known_at = trail.steps_of(subject.channel).values_list("at", flat=True).first()
    return known_at is not None and Search.objects.filter(state="done", ended_at__gte=known_at).exists()


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
    Check("life.still", "D51", SERVICE, still, sees=sees_posts),
    Check("life.not_linked", "D12, D16", SERVICE, not_linked, sees=sees_website),
    Check("life.hours", "D9, D24", SERVICE, hours),
    Check("life.unregistered", "D2, D12", SERVICE, elsewhere),
    Check(
        "life.impersonation",
        "D13",
        "Lag (1970:498) om skydd för vapen och vissa andra officiella beteckningar",
        elsewhere,
    ),
)
