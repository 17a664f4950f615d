"""What people saw of accounts that no program reads: dated, and asked for anew when it is old (D13-D15, D39, D51).

A look tells how the account was on its day. While it is fresh the account is judged by it as others are by their
network's word; when it is old nothing is known any more, and the audit asks for a new one.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.models import Person
from uppsikt.policy import queries as policy
from uppsikt.register.profile_models import HandLook, ProfileVersion


def newest(channel: Channel) -> HandLook | None:
    """When somebody last looked at an account that no program reads; None for one that a program reads."""
    if channel.connected_at is not None:
        return None
    return HandLook.objects.filter(channel=channel).order_by("-id").first()


def is_fresh(look: HandLook | None, *, at: datetime) -> bool:
    """Whether what was seen holds still, by the policy (profile.look_days)."""
    days = timedelta(days=policy.number("profile.look_days"))
    return look is not None and timezone.localdate(at) - timezone.localdate(look.at) <= days


def still_since(look: HandLook | None, days: int, *, at: datetime) -> tuple[bool, datetime | None]:
    """Whether the account lay still on the day of the look, and when its newest post was; (False, None) where nobody
    can tell. What came after the look nobody has seen, and nobody is blamed for."""
    if look is None or look.last_post_on is None or not is_fresh(look, at=at):
        return False, None
    silent = timezone.localdate(look.at) - look.last_post_on
    return silent > timedelta(days=days), day(look.last_post_on)


def day(on: date) -> datetime:
    """A day as a time: its noon, which is that day whatever the hour of the clock is moved to."""
    return datetime.combine(on, time(12), timezone.get_current_timezone())


def check(last_post_on: date | None, *, now: datetime) -> None:
    """Raise Refused for a post that has not been yet."""
    if last_post_on is not None and last_post_on > timezone.localdate(now):
        raise Refused("not_yet", _("Det senaste inlägget kan inte ha kommit i framtiden. Ändra datumet."))


def write(
    channel: Channel,
    version: ProfileVersion,
    *,
    last_post_on: date | None,
    comments_open: bool | None,
    by: Person,
    now: datetime,
) -> HandLook:
    """Write down that somebody looked, also where nothing was otherwise. Part of the transaction that is open."""
    look = HandLook.objects.create(
        channel=channel, at=now, by=by, version=version, last_post_on=last_post_on, comments_open=comments_open
    )
    seen = {"last_post_on": last_post_on, "comments_open": comments_open, "version": version}
    trail.note("hand_look", channel, by=by.doer, at=now, also=seen)
    return look
