"""What oversight has for somebody's start page: rounds due or missed and why, days with nobody (D25-D27, D71)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.channels.models import Channel
from uppsikt.inbox import queries as inbox
from uppsikt.organisation.models import Person
from uppsikt.oversight import holes, queries, rota, terms
from uppsikt.oversight.models import Due
from uppsikt.oversight.rules import Kind, local_day
from uppsikt.oversight.telling import Crew
from uppsikt.oversight.words import listed
from uppsikt.ui.times import day_begins, day_words

# The order in which a reason is told where several rounds are due: the one that asks most of somebody first.
WEIGHT = (Kind.HEIGHTENED, Kind.TRAFFIC, Kind.DAILY, Kind.WEEKLY)


class Told(NamedTuple):
    """A line: icon, what, why, address, tone, deadline; `order` sorts what has none."""

    icon: str
    what: str
    why: str
    url: str
    tone: str = "neutral"
    due_at: datetime | None = None
    quote: str = ""
    who: str = ""
    order: int = 0


def lines(person: Person, *, now: datetime) -> Iterator[Told]:
    """What is due for the person; nothing for somebody who looks after nothing and keeps no rota."""
    channels = list(queries.overseen(person, at=now).filter(state="live").select_related("unit").order_by("name", "pk"))
    if not channels:
        return
    yield from rounds(person, channels, now=now)
    yield from empty_days(person, channels, now=now)


def rounds(person: Person, channels: list[Channel], *, now: datetime) -> Iterator[Told]:
    """Rounds that the person is to make today, as one line; and those that were missed and not made since."""
    by_key = {channel.pk: channel for channel in channels}
    asked = Due.objects.filter(channel__in=by_key).order_by("until", "pk")
    waiting = list(asked.filter(state="waiting", since__lte=now, until__gte=now, until__lte=inbox.end_of_today(now)))
    missed = list(asked.filter(state="missed", made_good_by=None)[: inbox.COUNT_TO])
    if not waiting and not missed:
        return
    crew, day = Crew(channels, now=now), local_day(now)
    mine = {
        channel.pk
        for channel in channels
        if person in crew.on_duty(channel, day, outside=False) | crew.on_duty(channel, day, outside=True)
    }
    if own := [due for due in waiting if due.channel_id in mine]:
        names = sorted({by_key[due.channel_id].name for due in own})
        what = ngettext("Gör uppsiktsrundan i %(channels)s", "Gör uppsiktsrundan i %(n)s kanaler", len(names)) % {
            "channels": names[0],
            "n": len(names),
        }
        kinds = {Kind(due.kind) for due in own}
        yield Told("eye", what, why(kinds), reverse("oversight:start"), "warning", own[0].until, who=who_of(names))
    keeps = [due for due in missed if due.channel_id in mine or answers_for(person, by_key[due.channel_id])]
    if keeps:
        names = sorted({by_key[due.channel_id].name for due in keeps})
        what = ngettext(
            "En uppsiktsrunda är missad i %(channels)s", "Uppsiktsrundor är missade i %(n)s kanaler", len(names)
        ) % {"channels": names[0], "n": len(names)}
        reason = _("Ingen har sett vad som har skrivits sedan dess. Gör en runda, eller se vem som kan.")
        yield Told(
            "exclamation-triangle",
            what,
            reason,
            reverse("oversight:start"),
            "danger",
            keeps[0].until,
            who=who_of(names),
        )


def who_of(names: list[str]) -> str:
    """The channels by name where they are several: one is named already."""
    return listed(names) if len(names) > 1 else ""


def why(kinds: set[Kind]) -> str:
    """Why the rounds are due, by the kind that asks most."""
    reasons = {
        Kind.HEIGHTENED: _("Uppsikten är skärpt: något har tagits bort, drar många kommentarer eller behöver följas."),
        Kind.TRAFFIC: _("Så mycket skrivs där att en gång om dagen inte räcker."),
        Kind.DAILY: _("Varje arbetsdag ska någon ha sett vad som har skrivits."),
        Kind.WEEKLY: _("Lagen kräver att någon ser efter minst en gång i veckan."),
    }
    return next(reasons[kind] for kind in WEIGHT if kind in kinds)


def answers_for(person: Person, channel: Channel) -> bool:
    """Whether the person answers for the channel: its responsible, or its unit's manager."""
    return rota.keeps(person, channel=channel)


def empty_days(person: Person, channels: list[Channel], *, now: datetime) -> Iterator[Told]:
    """Days two weeks ahead with nobody on the rota, for those who can put somebody there (D27)."""
    kept = {channel.pk for channel in channels if answers_for(person, channel)}
    if not kept:
        return
    found = list(holes.ahead(queries.overseen(person, at=now).filter(pk__in=kept))[: inbox.COUNT_TO])
    if not found:
        return
    first, number = found[0], len(found)
    what = ngettext(
        "Ingen kan göra rundan i %(channel)s %(day)s",
        "%(n)s rundor de närmaste två veckorna har ingen som kan göra dem",
        number,
    )
    facts = {"channel": first.channel.name, "day": day_words(day_begins(first.day)), "n": number}
    todo = f"{terms.hole(first.code)}. {_('Sätt någon på schemat, eller ordna en ersättare.')}"
    yield Told("calendar-event", what % facts, todo, reverse("oversight:rota"), "warning", order=2)
