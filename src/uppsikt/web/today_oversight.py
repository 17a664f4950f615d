"""What oversight has for somebody's start page: rounds due or missed and why, days with nobody (D25-D27, D71)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from uppsikt.channels.models import Channel
from uppsikt.inbox import queries as inbox
from uppsikt.organisation.models import Person
from uppsikt.oversight import queries, rota, terms
from uppsikt.oversight.models import Due, Hole
from uppsikt.oversight.rules import Kind, local_day
from uppsikt.oversight.telling import Crew
from uppsikt.oversight.words import listed
from uppsikt.ui.times import day_begins, day_words
from uppsikt.web.today_line import Line

# What is told of a channel, asked for together with it.
WITH = ("channel__unit", "channel__responsible")
# The order in which a reason is told where several rounds are due: the one that asks most of somebody first.
WEIGHT = (Kind.HEIGHTENED, Kind.TRAFFIC, Kind.DAILY, Kind.WEEKLY)


def lines(person: Person, *, now: datetime) -> Iterator[Line]:
    """What is due for the person. A quiet day costs two questions; the rest is asked where there is something."""
    holes = Hole.objects.filter(state="open").select_related(*WITH).order_by("day", "pk")
    dues, empty = pressing(now), list(holes[: inbox.COUNT_TO])
    if not dues and not empty:
        return
    there = {due.channel for due in dues} | {hole.channel for hole in empty}
    live = [channel for channel in there if channel.state == "live"]
    overseen = queries.overseen_of(person, live, at=now)
    concerned = [row for row in live if row.pk in overseen or row.responsible_id == person.pk]
    channels = {row.pk: row for row in sorted(concerned, key=lambda row: (row.name, row.pk))}
    yield from rounds(person, channels, [due for due in dues if due.channel_id in channels], now=now)
    kept = [hole for hole in empty if hole.channel_id in channels and keeps(person, channels[hole.channel_id])]
    yield from empty_days(kept, channels)


def pressing(now: datetime) -> list[Due]:
    """Rounds that are due before midnight, and those that were missed and have not been made since."""
    today = Q(state="waiting", since__lte=now, until__gte=now, until__lte=inbox.end_of_today(now))
    late = Q(state="missed", made_good_by=None)
    rows = Due.objects.filter(today | late).select_related(*WITH).order_by("until", "pk")
    return list(rows[: inbox.COUNT_TO])


def rounds(person: Person, channels: dict[int, Channel], dues: list[Due], *, now: datetime) -> Iterator[Line]:
    """Rounds that the person is to make today, as one line; and those that were missed and not made since."""
    if not dues:
        return
    crew, day = Crew(list(channels.values()), now=now, known=[person]), local_day(now)
    mine = {
        key
        for key, channel in channels.items()
        if person in crew.on_duty(channel, day, outside=False) | crew.on_duty(channel, day, outside=True)
    }
    if own := [due for due in dues if due.state == "waiting" and due.channel_id in mine]:
        names = sorted({channels[due.channel_id].name for due in own})
        what = ngettext("Gör uppsiktsrundan i %(channels)s", "Gör uppsiktsrundan i %(n)s kanaler", len(names))
        facts = {"channels": names[0], "n": len(names)}
        kinds = {Kind(due.kind) for due in own}
        reason = why(kinds)
        if all(channels[due.channel_id].connected_at is None for due in own):
            reason = f"{reason} {_('Uppsikt läser inte kontot: titta på dess egen sida.')}"
        url = reverse("oversight:start")
        yield Line("eye", what % facts, reason, url, "warning", own[0].until, "", who_of(names))
    missed = [due for due in dues if due.state == "missed"]
    if told := [due for due in missed if due.channel_id in mine or keeps(person, channels[due.channel_id])]:
        names = sorted({channels[due.channel_id].name for due in told})
        what = ngettext(
            "En uppsiktsrunda är missad i %(channels)s", "Uppsiktsrundor är missade i %(n)s kanaler", len(names)
        )
        facts = {"channels": names[0], "n": len(names)}
        reason = _("Ingen har sett vad som har skrivits sedan dess. Gör en runda, eller se vem som kan.")
        url = reverse("oversight:start")
        yield Line("exclamation-triangle", what % facts, reason, url, "danger", told[0].until, "", who_of(names))


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


def keeps(person: Person, channel: Channel) -> bool:
    """Whether the person can put somebody on the channel's rota: its responsible, its unit's manager."""
    return rota.keeps(person, channel=channel)


def empty_days(found: list[Hole], channels: dict[int, Channel]) -> Iterator[Line]:
    """Days two weeks ahead with nobody to make the round, for those who can put somebody there (D27)."""
    if not found:
        return
    first, number = found[0], len(found)
    what = ngettext(
        "Ingen kan göra rundan i %(channel)s %(day)s",
        "%(n)s rundor de närmaste två veckorna har ingen som kan göra dem",
        number,
    )
    facts = {"channel": channels[first.channel_id].name, "day": day_words(day_begins(first.day)), "n": number}
    todo = f"{terms.hole(first.code)}. {_('Sätt någon på schemat, eller ordna en ersättare.')}"
    yield Line("calendar-event", what % facts, todo, reverse("oversight:rota"), "warning", order=2)
