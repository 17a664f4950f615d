"""What the register shows of its audit when it is looked at: deviations of each sort, versions, logos, the feed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from journeys import rooms
from register import logo_drawings as drawn
from uppsikt.channels.models import Channel
from uppsikt.organisation.models import Person
from uppsikt.register import auditing, deviations, logos, profiles
from uppsikt.register.deviation_models import Deviation

ARMS = drawn.Arms("Alvsta", "fish")
LONG = "Ett mycket långt namn som ingen på enheten tycker om att skriva och som inte får bryta sidan " * 2


def wrong() -> Channel:
    """An account with another's logo, a name that says nothing, and a change behind it."""
    now = timezone.now()
    channel = rooms.troubled("communications", now)
    kim = Person.objects.get(pk=channel.responsible_id)
    logos.add(name="Stående, med namn", body=drawn.saved(drawn.with_name(ARMS)), decision="KS 2026/3", by=kim, now=now)
    logos.add(name="Skölden", body=drawn.saved(drawn.shield(ARMS)), decision="", by=kim, now=now)
    other = drawn.saved(drawn.on_ground(drawn.with_name(drawn.Arms("Bergviken", "tower"))))
    seen = {"name": "Biblioteket", "description": "Alvsta kommun. Ring 0220-240 00.", "address": channel.address}
    for days, name in ((9, "Biblioteket i Alvsta"), (2, LONG)):
        at = now - timedelta(days=days)
        kept = profiles.keep_picture(other, now=at) if days == 2 else profiles.Kept()
        profiles.keep(channel, profile={**seen, "name": name}, picture=kept, by=profiles.READER, now=at)
    auditing.audit(channel, now)
    return channel


def deviation_list() -> tuple[Any, ...]:
    """Many deviations, some of them late."""
    channel = wrong()
    owner = Person.objects.get(pk=channel.responsible_id)
    now = timezone.now()
    for number in range(60):
        deviations.found(
            "life.impersonation",
            channel=None,
            owner=owner,
            by=profiles.READER,
            now=now - timedelta(days=number),
            mark=f"https://natet.example/alvsta-{number}",
            facts={"handle": f"alvsta_{number}", "address": f"https://natet.example/alvsta-{number}"},
        )
    return ()


def logo_deviation() -> tuple[Any, ...]:
    """The wrong logo, with its figure and both pictures."""
    return (Deviation.objects.get(channel=wrong(), code="profile.logo").pk,)


def ended_deviation() -> tuple[Any, ...]:
    """One that ended."""
    row = Deviation.objects.get(channel=wrong(), code="profile.logo")
    deviations.mend(row, by=profiles.READER, now=timezone.now())
    return (row.pk,)


def account() -> tuple[Any, ...]:
    """An account's key."""
    return (wrong().pk,)


def unread() -> tuple[Any, ...]:
    """An account that no program reads."""
    channel = wrong()
    Channel.objects.filter(pk=channel.pk).update(connected_at=None)
    return (channel.pk,)


def exempting() -> tuple[Any, ...]:
    """An account and a check."""
    return (wrong().pk, "profile.logo")


def some() -> tuple[Any, ...]:
    """Something in every list."""
    wrong()
    return ()
